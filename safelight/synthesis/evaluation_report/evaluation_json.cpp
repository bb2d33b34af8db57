#include "safelight/synthesis/evaluation_report/evaluation_json.h"

#include <optional>

#include "safelight/base/json_writer.h"
#include "safelight/synthesis/evaluation_report/internal/curves.h"
#include "safelight/synthesis/evaluation_report/internal/headline.h"
#include "safelight/synthesis/evaluation_report/internal/source_counts.h"
#include "safelight/synthesis/evaluation_report/internal/words.h"

namespace safelight::synthesis {
namespace {

constexpr int kVersion = 1;

std::string_view name_of(Proposition truth) {
  return truth == Proposition::camera ? "camera" : "generated";
}

/// Writes an evaluation, piece by piece.
class Writing {
 public:
  explicit Writing(std::string& out) : json_(out) {}

  void write(const Evaluation& evaluation, std::string_view tool_version) {
    json_.begin_object().field("format", "safelight-evaluation").field("version", kVersion);
    json_.field("tool_version", tool_version);
    json_.field("manifest_sha256", to_hex(evaluation.manifest));
    json_.field("seed", evaluation.options.seed);
    json_.field("replicates", evaluation.options.replicates).field("confidence", kConfidence);
    json_.key("propositions").begin_object().field("h1", kH1).field("h2", kH2);
    json_.field("not_covered", kNotCovered).end_object().field("scope", kScope);
    write_references(evaluation);
    write_confounds(evaluation.confounds);
    json_.key("detectors").begin_array();
    for (const DetectorEvaluation& detector : evaluation.detectors) {
      write_detector(detector, evaluation.references);
    }
    json_.end_array();
    write_fusion(evaluation.fusion);
    json_.end_object();
  }

 private:
  void write_references(const Evaluation& evaluation) {
    const SetCounts counts = count_references(evaluation.references);
    json_.key("references").begin_object();
    json_.field("camera", counts.pictures.camera);
    json_.field("generated", counts.pictures.generated);
    json_.key("sources").begin_array();
    for (const auto& [source, of_source] : counts.by_source) {
      json_.begin_object().field("source", source).field("camera", of_source.camera);
      json_.field("generated", of_source.generated).end_object();
    }
    json_.end_array().key("left_out").begin_array();
    for (const LeftOut& left_out : evaluation.left_out) {
      json_.begin_object().field("path", left_out.path);
      json_.field("reason", left_out.reason).end_object();
    }
    json_.end_array().end_object();
  }

  void write_confounds(const ConfoundCheck& check) {
    json_.key("confounds").begin_object().key("auc");
    write_optional(check.auc);
    json_.field("limit", kConfoundAuc).key("is_flagged").boolean(check.is_flagged());
    json_.field("meaning", meaning_of(check)).end_object();
  }

  void write_fusion(const std::optional<FusionCheck>& check) {
    json_.key("fusion");
    if (!check) {
      json_.null();
      return;
    }
    json_.begin_object().field("name", check->fusion.identity().name);
    json_.key("pays").boolean(check->pays()).field("cllr", check->cllr);
    json_.field("offset", check->fusion.offset).key("members").begin_array();
    for (size_t i = 0; i < check->member_cllrs.size(); ++i) {
      const FusionMember& member = check->fusion.members[i];
      json_.begin_object().field("name", member.detector.name).field("weight", member.weight);
      json_.field("cllr", check->member_cllrs[i]).end_object();
    }
    json_.end_array().end_object();
  }

  void write_detector(const DetectorEvaluation& detector, std::span<const Reference> references) {
    json_.begin_object().field("name", detector.detector.name);
    json_.field("model_sha256", to_hex(detector.detector.model));
    json_.field("preprocessing_sha256", to_hex(detector.detector.preprocessing));
    json_.field("learning", to_text(detector.learning));
    json_.key("is_constant").boolean(detector.is_constant);
    write_splits(detector.splits);
    write_conditions("sweep", detector.sweep);
    write_conditions("equalised", detector.equalised);
    write_fixed(detector.fixed);
    write_groups(detector.groups);
    write_triage(detector.triage);
    write_outliers(detector.outliers);
    write_headline(detector, references);
    json_.end_object();
  }

  void write_splits(const std::vector<SplitRow>& rows) {
    json_.key("splits").begin_array();
    for (const SplitRow& row : rows) {
      json_.begin_object().field("split", to_text(row.split));
      json_.key("is_optimistic").boolean(is_optimistic(row.split));
      json_.field("folds", row.folds).field("failed_folds", row.failed_folds).key("cell");
      if (row.cell) {
        write_cell(*row.cell);
      } else {
        json_.null();
      }
      json_.end_object();
    }
    json_.end_array();
  }

  void write_conditions(std::string_view name, const std::vector<ConditionRow>& rows) {
    json_.key(name).begin_array();
    for (const ConditionRow& row : rows) {
      json_.begin_object().field("condition", row.condition).key("cell");
      write_cell(row.cell);
      json_.end_object();
    }
    json_.end_array();
  }

  void write_fixed(const FixedDecisions& fixed) {
    json_.key("fixed_decisions").begin_object().key("points").begin_array();
    for (const OperatingPoint& point : fixed.points) {
      json_.begin_object().field("false_positive_rate", point.false_positive_rate);
      json_.field("threshold", point.threshold).end_object();
    }
    json_.end_array().key("abstention");
    if (fixed.abstention) {
      // What is certified are log10 LRs, negated.
      const auto negated = [](const std::optional<double>& threshold) {
        return threshold ? std::optional(-*threshold) : std::nullopt;
      };
      json_.begin_object().key("camera_over_log10_lr");
      write_optional(negated(fixed.abstention->camera_below.threshold));
      json_.key("generated_to_log10_lr");
      write_optional(negated(fixed.abstention->generated_from.threshold));
      json_.field("error", CertifiedRate{}.error).field("confidence", CertifiedRate{}.confidence);
      write_certified_group("camera_decided_by", fixed.camera_decided_by);
      write_certified_group("generated_decided_by", fixed.generated_decided_by);
      json_.end_object();
    } else {
      json_.null();
    }
    json_.end_object();
  }

  void write_certified_group(std::string_view name, const CertifiedGroup& group) {
    json_.key(name).begin_object().field("name", group.name);
    json_.field("pictures", group.pictures).end_object();
  }

  void write_groups(const std::vector<GroupRow>& rows) {
    json_.key("groups").begin_array();
    for (const GroupRow& row : rows) {
      json_.begin_object().field("kind", to_text(row.kind)).field("name", row.name);
      json_.key("is_worst").boolean(row.is_worst).key("cell");
      write_cell(row.cell);
      json_.end_object();
    }
    json_.end_array();
  }

  void write_triage(const std::vector<TriageRow>& rows) {
    json_.key("triage").begin_array();
    for (const TriageRow& row : rows) {
      json_.begin_object().field("condition", row.condition).key("first").begin_array();
      for (size_t i = 0; i < row.first.size(); ++i) {
        json_.begin_object().field("queue_share", kTriageShares[i]);
        json_.field("camera_share", row.first[i]).end_object();
      }
      json_.end_array().field("camera_share_in_last_tenth", row.last_tenth).end_object();
    }
    json_.end_array();
  }

  void write_outliers(const std::vector<OutlierSource>& outliers) {
    json_.key("outliers").begin_array();
    for (const OutlierSource& outlier : outliers) {
      json_.begin_object().field("source", outlier.source);
      write_proportion("misleading", outlier.misleading);
      write_proportion("elsewhere", outlier.elsewhere);
      json_.end_object();
    }
    json_.end_array();
  }

  void write_headline(const DetectorEvaluation& detector, std::span<const Reference> references) {
    json_.key("headline");
    const Cell* cell = headline_cell(detector);
    if (cell == nullptr) {
      json_.null();
      return;
    }
    json_.begin_object().field("condition", detector.headline).key("cell");
    write_cell(*cell);
    write_held_out(references, detector.headline_scores);
    write_curves(curves_of(references, detector.headline_scores));
    json_.end_object();
  }

  void write_held_out(std::span<const Reference> references, const HeldOutScores& held_out) {
    json_.key("held_out").begin_array();
    for (size_t row = 0; row < references.size(); ++row) {
      const Reference& reference = references[row];
      json_.begin_object().field("sha256", to_hex(reference.sha256));
      json_.field("truth", name_of(reference.truth)).field("source", reference.source);
      const auto& said = held_out[row];
      json_.key("score");
      write_optional(said ? std::optional(said->score) : std::nullopt);
      json_.key("log10_lr");
      write_optional(said ? std::optional(said->log10_lr) : std::nullopt);
      json_.end_object();
    }
    json_.end_array();
  }

  void write_curves(const Curves& curves) {
    json_.key("curves").begin_object().key("tippett").begin_array();
    for (const TippettPoint& point : curves.tippett) {
      write_numbers({point.log10_lr, point.camera, point.generated});
    }
    json_.end_array().key("roc").begin_array();
    for (const RocPoint& point : curves.roc) {
      write_numbers({point.threshold, point.false_positive_rate, point.true_positive_rate});
    }
    json_.end_array().key("reliability").begin_array();
    for (const ReliabilityBin& bin : curves.reliability) {
      json_.begin_object().field("from", bin.from).field("to", bin.to);
      json_.field("camera", bin.camera).field("generated", bin.generated);
      json_.field("weight", bin.weight).field("mean_posterior", bin.mean_posterior);
      json_.field("camera_share", bin.camera_share).end_object();
    }
    json_.end_array().key("empirical_cross_entropy").begin_array();
    for (const CrossEntropyPoint& point : curves.cross_entropy) {
      write_numbers({point.prior_log10_odds, point.detector, point.pav, point.ratios_of_one});
    }
    json_.end_array().key("pav").begin_array();
    for (const PavBlock& block : curves.pav) {
      json_.begin_object().field("low", block.low).field("high", block.high);
      json_.field("camera", block.camera).field("generated", block.generated);
      json_.field("log10_lr", block.log10_lr).end_object();
    }
    json_.end_array().end_object();
  }

  void write_cell(const Cell& cell) {
    json_.begin_object().field("camera", cell.camera).field("generated", cell.generated);
    json_.field("camera_not_assessed", cell.camera_not_assessed);
    json_.field("generated_not_assessed", cell.generated_not_assessed);
    write_interval("auc", cell.auc);
    write_interval("cllr", cell.cllr);
    json_.key("at").begin_array();
    for (const Cell::AtPoint& at : cell.at) {
      json_.begin_object().field("true_positive_rate", at.true_positive_rate);
      json_.field("fixed_true_positive_rate", at.fixed_true_positive);
      json_.field("fixed_false_positive_rate", at.fixed_false_positive).end_object();
    }
    json_.end_array().field("balanced_accuracy", cell.balanced_accuracy);
    json_.field("cllr_min", cell.cllr_min).field("cllr_cal", cell.cllr_cal);
    json_.field("expected_calibration_error", cell.expected_calibration_error);
    json_.field("brier", cell.brier);
    write_proportion("misleading_camera", cell.misleading.camera);
    write_proportion("misleading_generated", cell.misleading.generated);
    json_.key("decisions").begin_object().field("pictures", cell.decisions.pictures);
    json_.field("decided", cell.decisions.decided).field("wrong", cell.decisions.wrong);
    json_.end_object().end_object();
  }

  void write_interval(std::string_view name, const BootstrapInterval& figure) {
    json_.key(name).begin_object().field("estimate", figure.estimate);
    json_.field("lower", figure.interval.lower).field("upper", figure.interval.upper);
    json_.field("undefined_replicates", figure.undefined).end_object();
  }

  void write_proportion(std::string_view name, const Proportion& proportion) {
    json_.key(name).begin_object().field("count", proportion.count).field("of", proportion.of);
    json_.end_object();
  }

  void write_numbers(std::initializer_list<double> numbers) {
    json_.begin_array();
    for (const double number : numbers) json_.number(number);
    json_.end_array();
  }

  void write_optional(const std::optional<double>& number) {
    if (number) {
      json_.number(*number);
    } else {
      json_.null();
    }
  }

  JsonWriter json_;
};

}  // namespace

std::string evaluation_json(const Evaluation& evaluation, std::string_view tool_version) {
  std::string out;
  Writing(out).write(evaluation, tool_version);
  out += '\n';
  return out;
}

}  // namespace safelight::synthesis

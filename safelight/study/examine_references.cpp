#include "safelight/study/examine_references.h"

#include <algorithm>
#include <charconv>
#include <fcntl.h>
#include <mutex>
#include <utility>

#include "safelight/base/share_work.h"
#include "safelight/synthesis/cues/cue_panel.h"
#include "safelight/synthesis/transformations/transformation_names.h"

namespace safelight::study {
namespace {

using synthesis::Assessment;
using synthesis::AssessmentTable;
using synthesis::FileFacts;
using synthesis::PictureAssessments;
using synthesis::Reference;
using synthesis::ReferenceFacts;
using synthesis::ScoreCache;
using synthesis::TableEntry;

/// Fingerprints tell duplicates; the pixels tell how a JPEG was stored.
constexpr scan::Asked kAsked = {{.reference = true, .full = false}, OriginScope::pixels};

std::string sentence_of(const Error& error) {
  return std::string(to_text(error.code)) + " (" + std::string(error.rule) + ")";
}

/// Whether the failure may be another one next time.
bool may_pass(const Error& error) {
  return error.code == ErrorCode::worker_crashed || error.code == ErrorCode::timed_out;
}

std::optional<int> quality_in(const Finding& finding) {
  for (const auto& [name, text] : finding.fields) {
    if (name != "ijg_quality" && name != "nearest_ijg_quality") continue;
    int quality = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), quality).ec == std::errc()) {
      return quality;
    }
  }
  return std::nullopt;
}

ReferenceFacts facts_of(const casefile::ExaminedContent& examined) {
  const casefile::Examination& examination = examined.examination;
  ReferenceFacts out;
  out.file = {examination.width,  examination.height, examined.content.size_bytes.value_or(0),
              examination.format, std::nullopt,       false};
  for (const Finding& finding : examination.findings) {
    if (finding.kind == "jpeg_structure") out.file.jpeg_quality = quality_in(finding);
    out.file.has_metadata |= finding.grade == Grade::declared;
  }
  for (const PdqHashes& hashes : examination.fingerprints) {
    if (hashes.quality >= kMinPdqQuality) out.fingerprint = hashes.fingerprints[0];
  }
  return out;
}

/// The cues of the built-in panel, which a model can be fitted to; those of other detectors are for
/// reading alone.
std::vector<std::string> panel_names() {
  std::vector<std::string> out;
  for (const synthesis::CueDefinition& cue : synthesis::cue_definitions()) {
    out.emplace_back(cue.name);
  }
  return out;
}

TableEntry entry_of(const Assessment& assessment, const std::vector<std::string>& cue_names) {
  TableEntry out{assessment.score, assessment.not_assessable, assessment.stratum, {}};
  for (const std::string& name : cue_names) {
    for (const synthesis::Cue& cue : assessment.cues) {
      if (cue.name == name) out.cues.push_back(cue.value);
    }
  }
  if (out.cues.size() != cue_names.size()) out.cues.clear();
  return out;
}

/// The references of one run, shared by its threads.
class Study {
 public:
  Study(const synthesis::Manifest& manifest, const std::filesystem::path& folder,
        ScoreCache& scores, const StudyOptions& options, const StudyProgress& progress,
        const std::function<bool()>& is_cancelled)
      : manifest_(manifest),
        folder_(folder),
        scores_(scores),
        options_(options),
        progress_(progress),
        is_cancelled_(is_cancelled),
        conditions_(synthesis::transformation_names().begin(),
                    synthesis::transformation_names().end()),
        panel_names_(panel_names()),
        reasons_(manifest.references.size()) {
    const auto first = synthesis::Assessor::start(options_.assessor);
    detectors_ = first.detectors();
    remarks_ = first.remarks();
  }

  ExaminedReferences examine() {
    share_work(manifest_.references.size(), options_.jobs, [this](const auto& next) {
      std::optional<scan::Examiner> examiner;
      std::optional<synthesis::Assessor> assessor;
      while (const auto place = next()) {
        if (is_cancelled_()) return;
        const Reference& reference = manifest_.references[*place];
        if (!is_known(reference)) {
          if (!examiner) examiner.emplace(options_.examiner);
          if (!assessor) assessor.emplace(synthesis::Assessor::start(options_.assessor));
          std::string reason = examine(reference, *examiner, *assessor);
          reasons_[*place] = std::move(reason);
        }
        const std::lock_guard lock(mutex_);
        progress_(++done_, manifest_.references.size());
      }
    });
    return gather();
  }

 private:
  [[nodiscard]] bool is_known(const Reference& reference) {
    const std::lock_guard lock(mutex_);
    return scores_.facts(reference.sha256) != nullptr &&
           std::all_of(detectors_.begin(), detectors_.end(), [&](const auto& detector) {
             return scores_.find(reference.sha256, detector, conditions_) != nullptr;
           });
  }

  /// Gives why the reference is left out, or "".
  std::string examine(const Reference& reference, scan::Examiner& examiner,
                      synthesis::Assessor& assessor) {
    const std::filesystem::path path = folder_ / reference.path;
    const auto file = FileSource::open(AT_FDCWD, path.c_str());
    if (!file) return "it cannot be opened: " + sentence_of(file.error());
    const auto digested = examiner.digest(*file);
    if (!digested) return "it cannot be read: " + sentence_of(digested.error());
    if (digested->digests.sha256 != reference.sha256) {
      return "its SHA-256 is not the one in the manifest";
    }
    const auto contents = examiner.examine(*file, *digested, kAsked,
                                           [](const casefile::ContentKey&) { return nullptr; });
    const ReferenceFacts facts = facts_of(contents.back());
    if (contents.back().examination.coverage == Coverage::none || facts.file.width == 0) {
      return "it cannot be decoded as a picture";
    }
    std::vector<PictureAssessments> by_detector(detectors_.size());
    for (PictureAssessments& assessments : by_detector) assessments.cue_names = panel_names_;
    std::optional<FileSource> pixels;
    if (codec::handling_of(digested->format) == codec::Handling::heif_worker) {
      auto decoded = examiner.pixels(*file, *digested);
      if (!decoded) return "it cannot be decoded: " + sentence_of(decoded.error());
      pixels.emplace(std::move(*decoded));
    }
    const synthesis::PictureFile picture =
        pixels ? synthesis::decoded_picture(*pixels)
               : synthesis::PictureFile{*file, 0, file->size_bytes(), digested->format, {}};
    for (const std::string& condition : conditions_) {
      const auto assessed = assessor.assess(picture, condition);
      if (!assessed && may_pass(assessed.error())) {
        return sentence_of(assessed.error()) + " in " + assessor.last_work();
      }
      for (size_t i = 0; i < by_detector.size(); ++i) {
        PictureAssessments& out = by_detector[i];
        out.conditions.push_back(condition);
        if (!assessed) {
          out.entries.push_back({std::nullopt, sentence_of(assessed.error()), {}, {}});
        } else if (!assessed->not_applicable.empty()) {
          out.entries.push_back({std::nullopt, assessed->not_applicable, {}, {}});
        } else {
          out.entries.push_back(entry_of(assessed->by_detector[i], out.cue_names));
        }
      }
    }
    const std::lock_guard lock(mutex_);
    scores_.add(reference.sha256, facts);
    for (size_t i = 0; i < by_detector.size(); ++i) {
      scores_.add(reference.sha256, detectors_[i], by_detector[i]);
    }
    return {};
  }

  ExaminedReferences gather() {
    ExaminedReferences out;
    out.detectors = detectors_;
    out.remarks = remarks_;
    out.tables.resize(detectors_.size());
    for (AssessmentTable& table : out.tables) {
      table.conditions = conditions_;
      table.cue_names = panel_names_;
      table.entries.resize(conditions_.size());
    }
    for (size_t place = 0; place < manifest_.references.size(); ++place) {
      const Reference& reference = manifest_.references[place];
      if (!is_known(reference)) {
        out.left_out.push_back({reference.path, reasons_[place]});
        continue;
      }
      const ReferenceFacts& facts = *scores_.facts(reference.sha256);
      out.references.push_back(reference);
      out.facts.push_back(facts.file);
      out.fingerprints.push_back(facts.fingerprint);
      for (size_t i = 0; i < detectors_.size(); ++i) {
        add(*scores_.find(reference.sha256, detectors_[i], conditions_), out.tables[i]);
      }
    }
    return out;
  }

  static void add(const PictureAssessments& assessments, AssessmentTable& table) {
    for (size_t i = 0; i < assessments.entries.size(); ++i) {
      table.entries[i].push_back(assessments.entries[i]);
      // Of another version of the panel.
      if (assessments.cue_names != table.cue_names) table.entries[i].back().cues.clear();
    }
  }

  const synthesis::Manifest& manifest_;
  const std::filesystem::path& folder_;
  ScoreCache& scores_;
  const StudyOptions& options_;
  const StudyProgress& progress_;
  const std::function<bool()>& is_cancelled_;
  const std::vector<std::string> conditions_;
  const std::vector<std::string> panel_names_;
  std::vector<synthesis::DetectorIdentity> detectors_;
  std::vector<std::string> remarks_;
  std::mutex mutex_;  ///< Of the scores and of what follows.
  size_t done_ = 0;
  std::vector<std::string> reasons_;
};

}  // namespace

ExaminedReferences examine_references(const synthesis::Manifest& manifest,
                                      const std::filesystem::path& folder, ScoreCache& scores,
                                      const StudyOptions& options, const StudyProgress& progress,
                                      const std::function<bool()>& is_cancelled) {
  return Study(manifest, folder, scores, options, progress, is_cancelled).examine();
}

}  // namespace safelight::study

#include "safelight/synthesis/calibration/calibration_file.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>

#include "safelight/base/json_writer.h"
#include "safelight/base/number_text.h"
#include "safelight/synthesis/likelihood/fit/figure_text.h"

namespace safelight::synthesis {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kFormat = "safelight calibration";
constexpr int kVersion = 1;
constexpr int kFusionVersion = 2;  // With the member "fusion".
constexpr size_t kMaxMembers = 64;
constexpr int kMaxDepth = 8;
constexpr int kFigureDigits = 6;
/// The step in which bounds are found, by which they may lie beyond log10(n + 1).
constexpr double kBoundStep = 0.01;

/// What breaks a rule of the format. Caught in read_calibration().
struct BadCalibration {
  Error error;
};

[[noreturn]] void refuse(std::string_view rule) {
  throw BadCalibration{Error{ErrorCode::malformed, rule}};
}

/// Keeps a parser from going too deep, and sees names that come twice in an object.
class StructureCheck {
 public:
  bool operator()(int depth, Json::parse_event_t event, const Json& parsed) {
    const bool opens =
        event == Json::parse_event_t::object_start || event == Json::parse_event_t::array_start;
    if (opens && depth >= kMaxDepth) {
      throw BadCalibration{Error{ErrorCode::limit_exceeded, "calibration.max-depth"}};
    }
    if (event == Json::parse_event_t::object_start) open_.emplace_back();
    if (event == Json::parse_event_t::object_end) open_.pop_back();
    if (event == Json::parse_event_t::key &&
        !open_.back().insert(parsed.get<std::string>()).second) {
      refuse("calibration.members");
    }
    return true;
  }

 private:
  std::vector<std::set<std::string>> open_;
};

Json parse(std::string_view text) {
  StructureCheck check;
  try {
    return Json::parse(text, [&](int depth, Json::parse_event_t event, Json& parsed) {
      return check(depth, event, parsed);
    });
  } catch (const Json::parse_error& error) {
    // The library counts from 1, and the end as one more.
    const bool at_end = error.byte > text.size();
    throw BadCalibration{Error::at(at_end ? ErrorCode::truncated : ErrorCode::malformed,
                                   "calibration.json",
                                   std::min(text.size(), error.byte == 0 ? 0 : error.byte - 1))};
  } catch (const Json::exception&) {
    refuse("calibration.json");  // a number that no double holds
  }
}

/// `json` is an object of exactly these members.
const Json& object(const Json& json, std::initializer_list<const char*> members) {
  if (!json.is_object() || json.size() != members.size()) refuse("calibration.members");
  for (const char* name : members) {
    if (!json.contains(name)) refuse("calibration.members");
  }
  return json;
}

std::string name_of(const Json& json) {
  if (!json.is_string()) refuse("calibration.name");
  std::string text = json.get<std::string>();
  const bool has_control = std::any_of(
      text.begin(), text.end(), [](char c) { return static_cast<uint8_t>(c) < 0x20 || c == 0x7f; });
  if (text.empty() || text.size() > kMaxNameBytes || has_control) refuse("calibration.name");
  return text;
}

Sha256 digest_of(const Json& json) {
  if (!json.is_string()) refuse("calibration.digest");
  const auto digest = parse_hex<Sha256>(json.get_ref<const std::string&>());
  if (!digest) refuse("calibration.digest");
  return *digest;
}

Date date_of(const Json& json) {
  if (!json.is_string()) refuse("calibration.date");
  const auto date = date_from_text(json.get_ref<const std::string&>());
  if (!date) refuse("calibration.date");
  return *date;
}

uint64_t count_of(const Json& json) {
  if (!json.is_number_unsigned() || json.get<uint64_t>() > kMaxPictures) {
    refuse("calibration.counts");
  }
  return json.get<uint64_t>();
}

struct Range {
  double low;
  double high;
};

double number_of(const Json& json, const Range& range, std::string_view rule) {
  if (!json.is_number()) refuse(rule);
  const double value = json.get<double>();
  if (!(range.low <= value && value <= range.high)) refuse(rule);
  return value;
}

std::optional<double> number_or_null(const Json& json, const Range& range, std::string_view rule) {
  return json.is_null() ? std::nullopt : std::optional(number_of(json, range, rule));
}

ClassCounts class_counts_of(const Json& json) {
  object(json, {"pictures", "sources"});
  const ClassCounts counts{count_of(json["pictures"]), count_of(json["sources"])};
  if (counts.sources > counts.pictures || (counts.sources == 0 && counts.pictures > 0)) {
    refuse("calibration.counts");
  }
  return counts;
}

ReferenceCounts reference_counts_of(const Json& json) {
  object(json, {"camera", "generated"});
  return {class_counts_of(json["camera"]), class_counts_of(json["generated"])};
}

constexpr Range kCllrRange = {0, kMaxCllr};

std::optional<HeldOutCost> cost_of(const Json& json) {
  if (json.is_null()) return std::nullopt;
  object(json, {"cllr", "lower", "upper"});
  const auto figure = [&](const char* name) {
    return number_of(json[name], kCllrRange, "calibration.cllr");
  };
  const HeldOutCost cost{figure("cllr"), {figure("lower"), figure("upper")}};
  if (cost.interval.lower > cost.interval.upper) refuse("calibration.cllr");
  return cost;
}

std::optional<AbstentionRange> abstention_of(const Json& json) {
  constexpr std::string_view kRule = "calibration.abstention";
  constexpr Range kRange = {-20, 20};
  if (json.is_null()) return std::nullopt;
  object(json, {"generated_to", "camera_above"});
  const AbstentionRange range{number_or_null(json["generated_to"], kRange, kRule),
                              number_or_null(json["camera_above"], kRange, kRule)};
  if (range.generated_to && range.camera_above && *range.generated_to > *range.camera_above) {
    refuse(kRule);
  }
  return range;
}

std::vector<CountedName> counted_names_of(const Json& json) {
  if (!json.is_array()) refuse("calibration.population");
  std::vector<CountedName> out;
  for (const Json& one : json) {
    object(one, {"name", "pictures"});
    out.push_back({name_of(one["name"]), count_of(one["pictures"])});
    const bool sorted = out.size() == 1 || out[out.size() - 2].name < out.back().name;
    if (!sorted || out.back().pictures == 0) refuse("calibration.population");
  }
  return out;
}

ReferencePopulation population_of(const Json& json) {
  object(json, {"sources", "generators", "camera_makers"});
  return {counted_names_of(json["sources"]), counted_names_of(json["generators"]),
          counted_names_of(json["camera_makers"])};
}

Stratum stratum_of(const Json& json) {
  if (!json.is_string()) refuse("calibration.stratum");
  const auto stratum = stratum_from_text(json.get_ref<const std::string&>());
  if (!stratum) refuse("calibration.stratum");
  return *stratum;
}

/// The strongest log10 LR that so many pictures of the class that it would mislead can support.
double most(uint64_t misled) {
  const double bound = std::log10(static_cast<double>(misled) + 1) + kBoundStep;
  // In digits of the file, so that a bound that is read is not refused once it is rounded.
  return std::ceil(bound * 1e6) / 1e6;
}

LrBounds bounds_of(const Json& json, uint64_t most_camera, uint64_t most_generated) {
  constexpr std::string_view kRule = "calibration.bounds";
  return {number_of(json["lower_bound"], {-most(most_camera), 0}, kRule),
          number_of(json["upper_bound"], {0, most(most_generated)}, kRule)};
}

double coefficient_of(const Json& json) {
  return number_of(json, {-kMaxCoefficient, kMaxCoefficient}, "calibration.coefficients");
}

DetectorIdentity detector_of(const Json& json) {
  object(json, {"name", "model_sha256", "preprocessing_sha256"});
  return {name_of(json["name"]), digest_of(json["model_sha256"]),
          digest_of(json["preprocessing_sha256"])};
}

Fusion fusion_of(const Json& json) {
  object(json, {"offset", "members"});
  const Json& members = json["members"];
  if (!members.is_array() || members.size() < 2 || members.size() > kMaxMembers) {
    refuse("calibration.fusion");
  }
  Fusion out;
  out.offset = coefficient_of(json["offset"]);
  for (const Json& member : members) {
    object(member, {"detector", "offset", "slope", "lower_bound", "upper_bound", "weight"});
    out.members.push_back({detector_of(member["detector"]),
                           {{coefficient_of(member["offset"]), coefficient_of(member["slope"])},
                            bounds_of(member, kMaxPictures, kMaxPictures)},
                           coefficient_of(member["weight"])});
  }
  return out;
}

StratumCalibration stratum_calibration_of(const Json& json) {
  object(json, {"stratum", "references", "offset", "slope", "lower_bound", "upper_bound", "cllr",
                "filled_from"});
  StratumCalibration out;
  out.stratum = stratum_of(json["stratum"]);
  out.references = reference_counts_of(json["references"]);
  out.calibration.line = {coefficient_of(json["offset"]), coefficient_of(json["slope"])};
  out.calibration.bounds =
      bounds_of(json, out.references.camera.pictures, out.references.generated.pictures);
  out.held_out_cllr = number_or_null(json["cllr"], kCllrRange, "calibration.cllr");
  if (!json["filled_from"].is_array()) refuse("calibration.filled-from");
  for (const Json& condition : json["filled_from"]) out.filled_from.push_back(name_of(condition));
  return out;
}

size_t order_of(const Stratum& stratum) {
  const auto strata = all_strata();
  return static_cast<size_t>(std::find(strata.begin(), strata.end(), stratum) - strata.begin());
}

std::vector<StratumCalibration> strata_of(const Json& json) {
  if (!json.is_array()) refuse("calibration.stratum");
  std::vector<StratumCalibration> out;
  for (const Json& one : json) {
    out.push_back(stratum_calibration_of(one));
    if (out.size() > 1 && order_of(out[out.size() - 2].stratum) >= order_of(out.back().stratum)) {
      refuse("calibration.stratum");
    }
  }
  return out;
}

/// Whether the file is of a fusion.
bool is_fused(const Json& json) {
  if (!json.is_object() || !json.contains("format") || !json.contains("version")) {
    refuse("calibration.members");
  }
  if (json["format"] != Json(kFormat)) refuse("calibration.format");
  if (json["version"] != kVersion && json["version"] != kFusionVersion) {
    throw BadCalibration{Error{ErrorCode::unsupported, "calibration.version"}};
  }
  return json["version"] == kFusionVersion;
}

Calibration calibration_of(Json json) {
  Calibration out;
  Json fusion;
  const bool has_fusion = is_fused(json);
  if (has_fusion) {
    if (!json.contains("fusion")) refuse("calibration.members");
    fusion = std::move(json["fusion"]);
    json.erase("fusion");
  }
  object(json, {"format", "version", "detector", "manifest_sha256", "made", "expires", "references",
                "confounds", "equalised", "clean", "abstention", "population", "strata"});
  const Json& confounds = object(json["confounds"], {"auc", "flagged"});
  out.detector = detector_of(json["detector"]);
  out.manifest = digest_of(json["manifest_sha256"]);
  out.made = date_of(json["made"]);
  out.expires = date_of(json["expires"]);
  if (out.expires <= out.made) refuse("calibration.date");
  out.references = reference_counts_of(json["references"]);
  if (has_fusion) {
    out.fusion = fusion_of(fusion);
    if (!out.fusion->identity().scores_as(out.detector)) refuse("calibration.fusion-digest");
  }
  out.confound_auc = number_or_null(confounds["auc"], {0, 1}, "calibration.confounds");
  if (!confounds["flagged"].is_boolean()) refuse("calibration.confounds");
  out.confounded = confounds["flagged"].get<bool>();
  if (!out.confound_auc && !out.confounded) refuse("calibration.confounds");
  out.equalised = cost_of(json["equalised"]);
  out.clean = cost_of(json["clean"]);
  out.abstention = abstention_of(json["abstention"]);
  out.population = population_of(json["population"]);
  out.strata = strata_of(json["strata"]);
  return out;
}

std::string figure_text(double value) { return fixed_text(value, kFigureDigits); }

std::string or_null(const std::optional<double>& value) {
  return value ? figure_text(*value) : "null";
}

std::string json_text(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

/// Members of an object in one line, as they come.
class Members {
 public:
  Members& add(std::string_view name, std::string_view json) {
    text_ += (text_.empty() ? "\"" : ", \"") + std::string(name) + "\": " + std::string(json);
    return *this;
  }
  Members& add(std::string_view name, uint64_t number) { return add(name, std::to_string(number)); }
  [[nodiscard]] std::string object() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};

std::string json_of(const ClassCounts& counts) {
  return Members().add("pictures", counts.pictures).add("sources", counts.sources).object();
}

std::string json_of(const ReferenceCounts& counts) {
  return Members()
      .add("camera", json_of(counts.camera))
      .add("generated", json_of(counts.generated))
      .object();
}

std::string json_of(const std::optional<HeldOutCost>& cost) {
  if (!cost) return "null";
  return Members()
      .add("cllr", figure_text(cost->cllr))
      .add("lower", figure_text(cost->interval.lower))
      .add("upper", figure_text(cost->interval.upper))
      .object();
}

std::string json_of(const std::optional<AbstentionRange>& range) {
  if (!range) return "null";
  return Members()
      .add("generated_to", or_null(range->generated_to))
      .add("camera_above", or_null(range->camera_above))
      .object();
}

/// One element a line.
std::string lines_of(const std::vector<std::string>& elements, std::string_view indent) {
  if (elements.empty()) return "[]";
  std::string out = "[";
  for (const std::string& element : elements) {
    out += (out.size() == 1 ? "\n" : ",\n") + std::string(indent) + "  " + element;
  }
  return out + "\n" + std::string(indent) + "]";
}

std::string json_of(const std::vector<CountedName>& names) {
  std::vector<std::string> elements;
  for (const CountedName& one : names) {
    elements.push_back(
        Members().add("name", json_text(one.name)).add("pictures", one.pictures).object());
  }
  return lines_of(elements, "    ");
}

std::string json_of(const StratumCalibration& stratum) {
  std::string conditions;
  for (const std::string& condition : stratum.filled_from) {
    conditions += (conditions.empty() ? "" : ", ") + json_text(condition);
  }
  return Members()
      .add("stratum", json_text(to_text(stratum.stratum)))
      .add("references", json_of(stratum.references))
      .add("offset", coefficient_text(stratum.calibration.line.offset))
      .add("slope", coefficient_text(stratum.calibration.line.slope))
      .add("lower_bound", bound_text(stratum.calibration.bounds.lower_log10))
      .add("upper_bound", bound_text(stratum.calibration.bounds.upper_log10))
      .add("cllr", or_null(stratum.held_out_cllr))
      .add("filled_from", "[" + conditions + "]")
      .object();
}

std::string json_of(const std::vector<StratumCalibration>& strata) {
  std::vector<std::string> elements;
  for (const StratumCalibration& stratum : strata) elements.push_back(json_of(stratum));
  return lines_of(elements, "  ");
}

std::string json_of(const ReferencePopulation& population) {
  return "{\n    \"sources\": " + json_of(population.sources) +
         ",\n    \"generators\": " + json_of(population.generators) +
         ",\n    \"camera_makers\": " + json_of(population.camera_makers) + "\n  }";
}

std::string json_of(const DetectorIdentity& detector) {
  return Members()
      .add("name", json_text(detector.name))
      .add("model_sha256", json_text(to_hex(detector.model)))
      .add("preprocessing_sha256", json_text(to_hex(detector.preprocessing)))
      .object();
}

std::string json_of(const Fusion& fusion) {
  std::vector<std::string> members;
  for (const FusionMember& member : fusion.members) {
    members.push_back(Members()
                          .add("detector", json_of(member.detector))
                          .add("offset", coefficient_text(member.calibration.line.offset))
                          .add("slope", coefficient_text(member.calibration.line.slope))
                          .add("lower_bound", bound_text(member.calibration.bounds.lower_log10))
                          .add("upper_bound", bound_text(member.calibration.bounds.upper_log10))
                          .add("weight", coefficient_text(member.weight))
                          .object());
  }
  return "{\n    \"offset\": " + coefficient_text(fusion.offset) +
         ",\n    \"members\": " + lines_of(members, "    ") + "\n  }";
}

}  // namespace

Result<Calibration> read_calibration(std::span<const std::byte> bytes) {
  if (bytes.size() > kMaxCalibrationBytes) {
    return Error{ErrorCode::limit_exceeded, "calibration.max-bytes"};
  }
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  try {
    Json json = parse(text);
    if (!text.ends_with('\n')) {
      return Error::at(ErrorCode::truncated, "calibration.end", text.size());
    }
    return calibration_of(std::move(json));
  } catch (const BadCalibration& bad) {
    return bad.error;
  }
}

std::string write_calibration(const Calibration& calibration) {
  std::vector<std::pair<std::string_view, std::string>> members = {
      {"format", json_text(kFormat)},
      {"version", std::to_string(calibration.fusion ? kFusionVersion : kVersion)},
      {"detector", json_of(calibration.detector)},
      {"manifest_sha256", json_text(to_hex(calibration.manifest))},
      {"made", json_text(to_text(calibration.made))},
      {"expires", json_text(to_text(calibration.expires))},
      {"references", json_of(calibration.references)},
      {"confounds", Members()
                        .add("auc", or_null(calibration.confound_auc))
                        .add("flagged", calibration.confounded ? "true" : "false")
                        .object()},
      {"equalised", json_of(calibration.equalised)},
      {"clean", json_of(calibration.clean)},
      {"abstention", json_of(calibration.abstention)},
      {"population", json_of(calibration.population)},
      {"strata", json_of(calibration.strata)}};
  if (calibration.fusion) members.emplace_back("fusion", json_of(*calibration.fusion));
  std::string out = "{";
  for (const auto& [name, json] : members) {
    out += (out.size() == 1 ? "\n  \"" : ",\n  \"") + std::string(name) + "\": " + json;
  }
  return out + "\n}\n";
}

}  // namespace safelight::synthesis

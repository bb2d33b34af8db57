#include "safelight/synthesis/evaluation/score_cache.h"

#include <cerrno>
#include <cmath>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "safelight/base/fault.h"
#include "safelight/bytes/file.h"

namespace safelight::synthesis {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kVersion = 1;
constexpr std::string_view kFileKind = "safelight scores";

/// What breaks a rule of the format. Caught where a line is read.
struct BadLine {};

Json json_of(const ReferenceFacts& facts) {
  Json out = {{"width", facts.file.width},
              {"height", facts.file.height},
              {"bytes", facts.file.file_bytes},
              {"format", facts.file.format},
              {"metadata", facts.file.has_metadata}};
  if (facts.file.jpeg_quality) out["jpeg_quality"] = *facts.file.jpeg_quality;
  if (facts.fingerprint) out["pdq"] = to_hex(*facts.fingerprint);
  return out;
}

ReferenceFacts facts_of(const Json& json) {
  ReferenceFacts out;
  out.file.width = json.at("width").get<uint32_t>();
  out.file.height = json.at("height").get<uint32_t>();
  out.file.file_bytes = json.at("bytes").get<uint64_t>();
  out.file.format = json.at("format").get<std::string>();
  out.file.has_metadata = json.at("metadata").get<bool>();
  if (out.file.width == 0 || out.file.height == 0) throw BadLine();
  if (json.contains("jpeg_quality")) out.file.jpeg_quality = json["jpeg_quality"].get<int>();
  if (json.contains("pdq")) {
    const auto fingerprint = parse_fingerprint(json["pdq"].get<std::string>());
    if (!fingerprint) throw BadLine();
    out.fingerprint = *fingerprint;
  }
  return out;
}

Json json_of(const TableEntry& entry) {
  Json out = {{"stratum", to_text(entry.stratum)}};
  if (entry.score) out["score"] = *entry.score;
  if (!entry.not_assessable.empty()) out["not_assessable"] = entry.not_assessable;
  if (!entry.cues.empty()) out["cues"] = entry.cues;
  return out;
}

TableEntry entry_of(const Json& json, size_t cue_count) {
  TableEntry out;
  const auto stratum = stratum_from_text(json.at("stratum").get<std::string>());
  if (!stratum) throw BadLine();
  out.stratum = *stratum;
  if (json.contains("score")) out.score = json["score"].get<double>();
  if (json.contains("not_assessable")) out.not_assessable = json["not_assessable"];
  if (json.contains("cues")) out.cues = json["cues"].get<std::vector<double>>();
  if (out.score.has_value() != out.not_assessable.empty()) throw BadLine();
  if (!out.cues.empty() && out.cues.size() != cue_count) throw BadLine();
  return out;
}

Json json_of(const PictureAssessments& assessments) {
  Json out = {{"conditions", assessments.conditions}, {"cue_names", assessments.cue_names}};
  Json& entries = out["entries"] = Json::array();
  for (const TableEntry& entry : assessments.entries) entries.push_back(json_of(entry));
  return out;
}

PictureAssessments assessments_of(const Json& json) {
  PictureAssessments out;
  out.conditions = json.at("conditions").get<std::vector<std::string>>();
  out.cue_names = json.at("cue_names").get<std::vector<std::string>>();
  for (const Json& entry : json.at("entries")) {
    out.entries.push_back(entry_of(entry, out.cue_names.size()));
  }
  if (out.entries.size() != out.conditions.size()) throw BadLine();
  return out;
}

/// Takes one line in; throws BadLine or what the JSON library throws.
void take(const Json& json, ScoreLines& lines) {
  const auto picture = parse_hex<Sha256>(json.at("picture").get<std::string>());
  if (!picture) throw BadLine();
  if (json.contains("facts")) {
    lines.facts[*picture] = facts_of(json["facts"]);
  } else {
    lines.assessments[{*picture, json.at("detector").get<std::string>()}] = assessments_of(json);
  }
}

std::string first_line() {
  return Json{{"file", std::string(kFileKind)}, {"version", kVersion}}.dump() + "\n";
}

std::string text_of(int descriptor, const std::filesystem::path& path) {
  std::string text;
  std::vector<char> block(1 << 16);
  while (true) {
    const ssize_t got = read(descriptor, block.data(), block.size());
    if (got < 0) throw Fault::from_errno("cannot read " + path.string(), errno);
    if (got == 0) return text;
    text.append(block.data(), static_cast<size_t>(got));
  }
}

}  // namespace

std::string detector_key(const DetectorIdentity& detector) {
  return to_hex(detector.model) + ":" + to_hex(detector.preprocessing);
}

Result<ScoreLines> read_score_lines(std::string_view text) {
  ScoreLines out;
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.find('\n', at);
    if (end == std::string_view::npos) break;
    try {
      const Json json = Json::parse(text.substr(at, end - at));
      if (at == 0) {
        if (json != Json::parse(first_line())) {
          return Error::at(ErrorCode::unsupported, "scores.version", at);
        }
      } else {
        take(json, out);
      }
    } catch (const BadLine&) {
      return Error::at(ErrorCode::malformed, "scores.line", at);
    } catch (const nlohmann::json::exception&) {
      return Error::at(ErrorCode::malformed, "scores.line", at);
    }
    at = end + 1;
    out.whole_bytes = at;
  }
  return out;
}

class ScoreCache::State {
 public:
  State(std::filesystem::path path, Descriptor file, ScoreLines lines)
      : path_(std::move(path)), file_(std::move(file)), lines_(std::move(lines)) {}

  void append(std::string line) {
    line += '\n';
    for (size_t at = 0; at < line.size();) {
      const ssize_t written = write(file_.get(), line.data() + at, line.size() - at);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) throw Fault::from_errno("cannot write " + path_.string(), errno);
      at += static_cast<size_t>(written);
    }
  }

  ScoreLines& lines() { return lines_; }

 private:
  std::filesystem::path path_;
  Descriptor file_;
  ScoreLines lines_;
};

ScoreCache::ScoreCache(std::unique_ptr<State> state) : state_(std::move(state)) {}
ScoreCache::ScoreCache(ScoreCache&&) noexcept = default;
ScoreCache::~ScoreCache() = default;

Result<ScoreCache> ScoreCache::open(const std::filesystem::path& path) {
  constexpr mode_t kOwnerAlone = 0600;
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, kOwnerAlone));
  if (!file.is_open()) throw Fault::from_errno("cannot open " + path.string(), errno);
  if (flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    throw Fault(path.string() + " is in use by another evaluation");
  }
  SAFELIGHT_TRY(ScoreLines lines, read_score_lines(text_of(file.get(), path)));
  // A line that a crash cut short must not run into the next.
  if (ftruncate(file.get(), static_cast<off_t>(lines.whole_bytes)) != 0) {
    throw Fault::from_errno("cannot write " + path.string(), errno);
  }
  const bool is_new = lines.whole_bytes == 0;
  ScoreCache cache(std::make_unique<State>(path, std::move(file), std::move(lines)));
  if (is_new) {
    std::string first = first_line();
    first.pop_back();
    cache.state_->append(std::move(first));
  }
  return cache;
}

const ReferenceFacts* ScoreCache::facts(const Sha256& picture) const {
  const auto found = state_->lines().facts.find(picture);
  return found == state_->lines().facts.end() ? nullptr : &found->second;
}

const PictureAssessments* ScoreCache::find(const Sha256& picture, const DetectorIdentity& detector,
                                           const std::vector<std::string>& conditions) const {
  const auto found = state_->lines().assessments.find({picture, detector_key(detector)});
  if (found == state_->lines().assessments.end()) return nullptr;
  return found->second.conditions == conditions ? &found->second : nullptr;
}

void ScoreCache::add(const Sha256& picture, const ReferenceFacts& facts) {
  state_->append(Json{{"picture", to_hex(picture)}, {"facts", json_of(facts)}}.dump());
  state_->lines().facts[picture] = facts;
}

void ScoreCache::add(const Sha256& picture, const DetectorIdentity& detector,
                     const PictureAssessments& assessments) {
  Json line = {{"picture", to_hex(picture)}, {"detector", detector_key(detector)}};
  line.update(json_of(assessments));
  state_->append(line.dump(-1, ' ', true, Json::error_handler_t::replace));
  state_->lines().assessments[{picture, detector_key(detector)}] = assessments;
}

}  // namespace safelight::synthesis

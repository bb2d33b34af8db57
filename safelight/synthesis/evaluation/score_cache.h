#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/hash/digests.h"
#include "safelight/hash/fingerprint.h"
#include "safelight/synthesis/detectors/detector.h"
#include "safelight/synthesis/evaluation/assessment_table.h"
#include "safelight/synthesis/evaluation/file_facts.h"

namespace safelight::synthesis {

/// What is known of a reference besides its assessments.
struct ReferenceFacts {
  FileFacts file;
  /// Where its PDQ quality suffices for a comparison.
  std::optional<Fingerprint> fingerprint;
};

/// What one detector said of one picture, under every condition asked for.
struct PictureAssessments {
  std::vector<std::string> conditions;
  std::vector<std::string> cue_names;
  std::vector<TableEntry> entries;  ///< By condition.
};

/// The scores of an evaluation, kept in a file as they come, so that one that was interrupted goes
/// on where it was, and the next with the same detectors needs no pixels. A picture is known by its
/// digest, a detector by its identity: a changed one is another. Lines of JSON, appended
/// (docs/formats/score_cache.md); a last line that a crash cut short is passed over. Used from one
/// thread at a time.
class ScoreCache {
 public:
  /// Opens or makes the file, readable by its owner alone. A line that breaks a rule and is not the
  /// last is an Error: malformed, with its offset ("scores.line", "scores.version"). Throws Fault
  /// where the file cannot be used.
  static Result<ScoreCache> open(const std::filesystem::path& path);
  ScoreCache(ScoreCache&&) noexcept;
  ~ScoreCache();

  [[nodiscard]] const ReferenceFacts* facts(const Sha256& picture) const;
  /// Null where the detector did not see the picture under all of `conditions`.
  [[nodiscard]] const PictureAssessments* find(const Sha256& picture,
                                               const DetectorIdentity& detector,
                                               const std::vector<std::string>& conditions) const;

  /// Keeps what is given, at once. Throws Fault where it cannot be written.
  void add(const Sha256& picture, const ReferenceFacts& facts);
  void add(const Sha256& picture, const DetectorIdentity& detector,
           const PictureAssessments& assessments);

 private:
  class State;
  explicit ScoreCache(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Reads the text of such a file. `is_whole` lines only; for open() and its fuzz target. Errors: as
/// open().
struct ScoreLines {
  std::map<Sha256, ReferenceFacts> facts;
  std::map<std::pair<Sha256, std::string>, PictureAssessments> assessments;  ///< By detector_key().
  size_t whole_bytes = 0;  ///< Up to the end of the last whole line.
};
Result<ScoreLines> read_score_lines(std::string_view text);

/// A text that names a detector's identity.
std::string detector_key(const DetectorIdentity& detector);

}  // namespace safelight::synthesis

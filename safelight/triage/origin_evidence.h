#pragma once

#include <span>
#include <string>

#include "safelight/evidence/finding.h"
#include "safelight/evidence/origin_grades.h"

namespace safelight::triage {

/// What a finding speaks for. Evidence for one says nothing against the other: a photograph that
/// was edited with a generator carries both.
struct SpeaksFor {
  bool camera = false;     ///< A camera, or a scan of a photograph, took the picture.
  bool synthesis = false;  ///< A generator made the picture or a part of it.
};

/// By kind, and for declared source types by the group of IPTC's vocabulary that they are in.
/// Contradicted findings speak for neither. Which kinds: README.md.
SpeaksFor speaks_for(const Finding& finding);

/// The strongest finding that speaks for one of the two, of equally strong ones the first.
struct Strongest {
  const Finding* finding = nullptr;  ///< Null where there is none.
  [[nodiscard]] Grade grade() const { return finding == nullptr ? Grade::fact : finding->grade; }
};

/// Such as "declared: camera_metadata"; "" for none.
std::string describe(const Strongest& strongest);

struct OriginEvidence {
  Strongest camera;
  Strongest synthesis;
};

/// What an item's own findings and those of its content speak for. Valid as long as they are.
OriginEvidence weigh_origin(std::span<const Finding> of_item, std::span<const Finding> of_content);

/// The grade of the strongest evidence for each, `Grade::fact` where there is none.
struct OriginGrades {
  Grade camera = Grade::fact;
  Grade synthesis = Grade::fact;
  friend bool operator==(const OriginGrades&, const OriginGrades&) = default;
};

inline OriginGrades grades_of(const OriginEvidence& evidence) {
  return {evidence.camera.grade(), evidence.synthesis.grade()};
}

/// What a finding that speaks for a camera says, such as `EXIF declares "Canon EOS 5D"`. Texts of
/// the file that it repeats are cut to kMaxRepeatedBytes, and escaped as in display_path().
std::string camera_words(const Finding& finding);
inline constexpr size_t kMaxRepeatedBytes = 80;

}  // namespace safelight::triage

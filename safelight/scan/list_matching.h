#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/casefile/writer.h"
#include "safelight/lists/live_lists.h"
#include "safelight/lists/matcher.h"

namespace safelight::scan {

/// In which orientations a picture's fingerprints are looked up.
enum class OrientationChoice : uint8_t {
  automatic,  ///< All, but of pictures that are small beside the lists the original only.
  original,
  all,
};

/// All eight orientations cost a picture 0.1 ms of one core in lists of a million fingerprints, 0.4
/// ms in five millions, 0.5 ms in ten when this was chosen (bench/README.md); decoding it some 3 ns
/// a pixel. So `automatic` looks up all orientations of any picture in lists of up to so many
/// fingerprints,
inline constexpr uint64_t kAllOrientationsUpTo = 5'000'000;
/// and in larger ones those of pictures that have a pixel for so many fingerprints: there the
/// look-up costs no more than the decoding does.
inline constexpr uint64_t kFingerprintsPerPixel = 50;

Result<OrientationChoice> orientation_choice_from_text(std::string_view text);

/// Pictures with at least so many pixels are looked up in all orientations, in lists with so many
/// fingerprints; none are at the largest number.
[[nodiscard]] uint64_t all_orientations_from_pixels(OrientationChoice choice,
                                                    uint64_t fingerprints);

/// The lists of a run and how contents are matched against them. Others may change the lists
/// meanwhile: refresh() takes the changes over. Used from one thread at a time.
class ListMatching {
 public:
  ListMatching(std::unique_ptr<LiveLists> lists, uint32_t radius_bits,
               OrientationChoice orientations);

  /// Takes over what has changed in the lists, and gives whether anything had. In which
  /// orientations pictures are looked up stays as it was at first. Throws Fault where a changed
  /// list cannot be used.
  bool refresh();

  /// What every content matched, in its place.
  [[nodiscard]] std::vector<MatchedItem> match(
      std::span<const casefile::ExaminedContent> contents) const;
  /// The same for queries as they stand: no orientation is added to them.
  [[nodiscard]] std::vector<MatchedItem> match(std::span<const ListQuery> queries) const {
    return matcher_.match(queries, radius_bits_);
  }

  /// As they are matched against until the next refresh().
  [[nodiscard]] const ListSnapshot& lists() const { return *snapshot_; }
  [[nodiscard]] uint32_t radius_bits() const { return radius_bits_; }
  /// Whether a picture is looked up in all orientations rather than in the original alone.
  [[nodiscard]] bool looks_up_all_orientations(const casefile::Examination& picture) const;
  /// "all", "original", or "all from N pixels".
  [[nodiscard]] std::string orientations_text() const;
  /// Whether any list has fingerprints of that mode.
  [[nodiscard]] bool needs(PdqMode mode) const { return matcher_.needs(mode); }
  /// The content id under which the case knows the list of that name.
  [[nodiscard]] std::string content_id_of(std::string_view list_name) const;

 private:
  [[nodiscard]] std::vector<OrientedHash> oriented(const casefile::Examination& picture) const;

  std::unique_ptr<LiveLists> live_;
  std::shared_ptr<const ListSnapshot> snapshot_;
  Matcher matcher_;
  uint32_t radius_bits_;
  uint64_t all_orientations_from_pixels_;  ///< Smaller pictures: the original orientation.
};

/// What a case records of a list.
casefile::ListUse list_use(const HashList& list);

/// Records in the case which lists are used, as they are now.
void use_lists(casefile::Writer& writer, const ListMatching& matching);

/// Takes over what has changed in the lists and records it. Gives whether anything had.
bool refresh_lists(casefile::Writer& writer, ListMatching& matching);

}  // namespace safelight::scan

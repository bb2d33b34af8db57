#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/casefile/writer.h"
#include "safelight/lists/matcher.h"

namespace safelight::scan {

/// In which orientations a picture's fingerprints are looked up.
enum class OrientationChoice : uint8_t {
  automatic,  ///< All, unless the lists hold more than kAllOrientationsUpTo fingerprints.
  original,
  all,
};

/// All eight orientations cost eight look-ups: up to so many fingerprints 0.15 ms a picture with
/// AVX-512 and, reckoned from its rate, under half a millisecond with AVX2 (bench/README.md).
/// `automatic` pays that. At twice as many, a scan of small pictures takes twice as long for it.
inline constexpr uint64_t kAllOrientationsUpTo = 500'000;

Result<OrientationChoice> orientation_choice_from_text(std::string_view text);

/// The lists of a run and how contents are matched against them.
class ListMatching {
 public:
  /// The lists must outlive it.
  ListMatching(std::vector<const CompiledList*> lists, uint32_t radius_bits,
               OrientationChoice orientations);

  /// The hits of every content, in its place.
  [[nodiscard]] std::vector<std::vector<Hit>> match(
      const std::vector<casefile::ExaminedContent>& contents) const;
  /// The same for queries as they stand: no orientation is added to them.
  [[nodiscard]] std::vector<std::vector<Hit>> match(std::span<const ListQuery> queries) const {
    return matcher_.match(queries, radius_bits_);
  }
  [[nodiscard]] std::vector<Hit> match(const casefile::Content& content,
                                       const std::vector<PdqHashes>& fingerprints) const;

  [[nodiscard]] const std::vector<const CompiledList*>& lists() const { return lists_; }
  [[nodiscard]] uint32_t radius_bits() const { return radius_bits_; }
  /// 1 or kOrientations, as chosen for these lists.
  [[nodiscard]] size_t orientations() const { return orientations_; }
  /// Whether any list has fingerprints of that mode.
  [[nodiscard]] bool needs(PdqMode mode) const { return matcher_.needs(mode); }
  /// The content id under which the case knows the list of that name.
  [[nodiscard]] std::string content_id_of(std::string_view list_name) const;

 private:
  void add_oriented(const std::vector<PdqHashes>& fingerprints,
                    std::vector<OrientedHash>& oriented) const;

  std::vector<const CompiledList*> lists_;
  Matcher matcher_;
  uint32_t radius_bits_;
  size_t orientations_;
};

/// What a case records of a list.
casefile::ListUse list_use(const CompiledList& list);

}  // namespace safelight::scan

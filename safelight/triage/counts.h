#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "safelight/casefile/reader.h"
#include "safelight/triage/review.h"

namespace safelight::triage {

/// What a lab asks of a case, of a source or of a folder. An item is counted in one of the members
/// from `to_review` to `ordinary`, which come to `items`.
struct Tally {
  uint64_t items = 0;
  uint64_t contents = 0;   ///< Distinct contents; what was not read is none.
  uint64_t in_groups = 0;  ///< Items that share their bytes or look with others.
  uint64_t not_examined = 0;
  uint64_t partly_examined = 0;
  uint64_t to_review = 0;   ///< To be looked at, each itself.
  uint64_t same_bytes = 0;  ///< The same bytes are looked at elsewhere.
  uint64_t same_group = 0;  ///< A picture that looks like it stands for it.
  uint64_t known = 0;       ///< Known by digest, and not in the sample.
  uint64_t ordinary = 0;

  [[nodiscard]] uint64_t need_not_be_opened() const {
    return same_bytes + same_group + known + ordinary;
  }
  friend bool operator==(const Tally&, const Tally&) = default;
};

struct Counts {
  Tally all;
  uint64_t exact_groups = 0;
  uint64_t near_groups = 0;
  std::map<std::string, Tally> by_source;  ///< By the source's id.
  /// By source and folder, as folder_of() gives it. `contents` are distinct within each.
  std::map<std::pair<std::string, std::string>, Tally> by_folder;
};

/// Counts the items of a case. Memory grows with the number of folders and distinct contents, by 16
/// bytes for each of these in a folder. Throws Fault; std::invalid_argument for an item that the
/// review does not know.
Counts count_case(const casefile::Reader& reader, const Review& review);

}  // namespace safelight::triage

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/casefile/reader.h"
#include "safelight/report/internal/rank_index.h"

namespace safelight::report {

/// A value in marks of generators that more than one content carries.
struct SharedValue {
  std::string kind;  ///< The field's name, such as "model_hash".
  std::string value;
  uint64_t contents = 0;        ///< Distinct contents that carry it.
  uint64_t items = 0;           ///< Items, copies of the same bytes included.
  std::vector<uint64_t> ranks;  ///< The first of these items in the order of review, ascending.
  friend bool operator==(const SharedValue&, const SharedValue&) = default;
};

struct SharedLimits {
  /// Values of all items that are compared, 16 bytes each; those behind are not.
  size_t max_compared = 2'000'000;
  size_t max_values = 500;  ///< That are listed.
  size_t max_ranks = 10;    ///< That are named of each.
};

struct SharedValues {
  std::vector<SharedValue> values;  ///< Most contents first.
  uint64_t left_out = 0;            ///< Shared values beyond `max_values`.
  uint64_t not_compared = 0;        ///< Values beyond `max_compared`.
};

/// The names of fields whose equal values are worth a look, in the order in which equally shared
/// ones are listed.
const std::vector<std::string_view>& linkable_fields();

/// Finds the values that two or more contents share: copies of the same bytes share all of theirs,
/// and are a group already. Goes through the values of all items, then looks up the texts of those
/// that are listed.
class SharedValueFinder {
 public:
  explicit SharedValueFinder(const SharedLimits& limits = {}) : limits_(limits) {}

  /// To be called once for each item.
  void add(const casefile::StoredItem& stored);
  /// Reads the case once more where there is something to list. Throws Fault.
  SharedValues finish(const casefile::Reader& reader, const RankIndex& ranks);

 private:
  /// A value of a content, each by the first 8 bytes of a SHA-256: enough to count. The texts are
  /// compared in full when they are looked up.
  struct Occurrence {
    uint64_t value;
    uint64_t content;
    friend auto operator<=>(const Occurrence&, const Occurrence&) = default;
  };

  SharedLimits limits_;
  std::vector<Occurrence> occurrences_;
  uint64_t not_compared_ = 0;
};

}  // namespace safelight::report

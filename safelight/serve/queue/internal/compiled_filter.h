#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "safelight/serve/queue/internal/decision_table.h"
#include "safelight/serve/queue/internal/item_table.h"
#include "safelight/serve/queue/internal/path_search.h"
#include "safelight/serve/queue/queue_filter.h"

namespace safelight::serve {

/// Whether what people decide has a say in which items fit.
bool depends_on_decisions(const QueueFilter& filter);

/// A filter that asks for numbers instead of names, to be put to every item of a case.
class CompiledFilter {
 public:
  /// `search` is what filter.search stands for, in lower case; nothing where that is not kept: then
  /// nothing fits. The tables outlive it.
  CompiledFilter(const ItemTable& items, const DecisionTable& decisions, const QueueFilter& filter,
                 std::optional<std::string> search);

  /// The facets whose part of the filter an item does not fit in: bit k for the Facet of value k.
  [[nodiscard]] uint32_t misses(ItemPlace place) const {
    uint32_t out = 0;
    for (const Asked& one : asked_) {
      if (one.wanted[(*one.column)[place]] == 0) out |= one.bit;
    }
    if (states_ != 0 && (decisions_.states[place] & states_) == 0) out |= bit(Facet::state);
    if (!categories_.empty() && categories_[decisions_.category[place]] == 0) {
      out |= bit(Facet::category);
    }
    return out;
  }
  /// Whether it fits in what is no facet.
  [[nodiscard]] bool fits_rest(ItemPlace place) const;
  [[nodiscard]] bool fits(ItemPlace place) const { return misses(place) == 0 && fits_rest(place); }

  static constexpr uint32_t bit(Facet facet) { return 1U << static_cast<unsigned>(facet); }

 private:
  /// Of one facet, by number of the value, whether it is wanted.
  struct Asked {
    uint32_t bit = 0;
    const std::vector<uint32_t>* column = nullptr;
    std::vector<uint8_t> wanted;
  };

  void ask(const QueueFilter& filter);
  void ask_decisions(const QueueFilter& filter);

  const ItemTable& items_;
  const DecisionTable& decisions_;
  std::vector<Asked> asked_;
  uint8_t states_ = 0;               ///< 0: any.
  std::vector<uint8_t> categories_;  ///< By number, or empty: any.
  bool hides_known_ = true;
  uint64_t size_min_ = 0;
  uint64_t size_max_ = UINT64_MAX;
  bool asks_size_ = false;
  int64_t begin_ns_ = INT64_MIN;
  int64_t end_ns_ = INT64_MAX;  ///< Inclusive.
  bool asks_time_ = false;
  bool fits_nothing_ = false;
  std::optional<PathSearch> search_;
};

}  // namespace safelight::serve

#include "safelight/serve/queue/internal/compiled_filter.h"

#include <utility>

namespace safelight::serve {
namespace {

constexpr uint8_t kNoSuchState = 1U << 7;

std::vector<uint8_t> wanted_numbers(const Vocabulary& words,
                                    const std::vector<std::string>& values) {
  std::vector<uint8_t> out(words.size(), 0);
  for (const std::string& value : values) {
    if (const auto number = words.find(value)) out[*number] = 1;
  }
  return out;
}

std::chrono::sys_time<std::chrono::nanoseconds> start_of(std::chrono::sys_days day) { return day; }

int64_t nanoseconds_of(std::chrono::sys_days day) {
  return start_of(day).time_since_epoch().count();
}

}  // namespace

bool depends_on_decisions(const QueueFilter& filter) {
  return !filter[Facet::state].empty() || !filter[Facet::category].empty();
}

CompiledFilter::CompiledFilter(const ItemTable& items, const DecisionTable& decisions,
                               const QueueFilter& filter, std::optional<std::string> search)
    : items_(items), decisions_(decisions), hides_known_(filter.known == KnownItems::hidden) {
  ask(filter);
  ask_decisions(filter);
  asks_size_ = filter.size_min || filter.size_max;
  size_min_ = filter.size_min.value_or(0);
  size_max_ = filter.size_max.value_or(UINT64_MAX);
  asks_time_ = filter.after || filter.before;
  if (filter.after) begin_ns_ = nanoseconds_of(*filter.after);
  if (filter.before) end_ns_ = nanoseconds_of(*filter.before + std::chrono::days(1)) - 1;
  if (!filter.search.empty()) {
    fits_nothing_ = !search;
    if (search) search_.emplace(items, *std::move(search));
  }
}

void CompiledFilter::ask(const QueueFilter& filter) {
  for (const Facet facet :
       {Facet::rank_class, Facet::grade, Facet::type, Facet::source, Facet::folder}) {
    if (filter[facet].empty()) continue;
    asked_.push_back(
        {bit(facet), &items_.column(facet), wanted_numbers(items_.words(facet), filter[facet])});
  }
  if (filter[Facet::list].empty()) return;
  const auto wanted = wanted_numbers(items_.words(Facet::list), filter[Facet::list]);
  Asked lists{bit(Facet::list), &items_.column(Facet::list), {}};
  for (const HitSet& set : items_.hit_sets) {
    uint8_t is_wanted = 0;
    for (const uint32_t list : set.lists) is_wanted |= wanted[list];
    lists.wanted.push_back(is_wanted);
  }
  asked_.push_back(std::move(lists));
}

void CompiledFilter::ask_decisions(const QueueFilter& filter) {
  for (const std::string& value : filter[Facet::state]) {
    const auto state = review_state_from_text(value);
    states_ |= state ? bit_of(*state) : kNoSuchState;
  }
  if (!filter[Facet::category].empty()) {
    categories_ = wanted_numbers(decisions_.categories, filter[Facet::category]);
  }
}

bool CompiledFilter::fits_rest(ItemPlace place) const {
  if (fits_nothing_) return false;
  if (hides_known_ && is_set_aside(items_.column(Facet::rank_class)[place])) return false;
  if (asks_size_) {
    const uint64_t size = items_.size_bytes[place];
    if (size == kNoSize || size < size_min_ || size > size_max_) return false;
  }
  if (asks_time_) {
    const int64_t time = items_.modified_ns[place];
    if (time == kNoTime || time < begin_ns_ || time > end_ns_) return false;
  }
  return !search_ || search_->fits(place);
}

}  // namespace safelight::serve

#include "safelight/scan/content_book.h"

#include <utility>

namespace safelight::scan {

ContentBook::Claim ContentBook::claim(const casefile::ContentKey& key, Continuation then) {
  Examined examined;
  {
    const std::lock_guard lock(mutex_);
    const auto [entry, is_new] = entries_.try_emplace(key.value);
    if (is_new) return Claim::yours;
    examined = entry->second.examined;
    if (!examined) {
      entry->second.waiting.push_back(std::move(then));
      return Claim::waiting;
    }
  }
  then(examined);
  return Claim::settled;
}

void ContentBook::publish(const casefile::ContentKey& key, const Examined& examined) {
  std::vector<Continuation> waiting;
  {
    const std::lock_guard lock(mutex_);
    Entry& entry = entries_[key.value];
    entry.examined = examined;
    waiting = std::exchange(entry.waiting, {});
    if (entry.is_committed) entries_.erase(key.value);
  }
  for (const Continuation& then : waiting) then(examined);
}

Examined ContentBook::find(const casefile::ContentKey& key) const {
  const std::lock_guard lock(mutex_);
  const auto entry = entries_.find(key.value);
  return entry == entries_.end() ? nullptr : entry->second.examined;
}

void ContentBook::committed(const casefile::ContentKey& key) {
  const std::lock_guard lock(mutex_);
  const auto entry = entries_.find(key.value);
  if (entry == entries_.end()) return;
  if (entry->second.examined) {
    entries_.erase(entry);
  } else {
    entry->second.is_committed = true;
  }
}

}  // namespace safelight::scan

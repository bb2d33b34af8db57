#include "safelight/serve/room/audience.h"

#include <algorithm>
#include <utility>

namespace safelight::serve {

void Audience::join(std::shared_ptr<EventStream> stream, std::string person) {
  const std::lock_guard lock(mutex_);
  listeners_.push_back({std::move(stream), std::move(person)});
}

void Audience::look_at(std::string_view person, std::optional<ItemId> item) {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(looking_.begin(), looking_.end(),
                                  [&](const Present& one) { return one.person == person; });
  if (found != looking_.end()) {
    found->item = item;
  } else {
    looking_.push_back({std::string(person), item});
  }
}

void Audience::tell(const Event& event) {
  const std::lock_guard lock(mutex_);
  for (const Listener& listener : listeners_) listener.stream->send(event);
}

void Audience::tell(std::string_view person, const Event& event) {
  const std::lock_guard lock(mutex_);
  for (const Listener& listener : listeners_) {
    if (listener.person == person) listener.stream->send(event);
  }
}

std::vector<Audience::Present> Audience::present() const {
  std::vector<Present> out;
  const std::lock_guard lock(mutex_);
  for (const Listener& listener : listeners_) {
    if (listener.stream->is_open()) out.push_back({listener.person, std::nullopt});
  }
  std::sort(out.begin(), out.end(),
            [](const Present& a, const Present& b) { return a.person < b.person; });
  out.erase(std::unique(out.begin(), out.end()), out.end());
  for (Present& one : out) {
    for (const Present& looking : looking_) {
      if (looking.person == one.person) one.item = looking.item;
    }
  }
  return out;
}

bool Audience::sweep() {
  const std::lock_guard lock(mutex_);
  const auto gone = std::erase_if(
      listeners_, [](const Listener& listener) { return !listener.stream->is_open(); });
  std::erase_if(looking_, [&](const Present& looking) {
    return std::none_of(listeners_.begin(), listeners_.end(), [&](const Listener& listener) {
      return listener.person == looking.person;
    });
  });
  return gone > 0;
}

void Audience::close() {
  const std::lock_guard lock(mutex_);
  for (const Listener& listener : listeners_) listener.stream->close();
  listeners_.clear();
}

}  // namespace safelight::serve

#pragma once

#include <algorithm>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace safelight::serve {

/// Of what state of a queue an answer holds.
struct AsOf {
  uint64_t items = 0;      ///< Counts loads.
  uint64_t decisions = 0;  ///< Counts changes of decisions; 0 where they have no say.
  friend bool operator==(const AsOf&, const AsOf&) = default;
};

/// The answers to what was asked last, at most so many. Safe from many threads.
template <typename Answer>
class AnswerCache {
 public:
  explicit AnswerCache(size_t most) : most_(most) {}

  /// The answer of that key and state, made with `make` where it is not kept. Threads that ask for
  /// the same at once may each make it.
  template <typename Make>
  std::shared_ptr<const Answer> get(const std::string& key, AsOf as_of, const Make& make) {
    {
      const std::lock_guard lock(mutex_);
      const auto found = find(key);
      if (found != kept_.end() && found->as_of == as_of) {
        kept_.splice(kept_.begin(), kept_, found);
        return kept_.front().answer;
      }
    }
    auto answer = std::make_shared<const Answer>(make());
    const std::lock_guard lock(mutex_);
    if (const auto found = find(key); found != kept_.end()) kept_.erase(found);
    kept_.push_front({key, as_of, answer});
    if (kept_.size() > most_) kept_.pop_back();
    return answer;
  }

  void clear() {
    const std::lock_guard lock(mutex_);
    kept_.clear();
  }

 private:
  struct Kept {
    std::string key;
    AsOf as_of;
    std::shared_ptr<const Answer> answer;
  };

  auto find(std::string_view key) {
    return std::find_if(kept_.begin(), kept_.end(),
                        [&](const Kept& one) { return one.key == key; });
  }

  const size_t most_;
  std::mutex mutex_;
  std::list<Kept> kept_;  ///< The last used first.
};

}  // namespace safelight::serve

#include "safelight/serve/exposure/reveals.h"

#include <algorithm>

#include "safelight/serve/accounts/secrets/token.h"

namespace safelight::serve {
namespace {

constexpr int64_t kMillisecondNs = 1'000'000;
/// How long a granted picture may be fetched.
constexpr int64_t kFetchNs = 30'000 * kMillisecondNs;
/// How much later than its longest time a browser may say that it covered a picture.
constexpr int64_t kGraceNs = 5'000 * kMillisecondNs;

}  // namespace

EndedReveal Reveals::ended(const Open& open, uint64_t shown_ms, int64_t now_ns) {
  const int64_t since = std::max<int64_t>(0, (now_ns - open.reveal.began_ns) / kMillisecondNs);
  const uint64_t most = std::min<uint64_t>(open.max_ms, static_cast<uint64_t>(since));
  return {open.reveal, static_cast<uint32_t>(std::min(shown_ms, most))};
}

Reveals::Granted Reveals::grant(Reveal reveal, uint32_t max_ms) {
  Granted out{std::string(make_token(random_, "").text.view()), std::nullopt};
  const std::lock_guard lock(mutex_);
  for (auto one = open_.begin(); one != open_.end();) {
    if (one->second.reveal.person != reveal.person) {
      ++one;
      continue;
    }
    if (one->second.reveal.began_ns != 0) {
      out.ended = ended(one->second, one->second.max_ms, reveal.granted_ns);
    }
    one = open_.erase(one);
  }
  open_.emplace(out.key, Open{std::move(reveal), max_ms});
  return out;
}

std::optional<Reveal> Reveals::begin(std::string_view key, std::string_view person,
                                     int64_t now_ns) {
  const std::lock_guard lock(mutex_);
  const auto found = open_.find(key);
  if (found == open_.end()) return std::nullopt;
  Reveal& reveal = found->second.reveal;
  if (reveal.person != person || reveal.began_ns != 0) return std::nullopt;
  if (now_ns - reveal.granted_ns > kFetchNs) return std::nullopt;
  reveal.began_ns = now_ns;
  return reveal;
}

void Reveals::forget(std::string_view key) {
  const std::lock_guard lock(mutex_);
  if (const auto found = open_.find(key); found != open_.end()) open_.erase(found);
}

std::optional<EndedReveal> Reveals::end(std::string_view key, std::string_view person,
                                        uint64_t shown_ms, int64_t now_ns) {
  const std::lock_guard lock(mutex_);
  const auto found = open_.find(key);
  if (found == open_.end() || found->second.reveal.person != person) return std::nullopt;
  std::optional<EndedReveal> out;
  if (found->second.reveal.began_ns != 0) out = ended(found->second, shown_ms, now_ns);
  open_.erase(found);
  return out;
}

std::vector<EndedReveal> Reveals::expire(int64_t now_ns) {
  std::vector<EndedReveal> out;
  const std::lock_guard lock(mutex_);
  for (auto one = open_.begin(); one != open_.end();) {
    const Open& open = one->second;
    const bool began = open.reveal.began_ns != 0;
    const int64_t until = began ? open.reveal.began_ns + open.max_ms * kMillisecondNs + kGraceNs
                                : open.reveal.granted_ns + kFetchNs;
    if (now_ns <= until) {
      ++one;
      continue;
    }
    if (began) out.push_back(ended(open, open.max_ms, now_ns));
    one = open_.erase(one);
  }
  return out;
}

std::vector<EndedReveal> Reveals::end_all(int64_t now_ns) {
  std::vector<EndedReveal> out;
  const std::lock_guard lock(mutex_);
  for (const auto& [key, open] : open_) {
    if (open.reveal.began_ns != 0) out.push_back(ended(open, open.max_ms, now_ns));
  }
  open_.clear();
  return out;
}

}  // namespace safelight::serve

#include "safelight/audit/chain.h"

namespace safelight::audit {

std::vector<std::byte> Chain::append(int64_t time_ns, std::string kind, std::string body) {
  std::vector<std::byte> bytes =
      encode({tree_.size(), time_ns, last_, tree_.root(), std::move(kind), std::move(body)});
  follow(bytes);
  return bytes;
}

void Chain::follow(std::span<const std::byte> encoded) {
  last_ = record_hash(encoded);
  tree_.append(last_);
}

}  // namespace safelight::audit

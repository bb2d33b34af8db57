#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace safelight::serve {

/// How many connections there are, in all and from each place. Safe from many threads.
class ConnectionCount {
 public:
  ConnectionCount(uint32_t max_in_all, uint32_t max_per_origin)
      : max_in_all_(max_in_all), max_per_origin_(max_per_origin) {}

  enum class Entry : uint8_t { granted, refused };
  [[nodiscard]] Entry enter(const std::string& origin);
  void leave(const std::string& origin);

 private:
  const uint32_t max_in_all_;
  const uint32_t max_per_origin_;
  std::mutex mutex_;
  uint32_t in_all_ = 0;
  std::map<std::string, uint32_t> by_origin_;
};

}  // namespace safelight::serve

#include "safelight/serve/accounts/secrets/random_source.h"

#include <algorithm>
#include <cerrno>
#include <sys/random.h>

#include "safelight/base/fault.h"

namespace safelight::serve {

void SystemRandom::fill(std::span<std::byte> out) {
  // Up to 256 bytes come whole (getrandom(2)).
  constexpr size_t kWhole = 256;
  while (!out.empty()) {
    const size_t count = std::min(out.size(), kWhole);
    if (getrandom(out.data(), count, 0) != static_cast<ssize_t>(count)) {
      throw Fault::from_errno("cannot get random bytes", errno);
    }
    out = out.subspan(count);
  }
}

}  // namespace safelight::serve

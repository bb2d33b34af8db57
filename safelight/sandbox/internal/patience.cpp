#include "safelight/sandbox/internal/patience.h"

#include <algorithm>
#include <cerrno>
#include <poll.h>

#include "safelight/base/fault.h"

namespace safelight::sandbox {

bool Patience::wait(int socket, short events) {
  using Clock = std::chrono::steady_clock;
  while (true) {
    const auto before = Clock::now();
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left_);
    const timespec time = {seconds.count(), (left_ - seconds).count()};
    pollfd entry = {socket, events, 0};
    const int ready = ::ppoll(&entry, 1, &time, nullptr);
    const int error = errno;
    left_ = std::max<std::chrono::nanoseconds>(left_ - (Clock::now() - before),
                                               std::chrono::nanoseconds::zero());
    if (ready > 0) return true;
    if (ready == 0) return false;
    if (error != EINTR) throw Fault::from_errno("cannot wait for a worker process", error);
  }
}

}  // namespace safelight::sandbox

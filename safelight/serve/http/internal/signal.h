#pragma once

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

#include "safelight/serve/http/internal/task.h"

namespace safelight::serve {

/// Lets one coroutine wait for word from others, all on one io thread.
class Signal {
 public:
  explicit Signal(Executor executor) : timer_(executor) {}

  /// Ends the wait that is under way, or else the next one at once.
  void notify() {
    is_set_ = true;
    timer_.cancel();
  }
  /// Returns when notified, or at `until`.
  Task<void> wait(std::chrono::steady_clock::time_point until) {
    if (!is_set_) {
      timer_.expires_at(until);
      boost::system::error_code ignored;
      co_await timer_.async_wait(boost::asio::redirect_error(kAwaitable, ignored));
    }
    is_set_ = false;
  }

 private:
  static constexpr boost::asio::use_awaitable_t<Executor> kAwaitable{};

  boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                    boost::asio::wait_traits<std::chrono::steady_clock>, Executor>
      timer_;
  bool is_set_ = false;
};

}  // namespace safelight::serve

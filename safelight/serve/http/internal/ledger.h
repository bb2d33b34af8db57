#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "safelight/base/log.h"
#include "safelight/serve/http/metrics.h"
#include "safelight/serve/http/router.h"

namespace safelight::serve {

/// Counts what a server does, and logs each request. Knows routes, never what a request brought.
/// Safe from many threads. Outlived by the router and the log.
class Ledger {
 public:
  Ledger(const Router& router, LogSink& log);

  /// `route` is nothing for a request that reached none.
  void finished(std::optional<size_t> route, Status status, uint64_t response_bytes,
                std::chrono::microseconds duration);
  /// Logs a fault of the environment, or of a handler, in the words of the program.
  void failed(std::optional<size_t> route, std::string_view what);

  std::atomic<uint64_t> accepted_connections = 0;
  std::atomic<uint64_t> refused_connections = 0;
  std::atomic<uint64_t> failed_handshakes = 0;
  std::atomic<uint64_t> overloaded_requests = 0;
  std::atomic<uint64_t> malformed_requests = 0;
  std::atomic<uint64_t> timed_out_connections = 0;
  std::atomic<uint64_t> dropped_event_streams = 0;
  std::atomic<uint32_t> open_connections = 0;
  std::atomic<uint32_t> open_event_streams = 0;

  [[nodiscard]] Metrics metrics() const;

 private:
  struct Counts {
    std::array<std::atomic<uint64_t>, 5> by_status_class{};
    std::atomic<uint64_t> response_bytes = 0;
    std::array<std::atomic<uint64_t>, DurationHistogram::kBoundsMs.size() + 1> durations{};
    std::atomic<uint64_t> duration_sum_us = 0;
  };
  [[nodiscard]] std::string route_name(std::optional<size_t> route) const;

  const Router& router_;
  LogSink& log_;
  std::unique_ptr<Counts[]> counts_;  ///< For each route, and for those that reached none.
};

}  // namespace safelight::serve

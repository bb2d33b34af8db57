#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "safelight/serve/http/method.h"

namespace safelight::serve {

/// How long requests took: `counts[i]` of them at most `kBoundsMs[i]`, and not the one before; the
/// last count has no bound.
struct DurationHistogram {
  static constexpr std::array<uint32_t, 12> kBoundsMs{1,   2,   5,   10,    20,    50,
                                                      100, 200, 500, 1'000, 5'000, 30'000};
  std::array<uint64_t, kBoundsMs.size() + 1> counts{};
  uint64_t sum_us = 0;
};

/// What became of the requests of one route.
struct RouteMetrics {
  Method method = Method::get;
  std::string pattern;                        ///< Empty for those that reached no route.
  std::array<uint64_t, 5> by_status_class{};  ///< 1xx to 5xx.
  uint64_t response_bytes = 0;                ///< Content that was sent.
  DurationHistogram durations;                ///< From the first byte to the last.
};

/// Counts since the start of a server. Names routes, never requests.
struct Metrics {
  std::vector<RouteMetrics> routes;  ///< As the router has them, then those that reached none.
  uint64_t accepted_connections = 0;
  uint64_t refused_connections = 0;    ///< Over a limit, and closed unanswered.
  uint64_t failed_handshakes = 0;      ///< TLS.
  uint64_t overloaded_requests = 0;    ///< Answered 429.
  uint64_t malformed_requests = 0;     ///< Broke a rule of HTTP, or a limit.
  uint64_t timed_out_connections = 0;  ///< Too slow, reading or writing; idle ones not counted.
  uint64_t dropped_event_streams = 0;  ///< Subscribers that did not keep up.
  uint32_t open_connections = 0;
  uint32_t open_event_streams = 0;
};

}  // namespace safelight::serve

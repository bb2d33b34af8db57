#include "safelight/serve/http/internal/ledger.h"

#include <algorithm>
#include <string>

#include "safelight/base/number_text.h"

namespace safelight::serve {

Ledger::Ledger(const Router& router, LogSink& log)
    : router_(router), log_(log), counts_(new Counts[router.routes().size() + 1]) {}

void Ledger::finished(std::optional<size_t> route, Status status, uint64_t response_bytes,
                      std::chrono::microseconds duration) {
  const auto code = static_cast<unsigned>(status);
  const auto microseconds = static_cast<uint64_t>(duration.count());
  Counts& counts = counts_[route.value_or(router_.routes().size())];
  ++counts.by_status_class[code / 100 - 1];
  counts.response_bytes += response_bytes;
  counts.duration_sum_us += microseconds;
  const auto& bounds = DurationHistogram::kBoundsMs;
  const auto bound = std::ranges::lower_bound(
      bounds, microseconds, {}, [](uint32_t bound_ms) { return uint64_t{bound_ms} * 1'000; });
  ++counts.durations[static_cast<size_t>(bound - bounds.begin())];

  log_.log(Severity::info, route_name(route) + " " + std::to_string(code) + " " +
                               fixed_text(static_cast<double>(microseconds) / 1'000, 1) + " ms " +
                               std::to_string(response_bytes) + " bytes");
}

void Ledger::failed(std::optional<size_t> route, std::string_view what) {
  log_.log(Severity::error, route_name(route) + ": " + std::string(what));
}

std::string Ledger::route_name(std::optional<size_t> route) const {
  if (!route) return "no route";
  const Route& named = router_.routes()[*route];
  return std::string(to_text(named.method)) + " " + named.pattern;
}

Metrics Ledger::metrics() const {
  Metrics metrics;
  for (size_t i = 0; i <= router_.routes().size(); ++i) {
    const Counts& counts = counts_[i];
    auto& route = metrics.routes.emplace_back();
    if (i < router_.routes().size()) {
      route.method = router_.routes()[i].method;
      route.pattern = router_.routes()[i].pattern;
    }
    std::ranges::copy(counts.by_status_class, route.by_status_class.begin());
    std::ranges::copy(counts.durations, route.durations.counts.begin());
    route.durations.sum_us = counts.duration_sum_us;
    route.response_bytes = counts.response_bytes;
  }
  metrics.accepted_connections = accepted_connections;
  metrics.refused_connections = refused_connections;
  metrics.failed_handshakes = failed_handshakes;
  metrics.overloaded_requests = overloaded_requests;
  metrics.malformed_requests = malformed_requests;
  metrics.timed_out_connections = timed_out_connections;
  metrics.dropped_event_streams = dropped_event_streams;
  metrics.open_connections = open_connections;
  metrics.open_event_streams = open_event_streams;
  return metrics;
}

}  // namespace safelight::serve

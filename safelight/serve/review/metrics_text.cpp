#include "safelight/serve/review/metrics_text.h"

#include <array>
#include <string_view>

#include "safelight/base/number_text.h"

namespace safelight::serve {
namespace {

constexpr double kMillisecond = 1e-3;
constexpr double kMicrosecond = 1e-6;

void begin(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
  out.append("# HELP ").append(name).append(" ").append(help).append("\n");
  out.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

void line(std::string& out, std::string_view name, const std::string& labels,
          const std::string& value) {
  out.append(name);
  if (!labels.empty()) out.append("{").append(labels).append("}");
  out.append(" ").append(value).append("\n");
}

void single(std::string& out, std::string_view name, std::string_view type, std::string_view help,
            uint64_t value) {
  begin(out, name, type, help);
  line(out, name, "", std::to_string(value));
}

std::string labels_of(const RouteMetrics& route) {
  std::string out = "route=\"" + (route.pattern.empty() ? "none" : route.pattern) + "\"";
  if (!route.pattern.empty()) out += ",method=\"" + std::string(to_text(route.method)) + "\"";
  return out;
}

}  // namespace

std::string metrics_text(const Metrics& metrics) {
  std::string out;
  begin(out, "safelight_http_requests_total", "counter", "Requests by route and class of status.");
  for (const RouteMetrics& route : metrics.routes) {
    for (size_t i = 0; i < route.by_status_class.size(); ++i) {
      if (route.by_status_class[i] == 0) continue;
      line(out, "safelight_http_requests_total",
           labels_of(route) + ",status=\"" + std::to_string(i + 1) + "xx\"",
           std::to_string(route.by_status_class[i]));
    }
  }
  begin(out, "safelight_http_response_bytes_total", "counter", "Content that was sent.");
  for (const RouteMetrics& route : metrics.routes) {
    line(out, "safelight_http_response_bytes_total", labels_of(route),
         std::to_string(route.response_bytes));
  }
  begin(out, "safelight_http_request_seconds", "histogram", "How long requests took.");
  for (const RouteMetrics& route : metrics.routes) {
    const std::string labels = labels_of(route);
    uint64_t count = 0;
    for (size_t i = 0; i < route.durations.counts.size(); ++i) {
      count += route.durations.counts[i];
      const bool is_last = i == DurationHistogram::kBoundsMs.size();
      const std::string bound =
          is_last ? "+Inf" : significant_text(DurationHistogram::kBoundsMs[i] * kMillisecond, 9);
      line(out, "safelight_http_request_seconds_bucket", labels + ",le=\"" + bound + "\"",
           std::to_string(count));
    }
    line(out, "safelight_http_request_seconds_sum", labels,
         significant_text(static_cast<double>(route.durations.sum_us) * kMicrosecond, 9));
    line(out, "safelight_http_request_seconds_count", labels, std::to_string(count));
  }
  single(out, "safelight_http_connections_accepted_total", "counter", "Connections accepted.",
         metrics.accepted_connections);
  single(out, "safelight_http_connections_refused_total", "counter",
         "Connections over a limit, closed unanswered.", metrics.refused_connections);
  single(out, "safelight_http_handshakes_failed_total", "counter", "TLS handshakes that failed.",
         metrics.failed_handshakes);
  single(out, "safelight_http_requests_overloaded_total", "counter", "Requests answered 429.",
         metrics.overloaded_requests);
  single(out, "safelight_http_requests_malformed_total", "counter",
         "Requests that broke a rule of HTTP, or a limit.", metrics.malformed_requests);
  single(out, "safelight_http_connections_timed_out_total", "counter",
         "Connections that were too slow.", metrics.timed_out_connections);
  single(out, "safelight_http_event_streams_dropped_total", "counter",
         "Event streams whose client did not keep up.", metrics.dropped_event_streams);
  single(out, "safelight_http_connections_open", "gauge", "Connections that are open.",
         metrics.open_connections);
  single(out, "safelight_http_event_streams_open", "gauge", "Event streams that are open.",
         metrics.open_event_streams);
  return out;
}

}  // namespace safelight::serve

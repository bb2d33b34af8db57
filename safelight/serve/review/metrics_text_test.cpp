#include "safelight/serve/review/metrics_text.h"

#include <gmock/gmock.h>

namespace safelight::serve {
namespace {

using testing::HasSubstr;

TEST(MetricsText, GivesRoutesByTheirPatterns) {
  Metrics metrics;
  RouteMetrics route;
  route.pattern = "/v1/cases/{case}";
  route.by_status_class = {0, 5, 0, 2, 0};
  route.response_bytes = 1'000;
  route.durations.counts[0] = 4;
  route.durations.counts[3] = 2;
  route.durations.counts.back() = 1;
  route.durations.sum_us = 2'500'000;
  metrics.routes = {route, {}};
  metrics.open_connections = 3;
  const std::string text = metrics_text(metrics);
  const std::string labels = R"({route="/v1/cases/{case}",method="GET")";
  EXPECT_THAT(text, HasSubstr("safelight_http_requests_total" + labels + ",status=\"2xx\"} 5\n"));
  EXPECT_THAT(text, HasSubstr("safelight_http_requests_total" + labels + ",status=\"4xx\"} 2\n"));
  EXPECT_THAT(text, Not(HasSubstr("status=\"3xx\"")));
  EXPECT_THAT(text, HasSubstr("_bucket" + labels + ",le=\"0.001\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("_bucket" + labels + ",le=\"0.01\"} 6\n"));
  EXPECT_THAT(text, HasSubstr("_bucket" + labels + ",le=\"30\"} 6\n"));
  EXPECT_THAT(text, HasSubstr("_bucket" + labels + ",le=\"+Inf\"} 7\n"));
  EXPECT_THAT(text, HasSubstr("_seconds_sum" + labels + "} 2.5\n"));
  EXPECT_THAT(text, HasSubstr("_seconds_count" + labels + "} 7\n"));
  EXPECT_THAT(text, HasSubstr("safelight_http_response_bytes_total{route=\"none\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("safelight_http_connections_open 3\n"));
}

}  // namespace
}  // namespace safelight::serve

#pragma once

#include <string>

#include "safelight/serve/http/metrics.h"

namespace safelight::serve {

/// The counts of a server in the text format of Prometheus, version 0.0.4. Names routes and nothing
/// that a request held.
std::string metrics_text(const Metrics& metrics);

}  // namespace safelight::serve

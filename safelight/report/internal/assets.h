#pragma once

#include <string_view>

namespace safelight::report {

/// html/report.css and html/report.js, as they stand in the source tree when it is built.
std::string_view html_style();
std::string_view html_script();

}  // namespace safelight::report

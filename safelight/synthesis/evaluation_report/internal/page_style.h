#pragma once

#include <string_view>

namespace safelight::synthesis {

/// html/evaluation.css, as it stands in the source tree when it is built.
std::string_view page_style();

}  // namespace safelight::synthesis

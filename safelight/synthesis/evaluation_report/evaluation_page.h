#pragma once

#include <string>
#include <string_view>

#include "safelight/synthesis/evaluation/evaluation.h"

namespace safelight::synthesis {

/// An evaluation as one HTML page for people, which holds and asks for nothing from outside, runs
/// no script, and can be printed on A4. Depends on the parameters alone, to the byte, and not on
/// the number of threads.
[[nodiscard]] std::string evaluation_page(const Evaluation& evaluation,
                                          std::string_view tool_version);

}  // namespace safelight::synthesis

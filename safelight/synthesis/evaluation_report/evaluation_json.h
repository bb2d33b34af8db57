#pragma once

#include <string>
#include <string_view>

#include "safelight/synthesis/evaluation/evaluation.h"

namespace safelight::synthesis {

/// All of an evaluation, and the curves that its page draws, as one JSON object in UTF-8. Depends
/// on the parameters alone, to the byte, and not on the number of threads. Source:
/// docs/formats/evaluation_json.md.
[[nodiscard]] std::string evaluation_json(const Evaluation& evaluation,
                                          std::string_view tool_version);

}  // namespace safelight::synthesis

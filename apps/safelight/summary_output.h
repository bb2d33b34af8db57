#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "safelight/casefile/reader.h"

/// The counts of a case, for a terminal and for programs.
namespace safelight::app {

std::string to_table(const casefile::Summary& summary);
nlohmann::ordered_json to_json(const casefile::Summary& summary);

}  // namespace safelight::app

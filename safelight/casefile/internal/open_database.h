#pragma once

#include <filesystem>

#include "safelight/database/connection.h"

namespace safelight::casefile {

/// A connection that reads the case in `directory`, also on a medium that cannot be written to. Its
/// schema is not checked. Throws Fault if there is no case or it cannot be read.
database::Connection open_for_reading(const std::filesystem::path& directory);

}  // namespace safelight::casefile

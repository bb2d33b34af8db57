#pragma once

#include <filesystem>

#include "safelight/casefile/internal/sqlite.h"

namespace safelight::casefile {

/// A connection that reads the case in `directory`, also on a medium that cannot be written to. Its
/// schema is not checked. Throws Fault if there is no case or it cannot be read.
Connection open_for_reading(const std::filesystem::path& directory);

}  // namespace safelight::casefile

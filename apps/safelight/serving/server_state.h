#pragma once

#include <filesystem>
#include <string>

#include "safelight/serve/review/server_config.h"

namespace safelight::app {

/// Reads the configuration of a team's server. Throws UsageError.
serve::ServerConfig read_server_config(const std::string& path);

/// The folder in which that server keeps its state, made (mode 0700) where it is not there. Throws
/// UsageError, Fault.
std::filesystem::path state_folder_of(const std::string& config);

}  // namespace safelight::app

#pragma once

#include <filesystem>

namespace safelight {

/// Makes a folder, and what it lies in, where there is none; one that others may read is closed to
/// them. Throws Fault where that fails, and for what is no folder.
void make_private_folder(const std::filesystem::path& folder);

}  // namespace safelight

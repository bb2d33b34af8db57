#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include "safelight/bytes/file.h"

namespace safelight {

/// Makes a file that only its owner may read and write, mode 0600, with these bytes; it is on the
/// disk when the call returns. Throws Fault; also where the file exists, a link included.
void make_private_file(const std::filesystem::path& file, std::span<const std::byte> bytes);

/// Whether nobody but its owner may read or write an open file. False where that cannot be told.
[[nodiscard]] bool is_private(const FileSource& file);

}  // namespace safelight

#pragma once

#include <filesystem>

#include "safelight/lists/list_key.h"

namespace safelight::lists {

/// Where the files of a list go, and how: temporary ones are not on a disk if there is a key.
struct ListPlace {
  std::filesystem::path folder;
  ListKey key;
};

}  // namespace safelight::lists

#pragma once

#include <memory>

#include "safelight/seal/seal_key.h"

namespace safelight {

/// What the files of lists are sealed with (seal/sealed_file.h), or nullptr where they are not.
using ListKey = std::shared_ptr<const SealKey>;

}  // namespace safelight

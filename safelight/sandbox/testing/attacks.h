#pragma once

#include <string>
#include <string_view>

#include "safelight/sandbox/serve.h"

namespace safelight::sandbox {

/// Tries from inside what confinement must prevent, by its name in kAttacks (attacks.cpp). Gives
/// "done" where it worked and the name of the errno where it failed; the process may die instead.
std::string attack(std::string_view name, IncomingRequest& request);

}  // namespace safelight::sandbox

#pragma once

#include "safelight/serve/api/services.h"

namespace safelight::serve {

/// Tells all who follow a case who else does, and what each looks at.
void tell_presence(Services& services, CaseRoom& room);

}  // namespace safelight::serve

#pragma once

#include <string_view>

#include "safelight/serve/api/services.h"

namespace safelight::serve {

/// What a person may be shown of a case: its policy, and whatever the person has made tighter.
ExposureBudget budget_of(Services& services, const CaseRoom& room, std::string_view login);

/// The same over all cases that are served: the tightest in each part.
ExposureBudget budget_of(Services& services, std::string_view login);

}  // namespace safelight::serve

#pragma once

#include <array>
#include <string_view>

namespace safelight::synthesis {

/// The conditions in which both classes have had the same treatment.
inline constexpr std::array<std::string_view, 2> kEqualisedConditions = {"equalised_85",
                                                                         "equalised_60"};

}  // namespace safelight::synthesis

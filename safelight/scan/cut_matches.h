#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "safelight/casefile/content.h"
#include "safelight/lists/matcher.h"

namespace safelight::scan {

/// States in `examination` which matches the limit on hits left out: findings of the kind
/// "further_matches", one a list. Earlier ones go where `is_replaced` says so of their list. Gives
/// whether anything changed.
bool state_cut_matches(casefile::Examination& examination, std::span<const CutMatches> cut,
                       const std::function<bool(std::string_view list)>& is_replaced);

}  // namespace safelight::scan

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "safelight/report/statistics.h"

namespace safelight::report {

/// Which rows of a group are not told, so that nobody learns a count from 1 to below
/// `suppress_under` from the other rows, the total and this rule: a row that has such a count; and
/// then the smallest others, until each such count could have several values. Nothing where that
/// takes more rows than there are: then the group must not be told at all. The rows come to `all`.
std::optional<std::vector<bool>> rows_to_hide(std::span<const FileCounts> rows,
                                              const FileCounts& all, uint64_t suppress_under);

/// "17"; "<10" or ">=10" where it is not told, and 0 as it is.
enum class Tell : uint8_t { count, range };
std::string cell_text(uint64_t count, Tell tell, uint64_t suppress_under);

}  // namespace safelight::report

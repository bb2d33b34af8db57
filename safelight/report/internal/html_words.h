#pragma once

#include <string_view>

#include "safelight/base/error.h"
#include "safelight/triage/ranking.h"

/// What stable names mean, in the words of a report.
namespace safelight::report {

/// Such as "looks like known".
std::string_view rank_class_words(triage::RankClass rank_class);
/// What puts an item into the class, in a sentence.
std::string_view rank_class_meaning(triage::RankClass rank_class);

/// Why something was not examined, in a sentence.
std::string_view error_words(ErrorCode code);

}  // namespace safelight::report

#pragma once

#include "safelight/lists/matcher.h"
#include "safelight/serve/screening_api/key_routes.h"

namespace safelight::serve {

void add_screen_routes(KeyRouteTable& table);
void add_lookup_routes(KeyRouteTable& table);

/// What counts as quality of a fingerprint that comes without one: enough to be compared.
inline constexpr uint8_t kStatedQuality = 100;

/// Whether something that holds an upload was found.
bool is_found(const Screener& screener, const MatchedItem& item);

}  // namespace safelight::serve

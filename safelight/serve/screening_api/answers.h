#pragma once

#include <cstdint>

#include "safelight/evidence/hit.h"
#include "safelight/serve/http/response.h"
#include "safelight/serve/screening_api/key_routes.h"

namespace safelight::serve {

/// The answer to an upload: the same number of bytes whatever it is.
Response verdict_answer(UploadVerdict verdict);

/// 429, with the seconds to wait.
Response over_rate(ScreeningServices& services, ApiKeyId key, int64_t wait_ns);

/// The distance of a hit as it is told: rounded down to a multiple of 4 bits, so that it does not
/// lead from one query to the next.
uint32_t told_distance_bits(const Hit& hit);

/// To be called before so many hits are told with list and entry: counts them and puts them on
/// record. Throws Fault, and then they are not told.
void about_to_tell(const KeyCall& call, uint64_t hits);

}  // namespace safelight::serve

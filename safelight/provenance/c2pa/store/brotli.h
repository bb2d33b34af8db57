#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "safelight/base/result.h"

namespace safelight::c2pa {

/// Expands one whole Brotli stream (RFC 7932). Errors: truncated; malformed ("brotli.stream") also
/// for bytes left over; limit_exceeded ("max_expanded_bytes") where more than `max_bytes` come out.
Result<std::vector<std::byte>> expand_brotli(std::span<const std::byte> stream, uint64_t max_bytes);

}  // namespace safelight::c2pa

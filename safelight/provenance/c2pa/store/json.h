#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace safelight::c2pa {

/// Arrays and objects inside one another that is_json() follows; deeper ones are taken for none.
inline constexpr uint32_t kMaxJsonDepth = 127;

/// Whether the bytes are one JSON text (RFC 8259) with nothing but blanks around it, in UTF-8.
/// Nothing is kept of it: JSON assertions are bound by their hash, and this says whether anybody
/// could read them.
bool is_json(std::span<const std::byte> bytes);

}  // namespace safelight::c2pa

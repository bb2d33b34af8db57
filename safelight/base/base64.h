#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace safelight {

/// Base64 of RFC 4648 section 4, without padding where `padding` says so.
enum class Padding : uint8_t { keep, drop };
std::string base64(std::span<const uint8_t> bytes, Padding padding);

}  // namespace safelight

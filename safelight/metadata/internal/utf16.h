#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "safelight/metadata/byte_order.h"

namespace safelight::metadata {

/// UTF-16 as UTF-8, up to the first zero character. A lone surrogate becomes U+FFFD; an odd byte at
/// the end is left out.
std::string utf16_to_utf8(std::span<const std::byte> bytes, ByteOrder order);

/// The order in which the bytes read as text: that of a byte order mark, else the one that gives
/// more characters of living scripts, else `fallback`.
ByteOrder guess_byte_order(std::span<const std::byte> bytes, ByteOrder fallback);

}  // namespace safelight::metadata

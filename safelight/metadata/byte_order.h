#pragma once

#include <cstdint>

namespace safelight::metadata {

enum class ByteOrder : uint8_t { little_endian, big_endian };

}  // namespace safelight::metadata

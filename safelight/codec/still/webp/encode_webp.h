#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/picture/picture.h"

namespace safelight::codec {

/// How much the encoder tries.
enum class WebpEffort : uint8_t {
  standard,  ///< libwebp's default, method 4.
  quick,     ///< Method 2: a third of the time, and 4 % more bytes of a photograph.
};

/// A lossy WebP of a picture of 1 or 3 channels; `quality` is 0 to 100. The format stores colour
/// only: a grey picture comes back in three channels. Errors: limit_exceeded, "webp.side-pixels",
/// for a side over 16,383; malformed, "webp.encode", where the library refuses.
Result<std::vector<std::byte>> encode_webp(const Picture& picture, float quality,
                                           WebpEffort effort = WebpEffort::standard);

/// The same without loss, at quick effort: for drawings, which are small that way.
Result<std::vector<std::byte>> encode_lossless_webp(const Picture& picture);

}  // namespace safelight::codec

#pragma once

#include <cstddef>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/picture/picture.h"

namespace safelight::codec {

/// A lossy WebP of a picture of 1 or 3 channels, at libwebp's default effort; `quality` is 0 to
/// 100. The format stores colour only: a grey picture comes back in three channels. Errors:
/// limit_exceeded, "webp.side-pixels", for a side over 16,383; malformed, "webp.encode", where the
/// library refuses.
Result<std::vector<std::byte>> encode_webp(const Picture& picture, float quality);

}  // namespace safelight::codec

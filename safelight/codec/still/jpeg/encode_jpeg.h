#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/picture/picture.h"

namespace safelight::codec {

/// How many chroma samples a JPEG of a colour picture keeps.
enum class Chroma : uint8_t {
  full,     ///< One a pixel (4:4:4).
  quarter,  ///< One to 2 x 2 pixels (4:2:0).
};

struct JpegEncoding {
  int quality = 90;  ///< As the IJG's library takes it, 1 to 100.
  Chroma chroma = Chroma::quarter;
};

/// A baseline JPEG of a picture of 1 or 3 channels, with the Huffman tables of Annex K.3: the same
/// bytes on every machine. Errors: limit_exceeded, "jpeg.side-pixels", for a side over 65,500;
/// "max_decode_memory_bytes" where there is no memory; malformed, "jpeg.encode", where the library
/// refuses for another reason.
Result<std::vector<std::byte>> encode_jpeg(const Picture& picture, const JpegEncoding& encoding);

}  // namespace safelight::codec

#include <cstdint>

#include "safelight/metadata/container/jpeg_segments.h"
#include "safelight/metadata/promises_for_test.h"

using namespace safelight::metadata;

/// Segments and coded data lie in the file, in order; coded data holds no other marker.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto file = std::as_bytes(std::span(data, size));
  const JpegSegments out = jpeg_segments(file, {.max_segments = 64});
  promise(out.segments.size() <= 64);
  promise_end(out.end_offset_bytes, out.damage, size);
  InOrder places(size);
  for (const JpegSegment& segment : out.segments) {
    places.take({segment.offset_bytes, 2});
    places.take(segment.payload);
    if (segment.code == kJpegStartOfScan) places.take(segment.coded);
    const auto coded = bytes_at(file, segment.coded);
    for (size_t i = 0; i + 1 < coded.size(); ++i) {
      const auto code = std::to_integer<uint8_t>(coded[i + 1]);
      promise(coded[i] != std::byte{0xff} || code <= 1 || (code >= 0xd0 && code <= 0xd8) ||
              code == 0xff);
    }
  }
  return 0;
}

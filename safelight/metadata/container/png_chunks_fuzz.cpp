#include <cstdint>

#include "safelight/metadata/container/png_chunks.h"
#include "safelight/metadata/promises_for_test.h"

using namespace safelight::metadata;

/// Chunks follow one another without a gap up to the end or the damage.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto file = std::as_bytes(std::span(data, size));
  const PngChunks out = png_chunks(file, {.max_segments = 64});
  promise(out.chunks.size() <= 64);
  promise_end(out.end_offset_bytes, out.damage, size);
  uint64_t at = kPngSignature.size();
  for (const PngChunk& chunk : out.chunks) {
    promise(chunk.offset_bytes == at && chunk.type.size() == 4);
    promise(chunk.data.offset_bytes == at + 8);
    at = chunk.data.end_bytes() + 4;
    promise(at <= size);
    (void)png_checksum_fits(file, chunk);
  }
  if (out.end_offset_bytes) promise(*out.end_offset_bytes == at);
  return 0;
}

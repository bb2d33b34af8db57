#include <cstdint>

#include "safelight/metadata/container/riff_chunks.h"
#include "safelight/metadata/promises_for_test.h"

using namespace safelight::metadata;

/// Chunks, and those of lists, lie in their parent in order.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto file = std::as_bytes(std::span(data, size));
  const MetadataLimits limits{.max_segments = 64};
  const RiffChunks out = riff_chunks(file, limits);
  promise(out.chunks.size() <= 64);
  promise_end(out.end_offset_bytes, out.damage, size);
  InOrder places(size);
  for (const RiffChunk& chunk : out.chunks) {
    places.take({chunk.offset_bytes, 8});
    places.take(chunk.data);
    if (chunk.type != "LIST") continue;
    InOrder children(chunk.data.end_bytes());
    for (const RiffChunk& child : riff_list(file, chunk, limits).chunks) {
      promise(child.offset_bytes >= chunk.data.offset_bytes);
      children.take(child.data);
    }
  }
  return 0;
}

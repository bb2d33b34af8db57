#include <cstdint>

#include "safelight/metadata/container/gif_blocks.h"
#include "safelight/metadata/promises_for_test.h"

using namespace safelight::metadata;

/// Blocks follow one another without a gap, and what they hold can be joined.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto file = std::as_bytes(std::span(data, size));
  const MetadataLimits limits{.max_segments = 64};
  const GifBlocks out = gif_blocks(file, limits);
  promise(out.blocks.size() <= 64);
  promise_end(out.end_offset_bytes, out.damage, size);
  uint64_t at = 0;
  for (const GifBlock& block : out.blocks) {
    promise(block.whole.offset_bytes == at);
    at = block.whole.end_bytes();
    promise(at <= size);
    if (block.sub_blocks.length_bytes == 0) continue;
    promise(block.sub_blocks.end_bytes() == at);
    const auto joined = join_sub_blocks(file, block.sub_blocks, limits);
    promise(joined && joined->size() < block.sub_blocks.length_bytes);
  }
  if (out.end_offset_bytes) promise(*out.end_offset_bytes == at);
  return 0;
}

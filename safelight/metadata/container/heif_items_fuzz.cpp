#include <cstdint>

#include "safelight/metadata/container/heif_items.h"
#include "safelight/metadata/promises_for_test.h"

using namespace safelight::metadata;

/// Items are within their limits, and their extents in the file.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto file = std::as_bytes(std::span(data, size));
  const MetadataLimits limits{
      .max_segments = 64, .max_items = 16, .max_item_extents = 64, .max_joined_bytes = 4096};
  const HeifItems out = heif_items(file, bmff_boxes(file, limits), limits);
  promise(out.items.size() <= 16);
  size_t extents = 0;
  for (const HeifItem& item : out.items) {
    extents += item.extents.size();
    for (const ByteRange extent : item.extents) {
      promise(extent.offset_bytes <= size && extent.length_bytes <= size - extent.offset_bytes);
    }
    const auto joined = join_extents(file, item.extents, limits);
    promise(!joined || joined->size() <= 4096);
  }
  promise(extents <= 64);
  return 0;
}

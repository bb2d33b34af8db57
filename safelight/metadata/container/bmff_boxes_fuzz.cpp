#include <cstdint>

#include "safelight/metadata/container/bmff_boxes.h"
#include "safelight/metadata/promises_for_test.h"

using namespace safelight::metadata;

/// Boxes fill their level without a gap, and children stay in their parent.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto file = std::as_bytes(std::span(data, size));
  const MetadataLimits limits{.max_segments = 64};
  const BmffBoxes out = bmff_boxes(file, limits);
  promise(out.boxes.size() <= 64);
  uint64_t at = 0;
  for (const BmffBox& box : out.boxes) {
    promise(box.whole.offset_bytes == at && box.payload.offset_bytes >= at + 8);
    at = box.whole.end_bytes();
    promise(at <= size && box.payload.end_bytes() == at);
    for (const BmffBox& child : bmff_children(file, box, 4, limits).boxes) {
      promise(child.whole.offset_bytes >= box.payload.offset_bytes);
      promise(child.whole.end_bytes() <= at);
    }
  }
  promise(out.damage ? out.damage->offset_bytes <= size : at == size);
  return 0;
}

#include "safelight/metadata/container/bmff_boxes.h"

#include <algorithm>

#include "safelight/base/byte_reader.h"

namespace safelight::metadata {
namespace {

/// The box at the reader's position, leaving the reader behind it.
Result<BmffBox> next_box(ByteReader& in) {
  BmffBox box;
  box.whole.offset_bytes = in.offset_bytes();
  const uint64_t remaining = in.remaining();
  SAFELIGHT_TRY(const uint32_t short_length, in.u32_be());
  SAFELIGHT_TRY(box.type, in.text(4));
  box.whole.length_bytes = short_length == 0 ? remaining : short_length;
  if (short_length == 1) {
    SAFELIGHT_TRY(box.whole.length_bytes, in.u64_be());
  }
  if (box.type == "uuid") {
    SAFELIGHT_TRY(box.uuid, in.text(16));
  }
  box.payload.offset_bytes = in.offset_bytes();
  const uint64_t header = box.payload.offset_bytes - box.whole.offset_bytes;
  if (box.whole.length_bytes < header) {
    return Error::at(ErrorCode::malformed, "bmff.box-length", box.whole.offset_bytes);
  }
  box.payload.length_bytes = box.whole.length_bytes - header;
  if (!in.skip(box.payload.length_bytes)) {
    return Error::at(ErrorCode::truncated, "bmff.box", box.whole.offset_bytes);
  }
  return box;
}

}  // namespace

const BmffBox* BmffBoxes::find(std::string_view type) const {
  const auto found = std::find_if(boxes.begin(), boxes.end(),
                                  [&](const BmffBox& box) { return box.type == type; });
  return found == boxes.end() ? nullptr : &*found;
}

BmffBoxes bmff_boxes(std::span<const std::byte> file, ByteRange level,
                     const MetadataLimits& limits) {
  BmffBoxes out;
  ByteReader in(bytes_at(file, level), level.offset_bytes);
  while (!in.at_end()) {
    if (out.boxes.size() >= limits.max_segments) {
      out.damage = in.error(ErrorCode::limit_exceeded, "max_segments");
      break;
    }
    const auto box = next_box(in);
    if (!box) {
      out.damage = box.error();
      break;
    }
    out.boxes.push_back(*box);
  }
  return out;
}

BmffBoxes bmff_children(std::span<const std::byte> file, const BmffBox& box, uint64_t skip_bytes,
                        const MetadataLimits& limits) {
  const uint64_t skipped = std::min(skip_bytes, box.payload.length_bytes);
  return bmff_boxes(file, {box.payload.offset_bytes + skipped, box.payload.length_bytes - skipped},
                    limits);
}

}  // namespace safelight::metadata

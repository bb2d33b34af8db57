#include "safelight/codec/heif/heif_boxes.h"

#include <algorithm>

#include "safelight/base/byte_reader.h"

namespace safelight::codec {
namespace {

/// The box at the reader's position, leaving the reader behind it.
Result<HeifBox> next_box(ByteReader& in) {
  HeifBox box;
  box.offset_bytes = in.offset_bytes();
  SAFELIGHT_TRY(const uint32_t short_length, in.u32_be());
  SAFELIGHT_TRY(box.type, in.text(4));
  box.length_bytes = short_length;
  if (short_length == 0) box.length_bytes = in.remaining() + 8;  // to the end of the file
  if (short_length == 1) {
    SAFELIGHT_TRY(box.length_bytes, in.u64_be());
  }
  const uint64_t header = in.offset_bytes() - box.offset_bytes;
  if (box.length_bytes < header) {
    return Error::at(ErrorCode::malformed, "heif.box-length", box.offset_bytes);
  }
  if (!in.skip(box.length_bytes - header)) {
    return Error::at(ErrorCode::truncated, "heif.box", box.offset_bytes);
  }
  return box;
}

}  // namespace

const HeifBox* HeifBoxes::find(std::string_view type) const {
  const auto found = std::find_if(boxes.begin(), boxes.end(),
                                  [&](const HeifBox& box) { return box.type == type; });
  return found == boxes.end() ? nullptr : &*found;
}

HeifBoxes read_heif_boxes(std::span<const std::byte> file) {
  HeifBoxes out;
  ByteReader in(file);
  while (!in.at_end()) {
    if (out.boxes.size() == kMaxHeifBoxes) {
      out.damage = in.error(ErrorCode::limit_exceeded, "max_heif_boxes");
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

}  // namespace safelight::codec

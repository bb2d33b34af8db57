#include "safelight/codec/still/webp/webp_structure.h"

#include <algorithm>
#include <string_view>

#include "safelight/base/byte_reader.h"
#include "safelight/metadata/ifd.h"

namespace safelight::codec {
namespace {

constexpr uint64_t kRiffHeaderBytes = 12;
constexpr uint64_t kFrameHeaderBytes = 16;
constexpr uint8_t kAnimationFlag = 2;
constexpr uint32_t kVp8SideMask = 0x3fff;

Result<uint32_t> u24_le(ByteReader& in) {
  SAFELIGHT_TRY(const uint16_t low, in.u16_le());
  SAFELIGHT_TRY(const uint8_t high, in.u8());
  return uint32_t{high} << 16 | low;
}

class Walk {
 public:
  Walk(std::span<const std::byte> file, const Limits& limits) : file_(file), limits_(limits) {}

  Result<WebpStructure> run() {
    ByteReader in(file_);
    SAFELIGHT_TRY(const std::string_view riff, in.text(4));
    if (riff != "RIFF") return Error::at(ErrorCode::malformed, "webp.signature", 0);
    SAFELIGHT_TRY(const uint32_t riff_bytes, in.u32_le());
    SAFELIGHT_TRY(const std::string_view form, in.text(4));
    if (form != "WEBP") return Error::at(ErrorCode::malformed, "webp.signature", 8);
    out_.end_offset_bytes = uint64_t{8} + riff_bytes + (riff_bytes & 1);
    SAFELIGHT_CHECK(read_size(in));
    const auto walked = walk_chunks();
    if (!walked) out_.damage = walked.error();
    return std::move(out_);
  }

 private:
  /// The size of the picture, from its first chunk; leaves `in` anywhere.
  Result<void> read_size(ByteReader& in) {
    const uint64_t chunk = in.offset_bytes();
    SAFELIGHT_TRY(const std::string_view type, in.text(4));
    SAFELIGHT_CHECK(in.skip(4));
    out_.size_offset_bytes = in.offset_bytes();
    if (type == "VP8X") {
      SAFELIGHT_TRY(const uint8_t flags, in.u8());
      out_.animated = (flags & kAnimationFlag) != 0;
      SAFELIGHT_CHECK(in.skip(3));
      out_.size_offset_bytes = in.offset_bytes();
      SAFELIGHT_TRY(const uint32_t width, u24_le(in));
      SAFELIGHT_TRY(const uint32_t height, u24_le(in));
      out_.width = width + 1;
      out_.height = height + 1;
    } else if (type == "VP8 ") {
      SAFELIGHT_CHECK(in.skip(6));  // frame tag and start code
      out_.size_offset_bytes = in.offset_bytes();
      SAFELIGHT_TRY(const uint16_t width, in.u16_le());
      SAFELIGHT_TRY(const uint16_t height, in.u16_le());
      out_.width = width & kVp8SideMask;
      out_.height = height & kVp8SideMask;
    } else if (type == "VP8L") {
      SAFELIGHT_CHECK(in.skip(1));  // signature
      out_.size_offset_bytes = in.offset_bytes();
      SAFELIGHT_TRY(const uint32_t sides, in.u32_le());
      out_.width = (sides & kVp8SideMask) + 1;
      out_.height = (sides >> 14 & kVp8SideMask) + 1;
    } else {
      return Error::at(ErrorCode::malformed, "webp.first-chunk", chunk);
    }
    return {};
  }

  Result<void> walk_chunks() {
    const uint64_t end = std::min<uint64_t>(out_.end_offset_bytes, file_.size());
    ByteReader in(file_.first(end));
    SAFELIGHT_CHECK(in.skip(kRiffHeaderBytes));
    while (in.remaining() > 1) {
      const uint64_t offset = in.offset_bytes();
      SAFELIGHT_TRY(const std::string_view type, in.text(4));
      SAFELIGHT_TRY(const uint32_t length, in.u32_le());
      const uint64_t there = std::min<uint64_t>(length, in.remaining());
      SAFELIGHT_TRY(const auto data, in.bytes(there));
      if (type == "ANMF") SAFELIGHT_CHECK(take_frame(data, offset));
      if (type == "EXIF") out_.exif_orientation = metadata::exif_orientation(data);
      if (there < length) return Error::at(ErrorCode::truncated, "webp.chunk", offset);
      if ((length & 1) != 0 && !in.at_end()) SAFELIGHT_CHECK(in.skip(1));
    }
    if (out_.end_offset_bytes > file_.size()) {
      return Error::at(ErrorCode::truncated, "webp.riff-length", file_.size());
    }
    return {};
  }

  Result<void> take_frame(std::span<const std::byte> data, uint64_t offset) {
    if (!out_.animated) return {};
    if (out_.frames.size() > limits_.max_picture_members) {
      ++out_.more_frames;
      return {};
    }
    ByteReader in(data, offset + 8);
    WebpFrame frame;
    frame.offset_bytes = offset;
    SAFELIGHT_TRY(const uint32_t half_x, u24_le(in));
    SAFELIGHT_TRY(const uint32_t half_y, u24_le(in));
    SAFELIGHT_TRY(const uint32_t width, u24_le(in));
    SAFELIGHT_TRY(const uint32_t height, u24_le(in));
    SAFELIGHT_CHECK(in.skip(3));  // duration
    SAFELIGHT_TRY(const uint8_t flags, in.u8());
    frame.place = {half_x * 2, half_y * 2, width + 1, height + 1};
    frame.disposal = (flags & 1) != 0 ? Disposal::clear : Disposal::keep;
    frame.blend = (flags & 2) != 0 ? Blend::replace : Blend::over;
    frame.data = data.subspan(kFrameHeaderBytes);
    out_.frames.push_back(frame);
    return {};
  }

  std::span<const std::byte> file_;
  const Limits& limits_;
  WebpStructure out_;
};

}  // namespace

Result<WebpStructure> read_webp_structure(std::span<const std::byte> file, const Limits& limits) {
  return Walk(file, limits).run();
}

}  // namespace safelight::codec

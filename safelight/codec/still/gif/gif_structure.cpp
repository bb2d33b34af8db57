#include "safelight/codec/still/gif/gif_structure.h"

#include <string_view>

#include "safelight/base/byte_reader.h"

namespace safelight::codec {
namespace {

constexpr uint8_t kExtension = 0x21;
constexpr uint8_t kImage = 0x2c;
constexpr uint8_t kTrailer = 0x3b;
constexpr uint8_t kGraphicControl = 0xf9;
constexpr uint8_t kTransparencyFlag = 1;
constexpr uint8_t kMaxCodeSize = 8;

/// Passes over a palette, where `flags` announce one.
Result<void> skip_palette(ByteReader& in, uint8_t flags) {
  if ((flags & 0x80) == 0) return {};
  return in.skip(uint64_t{3} << ((flags & 7) + 1));
}

Result<void> skip_sub_blocks(ByteReader& in) {
  while (true) {
    SAFELIGHT_TRY(const uint8_t length, in.u8());
    if (length == 0) return {};
    SAFELIGHT_CHECK(in.skip(length));
  }
}

Disposal disposal_of(uint8_t flags) {
  switch (flags >> 2 & 7) {
    case 2:
      return Disposal::clear;
    case 3:
      return Disposal::restore;
    default:
      return Disposal::keep;
  }
}

class Walk {
 public:
  Walk(std::span<const std::byte> file, const Limits& limits) : in_(file), limits_(limits) {}

  Result<GifStructure> run() {
    SAFELIGHT_TRY(const std::string_view signature, in_.text(6));
    if (signature != "GIF87a" && signature != "GIF89a") {
      return Error::at(ErrorCode::malformed, "gif.signature", 0);
    }
    SAFELIGHT_TRY(out_.screen_width, in_.u16_le());
    SAFELIGHT_TRY(out_.screen_height, in_.u16_le());
    SAFELIGHT_TRY(const uint8_t flags, in_.u8());
    SAFELIGHT_CHECK(in_.skip(2));  // background, aspect
    SAFELIGHT_CHECK(skip_palette(in_, flags));
    out_.first_block_offset_bytes = in_.offset_bytes();
    while (!out_.end_offset_bytes) {
      if (const auto read = read_block(); !read) {
        out_.damage = read.error();
        break;
      }
    }
    return std::move(out_);
  }

 private:
  Result<void> read_block() {
    const uint64_t offset = in_.offset_bytes();
    SAFELIGHT_TRY(const uint8_t kind, in_.u8());
    switch (kind) {
      case kTrailer:
        out_.end_offset_bytes = in_.offset_bytes();
        return {};
      case kExtension:
        return read_extension();
      case kImage:
        return read_image(offset);
      default:
        return Error::at(ErrorCode::malformed, "gif.block", offset);
    }
  }

  Result<void> read_extension() {
    SAFELIGHT_TRY(const uint8_t label, in_.u8());
    if (label == kGraphicControl) {
      ByteReader peek = in_;
      SAFELIGHT_TRY(const uint8_t length, peek.u8());
      if (length >= 4) {
        SAFELIGHT_TRY(const uint8_t flags, peek.u8());
        SAFELIGHT_CHECK(peek.skip(2));  // delay
        SAFELIGHT_TRY(const uint8_t index, peek.u8());
        next_.disposal = disposal_of(flags);
        next_.transparent_index.reset();
        if ((flags & kTransparencyFlag) != 0) next_.transparent_index = index;
      }
    }
    return skip_sub_blocks(in_);
  }

  Result<void> read_image(uint64_t offset) {
    GifFrame frame = next_;
    next_ = {};
    frame.offset_bytes = offset;
    SAFELIGHT_TRY(frame.place.x, in_.u16_le());
    SAFELIGHT_TRY(frame.place.y, in_.u16_le());
    SAFELIGHT_TRY(frame.place.width, in_.u16_le());
    SAFELIGHT_TRY(frame.place.height, in_.u16_le());
    SAFELIGHT_TRY(const uint8_t flags, in_.u8());
    SAFELIGHT_CHECK(skip_palette(in_, flags));
    const uint64_t code_size_offset = in_.offset_bytes();
    SAFELIGHT_TRY(const uint8_t code_size, in_.u8());
    if (code_size > kMaxCodeSize) {
      return Error::at(ErrorCode::malformed, "gif.code-size", code_size_offset);
    }
    if (out_.frames.size() > limits_.max_picture_members) {
      ++out_.more_frames;
    } else {
      out_.frames.push_back(frame);
    }
    return skip_sub_blocks(in_);
  }

  ByteReader in_;
  const Limits& limits_;
  GifStructure out_;
  GifFrame next_;  ///< What a graphic control extension has said of the picture to come.
};

}  // namespace

Result<GifStructure> read_gif_structure(std::span<const std::byte> file, const Limits& limits) {
  return Walk(file, limits).run();
}

}  // namespace safelight::codec

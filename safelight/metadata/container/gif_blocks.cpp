#include "safelight/metadata/container/gif_blocks.h"

#include "safelight/base/byte_reader.h"

namespace safelight::metadata {
namespace {

constexpr uint8_t kExtension = 0x21;
constexpr uint8_t kImage = 0x2c;
constexpr uint8_t kTrailer = 0x3b;
constexpr size_t kApplicationBytes = 11;

/// Passes over a palette, where `flags` announce one.
Result<void> skip_palette(ByteReader& in, uint8_t flags) {
  if ((flags & 0x80) == 0) return {};
  return in.skip(uint64_t{3} << ((flags & 7) + 1));
}

Result<ByteRange> skip_sub_blocks(ByteReader& in) {
  const uint64_t offset = in.offset_bytes();
  while (true) {
    SAFELIGHT_TRY(const uint8_t length, in.u8());
    if (length == 0) return ByteRange{offset, in.offset_bytes() - offset};
    SAFELIGHT_CHECK(in.skip(length));
  }
}

Result<void> skip_header(ByteReader& in) {
  SAFELIGHT_TRY(const std::string_view signature, in.text(6));
  if (signature != "GIF87a" && signature != "GIF89a") {
    return Error::at(ErrorCode::malformed, "gif.signature", 0);
  }
  SAFELIGHT_CHECK(in.skip(4));  // screen size
  SAFELIGHT_TRY(const uint8_t flags, in.u8());
  SAFELIGHT_CHECK(in.skip(2));  // background, aspect
  return skip_palette(in, flags);
}

GifBlock::Kind kind_of(uint8_t label) {
  switch (label) {
    case 0xf9:
      return GifBlock::Kind::graphic_control;
    case 0xfe:
      return GifBlock::Kind::comment;
    case 0x01:
      return GifBlock::Kind::plain_text;
    case 0xff:
      return GifBlock::Kind::application;
    default:
      return GifBlock::Kind::other_extension;
  }
}

Result<void> read_extension(ByteReader& in, GifBlock& block) {
  SAFELIGHT_TRY(const uint8_t label, in.u8());
  block.kind = kind_of(label);
  if (block.kind == GifBlock::Kind::application) {
    ByteReader ahead = in;
    SAFELIGHT_TRY(const uint8_t length, ahead.u8());
    if (length == kApplicationBytes) {
      SAFELIGHT_TRY(block.application, ahead.text(length));
      in = ahead;
    }
  }
  SAFELIGHT_TRY(block.sub_blocks, skip_sub_blocks(in));
  return {};
}

Result<void> read_image(ByteReader& in, GifBlock& block) {
  block.kind = GifBlock::Kind::image;
  SAFELIGHT_CHECK(in.skip(8));  // place
  SAFELIGHT_TRY(const uint8_t flags, in.u8());
  SAFELIGHT_CHECK(skip_palette(in, flags));
  SAFELIGHT_CHECK(in.skip(1));  // code size
  SAFELIGHT_TRY(block.sub_blocks, skip_sub_blocks(in));
  return {};
}

/// The block at the reader's position, leaving the reader behind it.
Result<GifBlock> next_block(ByteReader& in) {
  GifBlock block;
  block.whole.offset_bytes = in.offset_bytes();
  SAFELIGHT_TRY(const uint8_t introducer, in.u8());
  switch (introducer) {
    case kTrailer:
      block.kind = GifBlock::Kind::trailer;
      break;
    case kExtension:
      SAFELIGHT_CHECK(read_extension(in, block));
      break;
    case kImage:
      SAFELIGHT_CHECK(read_image(in, block));
      break;
    default:
      return Error::at(ErrorCode::malformed, "gif.block", block.whole.offset_bytes);
  }
  block.whole.length_bytes = in.offset_bytes() - block.whole.offset_bytes;
  return block;
}

}  // namespace

GifBlocks gif_blocks(std::span<const std::byte> file, const MetadataLimits& limits) {
  GifBlocks out;
  ByteReader in(file);
  if (const auto header = skip_header(in); !header) {
    out.damage = header.error();
    return out;
  }
  out.blocks.push_back({GifBlock::Kind::header, {0, in.offset_bytes()}, {}, {}});
  while (!out.end_offset_bytes) {
    if (out.blocks.size() >= limits.max_segments) {
      out.damage = in.error(ErrorCode::limit_exceeded, "max_segments");
      break;
    }
    const auto block = next_block(in);
    if (!block) {
      out.damage = block.error();
      break;
    }
    out.blocks.push_back(*block);
    if (block->kind == GifBlock::Kind::trailer) out.end_offset_bytes = in.offset_bytes();
  }
  return out;
}

Result<std::vector<std::byte>> join_sub_blocks(std::span<const std::byte> file,
                                               ByteRange sub_blocks, const MetadataLimits& limits) {
  if (sub_blocks.length_bytes > limits.max_joined_bytes) {
    return Error::at(ErrorCode::limit_exceeded, "max_joined_bytes", sub_blocks.offset_bytes);
  }
  std::vector<std::byte> joined;
  joined.reserve(sub_blocks.length_bytes);
  ByteReader in(bytes_at(file, sub_blocks), sub_blocks.offset_bytes);
  while (true) {
    SAFELIGHT_TRY(const uint8_t length, in.u8());
    if (length == 0) return joined;
    SAFELIGHT_TRY(const auto data, in.bytes(length));
    joined.insert(joined.end(), data.begin(), data.end());
  }
}

}  // namespace safelight::metadata

#include "safelight/codec/still/bmp/bmp.h"

#include <algorithm>
#include <vector>

#include "safelight/base/byte_reader.h"
#include "safelight/codec/layout_remarks.h"
#include "safelight/codec/picture_output.h"
#include "safelight/codec/still/bmp/bmp_header.h"

namespace safelight::codec {
namespace {

/// Zeros behind the data, up to which they count as padding.
constexpr uint64_t kMaxPaddingBytes = 4;

/// One colour of a 16- or 32-bit pixel in 8 bits, as ImageMagick 6 widens and narrows it: 5 bits,
/// and 6 of green, are repeated to fill 8; other widths under 8 are filled with zeros; wider ones
/// are cut to 16 bits and rounded.
uint8_t masked(uint32_t pixel, const BmpMask& mask, uint32_t bits_per_pixel, bool green) {
  if (mask.width == 0) return 0;
  const uint32_t value = (pixel & mask.bits) >> mask.shift;
  if (mask.width > 8) {
    const uint32_t wide =
        mask.width >= 16 ? value >> (mask.width - 16) : value << (16 - mask.width);
    return round_16_to_8(wide);
  }
  const uint32_t high = value << (8 - mask.width);
  if (bits_per_pixel == 32)
    return mask.width == 8 ? static_cast<uint8_t>(high) : round_16_to_8(high << 8);
  if (mask.width == 5) return static_cast<uint8_t>(high | high >> 5);
  if (mask.width == 6 && green) return static_cast<uint8_t>(high | high >> 6);
  return static_cast<uint8_t>(high);
}

class Converter {
 public:
  explicit Converter(const BmpHeader& header) : header_(header) {}

  void index_to_rgb(uint32_t index, uint8_t* rgb) const {
    const auto& entry = header_.palette[index < header_.palette.size() ? index : 0];
    std::copy(entry.begin(), entry.end(), rgb);
  }

  /// One row that is not packed into red, green and blue.
  void convert(std::span<const std::byte> row, std::span<uint8_t> rgb) const {
    const uint32_t depth = header_.bits_per_pixel;
    const auto byte = [&](size_t i) { return std::to_integer<uint32_t>(row[i]); };
    uint8_t* out = rgb.data();
    for (size_t x = 0; x < header_.width; ++x, out += 3) {
      if (depth <= 8) {
        const size_t bit = x * depth;
        const uint32_t shift = 8 - depth - static_cast<uint32_t>(bit % 8);
        index_to_rgb(byte(bit / 8) >> shift & ((1u << depth) - 1), out);
      } else if (depth == 24) {
        for (size_t c = 0; c < 3; ++c) out[c] = std::to_integer<uint8_t>(row[3 * x + 2 - c]);
      } else {
        uint32_t pixel = byte(x * (depth / 8)) | byte(x * (depth / 8) + 1) << 8;
        if (depth == 32) pixel |= byte(4 * x + 2) << 16 | byte(4 * x + 3) << 24;
        for (size_t c = 0; c < 3; ++c) out[c] = masked(pixel, header_.masks[c], depth, c == 1);
      }
    }
  }

 private:
  const BmpHeader& header_;
};

/// Run lengths into one index a pixel, in the order of the file's rows; like ImageMagick, a run
/// that goes on beyond its row is not cut off. Gives what ended it early, if anything did.
std::optional<Error> unpack(std::span<const std::byte> file, const BmpHeader& header,
                            std::vector<uint8_t>& indices) {
  ByteReader in(file);
  const auto moved = in.seek(header.data_offset_bytes);
  if (!moved) return moved.error();
  const bool nibbles = header.packing == BmpPacking::rle4;
  size_t x = 0;
  size_t y = 0;
  const auto put = [&](uint32_t index) {
    const size_t at = y * header.width + x++;
    if (at < indices.size()) indices[at] = static_cast<uint8_t>(index);
  };
  while (y < header.height) {
    const auto pair = in.bytes(2);
    if (!pair) return pair.error();
    const auto first = std::to_integer<uint32_t>((*pair)[0]);
    const auto second = std::to_integer<uint32_t>((*pair)[1]);
    if (first != 0) {  // a run, of two indices in turn where they have 4 bits
      for (uint32_t i = 0; i < first; ++i) {
        put(!nibbles ? second : (i % 2 == 0 ? second >> 4 : second & 15));
      }
    } else if (second == 0) {  // end of row
      x = 0;
      ++y;
    } else if (second == 1) {  // end of picture
      return std::nullopt;
    } else if (second == 2) {  // move
      const auto by = in.bytes(2);
      if (!by) return by.error();
      x += std::to_integer<size_t>((*by)[0]);
      y += std::to_integer<size_t>((*by)[1]);
    } else {  // as they are, padded to 16 bits
      const uint32_t stored = nibbles ? (second + 1) / 2 : second;
      const auto plain = in.bytes(stored);
      if (!plain) return plain.error();
      for (uint32_t i = 0; i < second; ++i) {
        const auto value = std::to_integer<uint32_t>((*plain)[nibbles ? i / 2 : i]);
        put(!nibbles ? value : (i % 2 == 0 ? value >> 4 : value & 15));
      }
      if (stored % 2 == 1) {
        const auto padded = in.skip(1);
        if (!padded) return padded.error();
      }
    }
  }
  return std::nullopt;
}

Result<Decoded> decode_packed(std::span<const std::byte> file, const BmpHeader& header,
                              const DecodeRequest& request) {
  const uint64_t pixels = uint64_t{header.width} * header.height;
  SAFELIGHT_CHECK(check_memory(pixels, 1, request.limits, kBmpSizeOffset));
  if (header.data_offset_bytes >= file.size()) {
    return Error::at(ErrorCode::truncated, "bmp.data", header.data_offset_bytes);
  }
  std::vector<uint8_t> indices(pixels);
  const auto incomplete = unpack(file, header, indices);
  const Converter converter(header);
  PictureOutput output(request);
  output.begin({header.width, header.height, 3});
  std::vector<uint8_t> rgb(size_t{header.width} * 3);
  for (uint32_t y = 0; y < header.height; ++y) {
    const size_t stored = header.top_down ? y : header.height - 1 - y;
    const uint8_t* row = indices.data() + stored * header.width;
    for (size_t x = 0; x < header.width; ++x) converter.index_to_rgb(row[x], rgb.data() + 3 * x);
    output.rows(y, rgb);
  }
  return std::move(output).finish(incomplete);
}

Result<Decoded> decode_plain(std::span<const std::byte> file, const BmpHeader& header,
                             const DecodeRequest& request) {
  const Converter converter(header);
  PictureOutput output(request);
  output.begin({header.width, header.height, 3});
  std::vector<uint8_t> rgb(size_t{header.width} * 3);
  const uint64_t row_bytes = header.row_bytes();
  std::optional<Error> incomplete;
  bool any = false;
  for (uint32_t y = 0; y < header.height; ++y) {
    const uint64_t stored = header.top_down ? y : header.height - 1 - y;
    const uint64_t offset = header.data_offset_bytes + stored * row_bytes;
    if (offset > file.size() || row_bytes > file.size() - offset) {
      if (!incomplete) incomplete = Error::at(ErrorCode::truncated, "bmp.data", file.size());
      std::fill(rgb.begin(), rgb.end(), uint8_t{0});
      output.rows(y, rgb);
      continue;
    }
    any = true;
    if (!output.needs(y)) {
      output.made_until(y + 1);
      continue;
    }
    converter.convert(file.subspan(offset, row_bytes), rgb);
    output.rows(y, rgb);
  }
  if (!any) return *incomplete;
  return std::move(output).finish(incomplete);
}

/// The headers, with a size within the limits.
Result<BmpHeader> read_checked(std::span<const std::byte> file, const Limits& limits) {
  SAFELIGHT_TRY(BmpHeader header, read_bmp_header(file));
  SAFELIGHT_CHECK(check_size(header.width, header.height, limits, kBmpSizeOffset));
  return header;
}

bool is_packed_file(const BmpHeader& header) {
  return header.packing == BmpPacking::jpeg || header.packing == BmpPacking::png;
}

}  // namespace

Result<Layout> bmp_layout(std::span<const std::byte> file, const Limits& limits) {
  SAFELIGHT_TRY(const BmpHeader header, read_checked(file, limits));
  Layout layout;
  layout.width = header.width;
  layout.height = header.height;
  if (is_packed_file(header) && header.data_offset_bytes < file.size()) {
    const uint64_t there = file.size() - header.data_offset_bytes;
    add_member(layout, limits,
               {.kind = Member::Kind::item,
                .offset_bytes = header.data_offset_bytes,
                .length_bytes = header.data_bytes != 0 ? std::min(header.data_bytes, there) : there,
                .format = header.packing == BmpPacking::jpeg ? Format::jpeg : Format::png});
  }
  uint64_t end = header.end_bytes;
  if (header.packing == BmpPacking::none) {
    end = std::max(end, header.data_offset_bytes + header.row_bytes() * header.height);
  }
  if (end >= file.size()) return layout;
  const auto rest = file.subspan(end);
  const bool padding =
      rest.size() <= kMaxPaddingBytes &&
      std::all_of(rest.begin(), rest.end(), [](std::byte b) { return b == std::byte{0}; });
  if (!padding) remark_trailing_data(layout, end, file.size());
  return layout;
}

Result<Decoded> decode_bmp(std::span<const std::byte> file, std::optional<uint32_t> member,
                           const DecodeRequest& request) {
  if (member) return Error{ErrorCode::not_found, "bmp.member"};
  SAFELIGHT_TRY(const BmpHeader header, read_checked(file, request.limits));
  if (is_packed_file(header)) {
    return Error::at(ErrorCode::unsupported, "bmp.packed-file", header.data_offset_bytes);
  }
  return header.packing == BmpPacking::none ? decode_plain(file, header, request)
                                            : decode_packed(file, header, request);
}

}  // namespace safelight::codec

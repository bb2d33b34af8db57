#include "safelight/codec/still/bmp/bmp_header.h"

#include <algorithm>
#include <bit>
#include <string_view>

#include "safelight/base/byte_reader.h"

namespace safelight::codec {
namespace {

constexpr uint64_t kFileHeaderBytes = 14;
constexpr uint32_t kOs2HeaderBytes = 12;
constexpr uint32_t kWindowsHeaderBytes = 40;
constexpr uint32_t kMasksHeaderBytes = 52;  ///< From here on the masks are part of the header.
constexpr uint32_t kProfileHeaderBytes = 124;
constexpr uint64_t kMasksOffset = kFileHeaderBytes + kWindowsHeaderBytes;
constexpr uint64_t kProfileFieldOffset = kFileHeaderBytes + 112;
constexpr uint64_t kCompressionOffset = 30;
constexpr uint64_t kDepthOffset = 28;
constexpr uint64_t kMaxPaletteEntries = 256;

BmpMask make_mask(uint32_t bits) {
  if (bits == 0) return {};
  return {bits, static_cast<uint32_t>(std::countr_zero(bits)),
          static_cast<uint32_t>(std::bit_width(bits) - std::countr_zero(bits))};
}

class Reader {
 public:
  explicit Reader(std::span<const std::byte> file) : file_(file), in_(file) {}

  Result<BmpHeader> run() {
    SAFELIGHT_TRY(const std::string_view signature, in_.text(2));
    if (signature != "BM") return Error::at(ErrorCode::malformed, "bmp.signature", 0);
    SAFELIGHT_CHECK(in_.skip(8));
    SAFELIGHT_TRY(out_.data_offset_bytes, in_.u32_le());
    SAFELIGHT_TRY(header_bytes_, in_.u32_le());
    if (header_bytes_ == kOs2HeaderBytes) {
      SAFELIGHT_CHECK(read_os2_size());
    } else {
      SAFELIGHT_CHECK(read_size());
      if (header_bytes_ >= kWindowsHeaderBytes) SAFELIGHT_CHECK(read_packing());
    }
    SAFELIGHT_CHECK(check_depth());
    SAFELIGHT_CHECK(read_masks());
    SAFELIGHT_CHECK(read_palette());
    return finish();
  }

 private:
  Result<void> read_os2_size() {
    SAFELIGHT_TRY(out_.width, in_.u16_le());
    SAFELIGHT_TRY(out_.height, in_.u16_le());
    SAFELIGHT_CHECK(in_.skip(2));  // planes
    depth_offset_bytes_ = in_.offset_bytes();
    SAFELIGHT_TRY(out_.bits_per_pixel, in_.u16_le());
    return {};
  }

  Result<void> read_size() {
    if (header_bytes_ < 16) {
      return Error::at(ErrorCode::malformed, "bmp.header-length", kFileHeaderBytes);
    }
    SAFELIGHT_TRY(const uint32_t width, in_.u32_le());
    SAFELIGHT_TRY(const uint32_t height, in_.u32_le());
    out_.top_down = (height >> 31) != 0;
    out_.width = width;
    out_.height = out_.top_down ? 0 - height : height;
    SAFELIGHT_CHECK(in_.skip(2));  // planes
    depth_offset_bytes_ = in_.offset_bytes();
    SAFELIGHT_TRY(out_.bits_per_pixel, in_.u16_le());
    return {};
  }

  Result<void> read_packing() {
    SAFELIGHT_TRY(compression_, in_.u32_le());
    SAFELIGHT_TRY(out_.data_bytes, in_.u32_le());
    SAFELIGHT_CHECK(in_.skip(8));  // resolution
    SAFELIGHT_TRY(palette_entries_, in_.u32_le());
    const bool os2 = header_bytes_ == 64;
    const uint32_t depth = out_.bits_per_pixel;
    if (compression_ == 1 && depth == 8) {
      out_.packing = BmpPacking::rle8;
    } else if (compression_ == 2 && depth == 4) {
      out_.packing = BmpPacking::rle4;
    } else if ((compression_ == 3 || compression_ == 6) && !os2 && (depth == 16 || depth == 32)) {
      has_masks_ = true;
    } else if (compression_ == 4 && !os2) {
      out_.packing = BmpPacking::jpeg;
    } else if (compression_ == 5 && !os2) {
      out_.packing = BmpPacking::png;
    } else if (compression_ != 0) {
      return Error::at(ErrorCode::unsupported, "bmp.compression", kCompressionOffset);
    }
    return {};
  }

  [[nodiscard]] Result<void> check_depth() const {
    constexpr std::array<uint32_t, 7> kDepths = {1, 2, 4, 8, 16, 24, 32};
    const bool packed_file = out_.packing == BmpPacking::jpeg || out_.packing == BmpPacking::png;
    if (packed_file ||
        std::find(kDepths.begin(), kDepths.end(), out_.bits_per_pixel) != kDepths.end()) {
      return {};
    }
    return Error::at(ErrorCode::unsupported, "bmp.depth", depth_offset_bytes_);
  }

  Result<void> read_masks() {
    after_header_bytes_ = kFileHeaderBytes + header_bytes_;
    if (!has_masks_) {
      if (out_.bits_per_pixel == 16) {
        out_.masks = {make_mask(0x7c00), make_mask(0x3e0), make_mask(0x1f)};
      } else {
        out_.masks = {make_mask(0xff0000), make_mask(0xff00), make_mask(0xff)};
      }
      return {};
    }
    ByteReader in(file_);
    SAFELIGHT_CHECK(in.seek(kMasksOffset));
    for (BmpMask& mask : out_.masks) {
      SAFELIGHT_TRY(const uint32_t bits, in.u32_le());
      mask = make_mask(bits);
    }
    if (header_bytes_ < kMasksHeaderBytes) {
      after_header_bytes_ = in.offset_bytes() + (compression_ == 6 ? 4 : 0);
    }
    return {};
  }

  Result<void> read_palette() {
    if (out_.bits_per_pixel > 8 || out_.bits_per_pixel == 0) return {};
    const uint64_t all = uint64_t{1} << out_.bits_per_pixel;
    uint64_t count = palette_entries_ == 0 ? all : palette_entries_;
    count = std::min(count, kMaxPaletteEntries);
    ByteReader in(file_);
    SAFELIGHT_CHECK(in.seek(after_header_bytes_));
    const bool os2 = header_bytes_ == kOs2HeaderBytes;
    const uint64_t entry_bytes = os2 ? 3 : 4;
    // A palette may be cut short by the data that follow it.
    if (out_.data_offset_bytes > after_header_bytes_) {
      count = std::min(count, (out_.data_offset_bytes - after_header_bytes_) / entry_bytes);
    }
    for (uint64_t i = 0; i < count; ++i) {
      SAFELIGHT_TRY(const auto entry, in.bytes(entry_bytes));
      out_.palette.push_back({std::to_integer<uint8_t>(entry[2]),
                              std::to_integer<uint8_t>(entry[1]),
                              std::to_integer<uint8_t>(entry[0])});
    }
    after_header_bytes_ = in.offset_bytes();
    if (out_.palette.empty()) out_.palette.push_back({0, 0, 0});
    return {};
  }

  Result<BmpHeader> finish() {
    if (out_.data_offset_bytes < kFileHeaderBytes + header_bytes_) {
      out_.data_offset_bytes = after_header_bytes_;
    }
    if (out_.packing != BmpPacking::none) {
      out_.end_bytes =
          out_.data_bytes != 0 ? out_.data_offset_bytes + out_.data_bytes : uint64_t{file_.size()};
    }
    if (header_bytes_ >= kProfileHeaderBytes) {
      ByteReader in(file_);
      SAFELIGHT_CHECK(in.seek(kProfileFieldOffset));
      SAFELIGHT_TRY(const uint32_t offset, in.u32_le());
      SAFELIGHT_TRY(const uint32_t length, in.u32_le());
      if (length > 0) {
        out_.end_bytes = std::max(out_.end_bytes, kFileHeaderBytes + uint64_t{offset} + length);
      }
    }
    return std::move(out_);
  }

  std::span<const std::byte> file_;
  ByteReader in_;
  BmpHeader out_;
  uint32_t header_bytes_ = 0;
  uint32_t compression_ = 0;
  uint64_t palette_entries_ = 0;
  uint64_t depth_offset_bytes_ = kDepthOffset;
  uint64_t after_header_bytes_ = 0;  ///< Where masks, then the palette, end.
  bool has_masks_ = false;
};

}  // namespace

Result<BmpHeader> read_bmp_header(std::span<const std::byte> file) { return Reader(file).run(); }

}  // namespace safelight::codec

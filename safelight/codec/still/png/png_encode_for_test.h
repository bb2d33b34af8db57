#pragma once

#include <array>
#include <cstdint>
#include <png.h>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <zlib.h>

#include "safelight/codec/still/png/png.h"

namespace safelight::codec {

using ByteVector = std::vector<std::byte>;

struct PngSpec {
  uint32_t width = 4;
  uint32_t height = 1;
  int bit_depth = 8;
  int colour_type = PNG_COLOR_TYPE_RGB;
  bool interlaced = false;
  std::vector<std::array<uint8_t, 3>> palette{};
  std::vector<uint8_t> palette_alpha{};
  std::vector<uint8_t> rows{};  ///< As PNG stores them: packed, big-endian.
  int idat_bytes = 8192;        ///< Of one IDAT chunk at most.
};

inline void append_to(png_structp png, png_bytep data, size_t size) {
  auto& out = *static_cast<ByteVector*>(png_get_io_ptr(png));
  const auto bytes = std::as_bytes(std::span(data, size));
  out.insert(out.end(), bytes.begin(), bytes.end());
}

inline ByteVector encode_png(const PngSpec& spec) {
  ByteVector out;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(png, &out, append_to, nullptr);
  png_set_compression_buffer_size(png, static_cast<size_t>(spec.idat_bytes));
  png_set_IHDR(png, info, spec.width, spec.height, spec.bit_depth, spec.colour_type,
               spec.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  std::vector<png_color> palette;
  for (const auto& entry : spec.palette) palette.push_back({entry[0], entry[1], entry[2]});
  if (!palette.empty()) png_set_PLTE(png, info, palette.data(), static_cast<int>(palette.size()));
  if (!spec.palette_alpha.empty()) {
    png_set_tRNS(png, info, spec.palette_alpha.data(), static_cast<int>(spec.palette_alpha.size()),
                 nullptr);
  }
  png_write_info(png, info);
  const size_t row_bytes = png_get_rowbytes(png, info);
  std::vector<png_bytep> rows;
  for (size_t y = 0; y < spec.height; ++y) {
    rows.push_back(const_cast<png_bytep>(spec.rows.data()) + y * row_bytes);  // NOLINT: read only
  }
  png_write_image(png, rows.data());
  png_write_end(png, nullptr);
  png_destroy_write_struct(&png, &info);
  return out;
}

inline void append(ByteVector& out, std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  out.insert(out.end(), bytes.begin(), bytes.end());
}

inline std::string u32_be_text(uint32_t value) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) text.push_back(static_cast<char>(value >> shift));
  return text;
}

/// A chunk with its length and checksum.
inline std::string png_chunk(std::string_view type, std::string_view data) {
  const std::string covered = std::string(type) + std::string(data);
  const auto crc = crc32_z(0, reinterpret_cast<const Bytef*>(covered.data()), covered.size());
  return u32_be_text(static_cast<uint32_t>(data.size())) + covered +
         u32_be_text(static_cast<uint32_t>(crc));
}

/// The first place of `type` as a chunk type.
inline size_t find_chunk(const ByteVector& file, std::string_view type, size_t from = 8) {
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  return text.find(type, from) - 4;
}

inline ByteVector insert_at(ByteVector file, size_t offset, std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  file.insert(file.begin() + static_cast<std::ptrdiff_t>(offset), bytes.begin(), bytes.end());
  return file;
}

/// The zlib stream of rows without a filter.
inline std::string deflate_rows(std::string_view rows) {
  std::string out(compressBound(rows.size()), '\0');
  uLongf size = out.size();
  compress(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(rows.data()),
           rows.size());
  out.resize(size);
  return out;
}

}  // namespace safelight::codec

#pragma once

#include <algorithm>
#include <cstring>
#include <map>
#include <span>
#include <string>
#include <tiffio.h>
#include <vector>

#include "safelight/base/byte_writer.h"

namespace safelight::codec {

using ByteVector = std::vector<std::byte>;

/// One directory written field by field: values of 16 (SHORT) or 32 bits (LONG).
struct TiffDirectory {
  struct Field {
    uint16_t type = 3;  ///< 3 SHORT, 4 LONG.
    std::vector<uint32_t> values{};
  };
  std::map<uint16_t, Field> fields{};
  std::vector<uint8_t> data{};  ///< Its one strip.
};

inline TiffDirectory tiff_directory(uint32_t width, uint32_t height, uint32_t bits,
                                    uint32_t photometric, uint32_t samples,
                                    std::vector<uint8_t> data) {
  TiffDirectory directory;
  directory.fields = {{uint16_t{256}, {3, {width}}},
                      {uint16_t{257}, {3, {height}}},
                      {uint16_t{258}, {3, std::vector<uint32_t>(samples, bits)}},
                      {uint16_t{259}, {3, {1}}},
                      {uint16_t{262}, {3, {photometric}}},
                      {uint16_t{277}, {3, {samples}}},
                      {uint16_t{278}, {3, {height}}},
                      {uint16_t{279}, {4, {static_cast<uint32_t>(data.size())}}}};
  directory.data = std::move(data);
  return directory;
}

/// Little-endian, each directory in front of what it points to, so that a cut file keeps it.
inline ByteVector write_tiff(std::vector<TiffDirectory> directories) {
  ByteWriter out;
  out.text("II");
  out.u16_le(42);
  out.u32_le(8);
  for (size_t i = 0; i < directories.size(); ++i) {
    TiffDirectory& directory = directories[i];
    const bool strip = !directory.data.empty();
    if (strip) directory.fields[273] = {4, {0}};
    const size_t start = out.view().size();
    size_t extra = start + 2 + 12 * directory.fields.size() + 4;
    const size_t extra_start = extra;
    for (const auto& [tag, field] : directory.fields) {
      const size_t bytes = field.values.size() * (field.type == 3 ? 2 : 4);
      if (bytes > 4) extra += bytes;
    }
    const size_t data_offset = extra;
    const size_t end = data_offset + (directory.data.size() + 1) / 2 * 2;
    if (strip) directory.fields[273].values = {static_cast<uint32_t>(data_offset)};
    ByteWriter values;
    out.u16_le(static_cast<uint16_t>(directory.fields.size()));
    const auto put = [](ByteWriter& to, const TiffDirectory::Field& field) {
      for (const uint32_t value : field.values) {
        if (field.type == 3) {
          to.u16_le(static_cast<uint16_t>(value));
        } else {
          to.u32_le(value);
        }
      }
    };
    for (const auto& [tag, field] : directory.fields) {
      const size_t bytes = field.values.size() * (field.type == 3 ? 2 : 4);
      out.u16_le(tag);
      out.u16_le(field.type);
      out.u32_le(static_cast<uint32_t>(field.values.size()));
      if (bytes > 4) {
        out.u32_le(static_cast<uint32_t>(extra_start + values.view().size()));
        put(values, field);
      } else {
        put(out, field);
        for (size_t k = bytes; k < 4; ++k) out.u8(0);
      }
    }
    out.u32_le(i + 1 < directories.size() ? static_cast<uint32_t>(end) : 0);
    out.bytes(values.view());
    out.bytes(std::as_bytes(std::span(directory.data)));
    while (out.view().size() < end) out.u8(0);
  }
  return std::move(out).take();
}

/// What libtiff's writer needs of a file, in memory.
struct TiffMemory {
  ByteVector bytes;
  size_t position = 0;

  static tmsize_t read(thandle_t handle, void* out, tmsize_t size) {
    auto& memory = *static_cast<TiffMemory*>(handle);
    const size_t count = std::min(static_cast<size_t>(size), memory.bytes.size() - memory.position);
    std::memcpy(out, memory.bytes.data() + memory.position, count);
    memory.position += count;
    return static_cast<tmsize_t>(count);
  }
  static tmsize_t write(thandle_t handle, void* data, tmsize_t size) {
    auto& memory = *static_cast<TiffMemory*>(handle);
    const size_t end = memory.position + static_cast<size_t>(size);
    if (memory.bytes.size() < end) memory.bytes.resize(end);
    std::memcpy(memory.bytes.data() + memory.position, data, static_cast<size_t>(size));
    memory.position = end;
    return size;
  }
  static toff_t seek(thandle_t handle, toff_t offset, int whence) {
    auto& memory = *static_cast<TiffMemory*>(handle);
    const size_t base =
        whence == SEEK_SET ? 0 : (whence == SEEK_CUR ? memory.position : memory.bytes.size());
    memory.position = base + offset;
    if (memory.position > memory.bytes.size()) memory.bytes.resize(memory.position);
    return memory.position;
  }
};

struct TiffSpec {
  uint32_t width = 33;
  uint32_t height = 21;
  uint16_t bits = 8;
  uint16_t samples = 3;
  uint16_t photometric = PHOTOMETRIC_RGB;
  uint16_t compression = COMPRESSION_NONE;
  uint16_t planes = PLANARCONFIG_CONTIG;
  uint16_t predictor = 0;   ///< 2 for differences.
  uint32_t strip_rows = 5;  ///< Where it is not tiled.
  uint32_t tile_side = 0;   ///< 0: strips.
  const char* mode = "w";   ///< "wb" big-endian, "w8" BigTIFF.
};

/// Writes `rows` (pixels side by side, samples of 8 or 16 bits in the processor's order) by
/// libtiff.
inline ByteVector encode_tiff(const TiffSpec& spec, std::span<const uint8_t> rows) {
  TiffMemory memory;
  TIFF* tiff = TIFFClientOpen(
      "", spec.mode, &memory, TiffMemory::read, TiffMemory::write, TiffMemory::seek,
      [](thandle_t) { return 0; },
      [](thandle_t handle) -> toff_t { return static_cast<TiffMemory*>(handle)->bytes.size(); },
      nullptr, nullptr);
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, spec.width);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, spec.height);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, spec.bits);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, spec.samples);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, spec.photometric);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, spec.compression);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, spec.planes);
  if (spec.predictor != 0) TIFFSetField(tiff, TIFFTAG_PREDICTOR, spec.predictor);
  const size_t sample_bytes = spec.bits / 8;
  const bool separate = spec.planes == PLANARCONFIG_SEPARATE;
  const size_t pixel_bytes = sample_bytes * spec.samples;
  const uint16_t plane_count = separate ? spec.samples : uint16_t{1};
  const auto copy_pixel = [&](size_t x, size_t y, uint16_t plane, uint8_t* out) {
    const uint8_t* pixel = rows.data() + (y * spec.width + x) * pixel_bytes;
    if (separate) {
      std::copy_n(pixel + plane * sample_bytes, sample_bytes, out);
    } else {
      std::copy_n(pixel, pixel_bytes, out);
    }
  };
  const size_t step = separate ? sample_bytes : pixel_bytes;
  if (spec.tile_side != 0) {
    TIFFSetField(tiff, TIFFTAG_TILEWIDTH, spec.tile_side);
    TIFFSetField(tiff, TIFFTAG_TILELENGTH, spec.tile_side);
    for (uint16_t plane = 0; plane < plane_count; ++plane) {
      for (uint32_t top = 0; top < spec.height; top += spec.tile_side) {
        for (uint32_t left = 0; left < spec.width; left += spec.tile_side) {
          std::vector<uint8_t> tile(size_t{spec.tile_side} * spec.tile_side * step);
          for (uint32_t y = top; y < std::min(spec.height, top + spec.tile_side); ++y) {
            for (uint32_t x = left; x < std::min(spec.width, left + spec.tile_side); ++x) {
              copy_pixel(x, y, plane,
                         tile.data() + ((y - top) * spec.tile_side + (x - left)) * step);
            }
          }
          TIFFWriteTile(tiff, tile.data(), left, top, 0, plane);
        }
      }
    }
  } else {
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, spec.strip_rows);
    for (uint16_t plane = 0; plane < plane_count; ++plane) {
      for (uint32_t y = 0; y < spec.height; ++y) {
        std::vector<uint8_t> row(spec.width * step);
        for (uint32_t x = 0; x < spec.width; ++x) copy_pixel(x, y, plane, row.data() + x * step);
        TIFFWriteScanline(tiff, row.data(), y, plane);
      }
    }
  }
  TIFFClose(tiff);
  return std::move(memory.bytes);
}

}  // namespace safelight::codec

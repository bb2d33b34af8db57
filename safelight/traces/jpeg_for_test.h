#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "safelight/picture/jpeg_for_test.h"
#include "safelight/traces/double_jpeg.h"

/// JPEGs of tests and measurements, and their coefficients.
namespace safelight::traces {

struct JpegOptions {
  int quality = 85;
  int chroma_step = 2;  ///< Pixels to a chroma sample, both ways: 2 for 4:2:0, 1 for 4:4:4.
  bool progressive = false;
  bool optimise = false;
};

inline std::vector<std::byte> encode_jpeg(const Picture& picture, const JpegOptions& options) {
  return plain_jpeg(picture.shape, picture.samples, [&](jpeg_compress_struct& library) {
    jpeg_set_quality(&library, options.quality, TRUE);
    library.comp_info[0].h_samp_factor = options.chroma_step;
    library.comp_info[0].v_samp_factor = options.chroma_step;
    library.optimize_coding = options.optimise ? TRUE : FALSE;
    if (options.progressive) jpeg_simple_progression(&library);
  });
}

inline Picture decode_jpeg(std::span<const std::byte> file) { return plain_pixels(file); }

/// The quantised luma of a file.
struct LumaCoefficients {
  std::vector<int16_t> values;
  CoefficientPlane plane;  ///< Its values are those above: not to be copied.

  explicit LumaCoefficients(std::span<const std::byte> file) {
    PlainJpegReader reader(file);
    jpeg_decompress_struct& library = reader.library();
    jvirt_barray_ptr* arrays = jpeg_read_coefficients(&library);
    const jpeg_component_info& luma = library.comp_info[0];
    plane.blocks_wide = luma.width_in_blocks;
    plane.blocks_high = luma.height_in_blocks;
    for (size_t i = 0; i < 64; ++i) plane.steps[i] = luma.quant_table->quantval[i];
    for (JDIMENSION y = 0; y < luma.height_in_blocks; ++y) {
      JBLOCKARRAY rows = library.mem->access_virt_barray(reinterpret_cast<j_common_ptr>(&library),
                                                         arrays[0], y, 1, FALSE);
      for (JDIMENSION x = 0; x < luma.width_in_blocks; ++x) {
        values.insert(values.end(), rows[0][x], rows[0][x] + 64);
      }
    }
    plane.values = values;
  }
  LumaCoefficients(const LumaCoefficients&) = delete;
  LumaCoefficients& operator=(const LumaCoefficients&) = delete;
};

/// A part of a picture.
inline Picture crop(const Picture& picture, uint32_t left, uint32_t top, uint32_t width,
                    uint32_t height) {
  Picture out;
  out.shape = {width, height, picture.shape.channels};
  for (uint32_t y = 0; y < height; ++y) {
    const auto row =
        picture.row(top + y).subspan(size_t{left} * picture.shape.channels, out.shape.row_bytes());
    out.samples.insert(out.samples.end(), row.begin(), row.end());
  }
  return out;
}

}  // namespace safelight::traces

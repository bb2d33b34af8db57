#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
// jpeglib.h needs cstdio before it.
#include <jpeglib.h>
#include <span>
#include <vector>

#include "safelight/picture/picture.h"
#include "safelight/traces/double_jpeg.h"

/// Plain uses of libjpeg for tests and measurements, on files that the test made or trusts: an
/// error ends the program.
namespace safelight::traces {

struct JpegOptions {
  int quality = 85;
  int chroma_step = 2;  ///< Pixels to a chroma sample, both ways: 2 for 4:2:0, 1 for 4:4:4.
  bool progressive = false;
  bool optimise = false;
};

inline std::vector<std::byte> encode_jpeg(const Picture& picture, const JpegOptions& options) {
  jpeg_compress_struct library{};
  jpeg_error_mgr errors{};
  library.err = jpeg_std_error(&errors);
  jpeg_create_compress(&library);
  unsigned char* file = nullptr;
  unsigned long file_bytes = 0;
  jpeg_mem_dest(&library, &file, &file_bytes);
  library.image_width = picture.shape.width;
  library.image_height = picture.shape.height;
  library.input_components = static_cast<int>(picture.shape.channels);
  library.in_color_space = picture.shape.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(&library);
  jpeg_set_quality(&library, options.quality, TRUE);
  library.comp_info[0].h_samp_factor = options.chroma_step;
  library.comp_info[0].v_samp_factor = options.chroma_step;
  library.optimize_coding = options.optimise ? TRUE : FALSE;
  if (options.progressive) jpeg_simple_progression(&library);
  jpeg_start_compress(&library, TRUE);
  while (library.next_scanline < library.image_height) {
    // The library does not write to its input.
    JSAMPROW row = const_cast<uint8_t*>(picture.row(library.next_scanline).data());
    jpeg_write_scanlines(&library, &row, 1);
  }
  jpeg_finish_compress(&library);
  jpeg_destroy_compress(&library);
  const auto bytes = std::as_bytes(std::span(file, file_bytes));
  std::vector<std::byte> out(bytes.begin(), bytes.end());
  std::free(file);
  return out;
}

inline Picture decode_jpeg(std::span<const std::byte> file) {
  jpeg_decompress_struct library{};
  jpeg_error_mgr errors{};
  library.err = jpeg_std_error(&errors);
  jpeg_create_decompress(&library);
  jpeg_mem_src(&library, reinterpret_cast<const unsigned char*>(file.data()), file.size());
  jpeg_read_header(&library, TRUE);
  library.out_color_space = library.num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_start_decompress(&library);
  Picture picture;
  picture.shape = {library.output_width, library.output_height,
                   static_cast<uint32_t>(library.output_components)};
  picture.samples.resize(picture.shape.height * picture.shape.row_bytes());
  while (library.output_scanline < library.output_height) {
    JSAMPROW row = picture.samples.data() + library.output_scanline * picture.shape.row_bytes();
    jpeg_read_scanlines(&library, &row, 1);
  }
  jpeg_finish_decompress(&library);
  jpeg_destroy_decompress(&library);
  return picture;
}

/// The quantised luma of a file.
struct LumaCoefficients {
  std::vector<int16_t> values;
  CoefficientPlane plane;  ///< Its values are those above: not to be copied.

  explicit LumaCoefficients(std::span<const std::byte> file) {
    jpeg_decompress_struct library{};
    jpeg_error_mgr errors{};
    library.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&library);
    jpeg_mem_src(&library, reinterpret_cast<const unsigned char*>(file.data()), file.size());
    jpeg_read_header(&library, TRUE);
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
    jpeg_finish_decompress(&library);
    jpeg_destroy_decompress(&library);
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

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
// jpeglib.h needs cstdio before it.
#include <jpeglib.h>
#include <span>
#include <vector>

#include "safelight/picture/picture.h"
#include "safelight/picture/whole_picture.h"

/// The plainest use of libjpeg, for tests and measurements, on files that they made or trust: an
/// error ends the program. Who includes it links JPEG::JPEG.
namespace safelight {

/// A JPEG of rows of samples; 4 channels are inks. `configure(library)` may change what the
/// library chose by default.
template <typename Configure>
std::vector<std::byte> plain_jpeg(const PictureShape& shape, std::span<const uint8_t> samples,
                                  const Configure& configure) {
  jpeg_compress_struct library{};
  jpeg_error_mgr errors{};
  library.err = jpeg_std_error(&errors);
  jpeg_create_compress(&library);
  unsigned char* file = nullptr;
  unsigned long file_bytes = 0;
  jpeg_mem_dest(&library, &file, &file_bytes);
  library.image_width = shape.width;
  library.image_height = shape.height;
  library.input_components = static_cast<int>(shape.channels);
  library.in_color_space = shape.channels == 1   ? JCS_GRAYSCALE
                           : shape.channels == 3 ? JCS_RGB
                                                 : JCS_CMYK;
  jpeg_set_defaults(&library);
  configure(library);
  jpeg_start_compress(&library, TRUE);
  while (library.next_scanline < library.image_height) {
    // The library does not write to its input.
    JSAMPROW row = const_cast<uint8_t*>(samples.data()) + library.next_scanline * shape.row_bytes();
    jpeg_write_scanlines(&library, &row, 1);
  }
  jpeg_finish_compress(&library);
  jpeg_destroy_compress(&library);
  const auto bytes = std::as_bytes(std::span(file, file_bytes));
  std::vector<std::byte> out(bytes.begin(), bytes.end());
  std::free(file);
  return out;
}

/// A JPEG whose header has been read.
class PlainJpegReader {
 public:
  explicit PlainJpegReader(std::span<const std::byte> file) {
    library_.err = jpeg_std_error(&errors_);
    jpeg_create_decompress(&library_);
    jpeg_mem_src(&library_, reinterpret_cast<const unsigned char*>(file.data()), file.size());
    jpeg_read_header(&library_, TRUE);
  }
  ~PlainJpegReader() { jpeg_destroy_decompress(&library_); }
  PlainJpegReader(const PlainJpegReader&) = delete;
  PlainJpegReader& operator=(const PlainJpegReader&) = delete;

  [[nodiscard]] jpeg_decompress_struct& library() { return library_; }

  /// Decodes every row, some at a time as the library's manual advises, for `sink` where it is not
  /// null.
  void decode(RowSink* sink) {
    jpeg_start_decompress(&library_);
    const PictureShape shape = {library_.output_width, library_.output_height,
                                static_cast<uint32_t>(library_.output_components)};
    if (sink != nullptr) sink->begin(shape);
    std::array<JSAMPROW, 8> pointers{};
    std::vector<uint8_t> rows(shape.row_bytes() * pointers.size());
    for (size_t i = 0; i < pointers.size(); ++i) pointers[i] = rows.data() + i * shape.row_bytes();
    while (library_.output_scanline < library_.output_height) {
      const uint32_t first = library_.output_scanline;
      const uint32_t count = jpeg_read_scanlines(&library_, pointers.data(), pointers.size());
      if (sink != nullptr) sink->rows(first, std::span(rows).first(count * shape.row_bytes()));
    }
    jpeg_finish_decompress(&library_);
  }

 private:
  jpeg_decompress_struct library_{};
  jpeg_error_mgr errors_{};
};

/// The pixels of a JPEG: grey, or red, green and blue.
inline Picture plain_pixels(std::span<const std::byte> file) {
  PlainJpegReader reader(file);
  WholePictureSink sink;
  reader.decode(&sink);
  return std::move(sink.picture);
}

}  // namespace safelight

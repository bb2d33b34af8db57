#include "safelight/codec/still/jpeg/encode_jpeg.h"

#include <array>
#include <cassert>
#include <csetjmp>
#include <cstdio>
#include <new>
#include <span>

// <jpeglib.h> needs <cstdio> before it, <jerror.h> the other's configuration.
// clang-format off
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

namespace safelight::codec {
namespace {

constexpr size_t kRowsPerCall = 16;

/// One use of libjpeg-turbo whose errors jump back, and whose output grows a vector: the library's
/// own destination in memory loses its buffer when an error comes.
struct Encoder {
  jpeg_compress_struct library{};
  jpeg_error_mgr errors{};
  jpeg_destination_mgr destination{};
  std::jmp_buf jump{};
  bool created = false;
  std::array<JOCTET, 65'536> buffer{};
  std::vector<std::byte> file;

  Encoder() {
    library.err = jpeg_std_error(&errors);
    errors.error_exit = on_error;
    errors.output_message = [](j_common_ptr) {};
    library.client_data = this;
    destination.init_destination = restart;
    destination.empty_output_buffer = [](j_compress_ptr compress) -> boolean {
      of(compress).keep(of(compress).buffer.size());
      restart(compress);
      return TRUE;
    };
    destination.term_destination = [](j_compress_ptr compress) {
      of(compress).keep(of(compress).buffer.size() - of(compress).destination.free_in_buffer);
    };
  }
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;
  ~Encoder() {
    if (created) jpeg_destroy_compress(&library);
  }

  static Encoder& of(j_compress_ptr compress) {
    return *static_cast<Encoder*>(compress->client_data);
  }
  [[noreturn]] static void on_error(j_common_ptr common) {
    std::longjmp(static_cast<Encoder*>(common->client_data)->jump, 1);
  }
  static void restart(j_compress_ptr compress) {
    of(compress).destination.next_output_byte = of(compress).buffer.data();
    of(compress).destination.free_in_buffer = of(compress).buffer.size();
  }
  /// An exception must not pass through the library.
  void keep(size_t count) {
    if (!append(std::as_bytes(std::span(buffer).first(count)))) {
      errors.msg_code = JERR_OUT_OF_MEMORY;
      std::longjmp(jump, 1);
    }
  }
  bool append(std::span<const std::byte> bytes) noexcept {
    try {
      file.insert(file.end(), bytes.begin(), bytes.end());
      return true;
    } catch (const std::bad_alloc&) {
      return false;
    }
  }

  /// Nothing in here may need a destructor: a failure jumps over it.
  bool run(const Picture& picture, const JpegEncoding& encoding) {
    if (setjmp(jump) != 0) return false;
    jpeg_create_compress(&library);
    created = true;
    library.dest = &destination;
    library.image_width = picture.shape.width;
    library.image_height = picture.shape.height;
    library.input_components = static_cast<int>(picture.shape.channels);
    library.in_color_space = picture.shape.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&library);
    jpeg_set_quality(&library, encoding.quality, TRUE);
    const int step = picture.shape.channels == 3 && encoding.chroma == Chroma::quarter ? 2 : 1;
    library.comp_info[0].h_samp_factor = step;
    library.comp_info[0].v_samp_factor = step;
    jpeg_start_compress(&library, TRUE);
    std::array<JSAMPROW, kRowsPerCall> rows{};
    while (library.next_scanline < library.image_height) {
      JDIMENSION count = 0;
      for (; count < rows.size() && library.next_scanline + count < library.image_height; ++count) {
        // The library does not write to its input.
        rows[count] = const_cast<JSAMPROW>(picture.row(library.next_scanline + count).data());
      }
      jpeg_write_scanlines(&library, rows.data(), count);
    }
    jpeg_finish_compress(&library);
    return true;
  }
};

Error error_of(int message) {
  switch (message) {
    case JERR_IMAGE_TOO_BIG:
    case JERR_WIDTH_OVERFLOW:
      return {ErrorCode::limit_exceeded, "jpeg.side-pixels"};
    case JERR_OUT_OF_MEMORY:
      return {ErrorCode::limit_exceeded, "max_decode_memory_bytes"};
    default:
      return {ErrorCode::malformed, "jpeg.encode"};
  }
}

}  // namespace

Result<std::vector<std::byte>> encode_jpeg(const Picture& picture, const JpegEncoding& encoding) {
  assert(picture.shape.channels == 1 || picture.shape.channels == 3);
  assert(encoding.quality >= 1 && encoding.quality <= 100);
  Encoder encoder;
  if (!encoder.run(picture, encoding)) return error_of(encoder.errors.msg_code);
  return std::move(encoder.file);
}

}  // namespace safelight::codec

#include <cstdio>
#include <cstring>
#include <jpeglib.h>
#include <jxl/decode.h>
#include <png.h>
#include <tiffio.h>
#include <webp/decode.h>

#include "safelight/codec/still/jpeg/jpeg.h"
#include "safelight/codec/still/still.h"
#include "safelight/scan/handlers/picture_handler.h"

namespace {

void print_versions() {
  std::printf("libjpeg-turbo %d\n", LIBJPEG_TURBO_VERSION_NUMBER);
  std::printf("libpng %s\n", png_get_libpng_ver(nullptr));
  const int webp = WebPGetDecoderVersion();
  std::printf("libwebp %d.%d.%d\n", webp >> 16, webp >> 8 & 255, webp & 255);
  std::printf("libtiff %d\n", TIFFLIB_VERSION);
  std::printf("libjxl %u\n", JxlDecoderVersion());
}

}  // namespace

/// The worker program for JPEG, PNG, WebP, GIF, TIFF, BMP and JPEG XL. Links no GPL library.
int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--version") == 0) {
    print_versions();
    return 0;
  }
  safelight::scan::PictureHandler handler({safelight::codec::still_layout,
                                           safelight::codec::decode_still,
                                           safelight::codec::read_luma_coefficients});
  return safelight::sandbox::serve(handler);
}

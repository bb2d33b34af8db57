#pragma once

#include <cstdio>
#include <jpeglib.h>
#include <jxl/decode.h>
#include <png.h>
#include <tiffio.h>
#include <webp/decode.h>

namespace safelight::app {

/// Prints the versions of the libraries that decode still pictures, one a line.
inline void print_still_libraries() {
  std::printf("libjpeg-turbo %d\n", LIBJPEG_TURBO_VERSION_NUMBER);
  std::printf("libpng %s\n", png_get_libpng_ver(nullptr));
  const int webp = WebPGetDecoderVersion();
  std::printf("libwebp %d.%d.%d\n", webp >> 16, webp >> 8 & 255, webp & 255);
  std::printf("libtiff %d\n", TIFFLIB_VERSION);
  std::printf("libjxl %u\n", JxlDecoderVersion());
}

}  // namespace safelight::app

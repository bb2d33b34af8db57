#include <cstring>

#include "apps/workers/still_libraries.h"

#include "safelight/codec/still/jpeg/jpeg.h"
#include "safelight/codec/still/still.h"
#include "safelight/scan/handlers/picture_handler.h"

/// The worker program for JPEG, PNG, WebP, GIF, TIFF, BMP and JPEG XL. Links no GPL library.
int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--version") == 0) {
    safelight::app::print_still_libraries();
    return 0;
  }
  safelight::scan::PictureHandler handler({safelight::codec::still_layout,
                                           safelight::codec::decode_still,
                                           safelight::codec::read_luma_coefficients});
  return safelight::sandbox::serve(handler);
}

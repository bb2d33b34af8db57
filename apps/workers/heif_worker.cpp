#include <cstdio>
#include <cstring>
#include <libheif/heif.h>

#include "safelight/codec/heif/heif.h"
#include "safelight/scan/handlers/picture_handler.h"

namespace {

using safelight::Limits;
using safelight::Result;
namespace codec = safelight::codec;

Result<codec::Layout> layout(codec::Format, std::span<const std::byte> file, const Limits& limits) {
  return codec::heif_layout(file, limits);
}

Result<codec::Decoded> decode(codec::Format, std::span<const std::byte> file,
                              std::optional<uint32_t> member, const codec::DecodeRequest& request) {
  return codec::decode_heif(file, member, request);
}

}  // namespace

/// The worker program for HEIC, HEIF and AVIF. libheif brings GPL code (x265), so this program is
/// conveyed under the GPL, version 3 or later, and nothing else links what it links.
int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--version") == 0) {
    std::printf("libheif %s\n", heif_get_version());
    return 0;
  }
  safelight::scan::PictureHandler handler({layout, decode});
  return safelight::sandbox::serve(handler);
}

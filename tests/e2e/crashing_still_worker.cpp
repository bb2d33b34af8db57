#include <cstdlib>

#include "safelight/codec/still/still.h"
#include "safelight/scan/handlers/picture_handler.h"

namespace {

namespace codec = safelight::codec;

/// Dies of every picture in one channel, as a decoder would of a fault in it.
safelight::Result<codec::Decoded> decode(codec::Format format, std::span<const std::byte> file,
                                         std::optional<uint32_t> member,
                                         const codec::DecodeRequest& request) {
  auto decoded = codec::decode_still(format, file, member, request);
  if (decoded && decoded->shape.channels == 1) std::abort();
  return decoded;
}

}  // namespace

int main() {
  safelight::scan::PictureHandler handler({codec::still_layout, decode});
  return safelight::sandbox::serve(handler);
}

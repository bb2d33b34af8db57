#include <cstdlib>

#include "safelight/scan/messages/picture_message.h"

/// What decodes encodes to bytes that decode to the same again.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace safelight::scan;
  const auto bytes = std::as_bytes(std::span(data, size));
  if (const auto record = decode_picture_record(bytes)) {
    const auto encoded = encode(*record);
    const auto again = decode_picture_record(encoded);
    if (!again || encode(*again) != encoded) std::abort();
  }
  if (const auto request = decode_picture_request(bytes)) {
    const auto again = decode_picture_request(encode(*request));
    if (!again) std::abort();
  }
  return 0;
}

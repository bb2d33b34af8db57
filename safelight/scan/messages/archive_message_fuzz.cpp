#include <cstdlib>

#include "safelight/scan/messages/archive_message.h"

/// What decodes encodes to bytes that decode to the same again.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace safelight::scan;
  const auto bytes = std::as_bytes(std::span(data, size));
  if (const auto record = decode_archive_record(bytes)) {
    const auto encoded = encode(*record);
    const auto again = decode_archive_record(encoded);
    if (!again || encode(*again) != encoded) std::abort();
  }
  if (const auto request = decode_archive_request(bytes)) {
    const auto encoded = encode(*request);
    const auto again = decode_archive_request(encoded);
    if (!again || encode(*again) != encoded) std::abort();
  }
  return 0;
}

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
  if (const auto options = decode_archive_options(bytes)) {
    if (!decode_archive_options(encode(*options))) std::abort();
  }
  return 0;
}

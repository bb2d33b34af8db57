#include <cstdlib>

#include "safelight/scan/messages/provenance_message.h"

/// What decodes encodes to bytes that decode to the same again.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace safelight::scan;
  const auto request = decode_provenance_request(std::as_bytes(std::span(data, size)));
  if (!request) return 0;
  const auto again = decode_provenance_request(encode(*request));
  if (!again || *again != *request) std::abort();
  return 0;
}

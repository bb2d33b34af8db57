#include <cstdlib>

#include "safelight/scan/messages/evidence_message.h"

/// What decodes encodes to bytes that decode to the same again.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace safelight::scan;
  const auto evidence = decode_evidence(std::as_bytes(std::span(data, size)));
  if (!evidence) return 0;
  const auto encoded = std::visit([](const auto& one) { return encode(one); }, *evidence);
  const auto again = decode_evidence(encoded);
  if (!again) std::abort();
  const bool fits = encoded.size() == size;
  if (fits && *again != *evidence) std::abort();
  return 0;
}

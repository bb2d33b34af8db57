#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "safelight/audit/record.h"

/// Any bytes: either an error within them, or a record that encodes to exactly these bytes.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace safelight;
  const auto bytes = std::as_bytes(std::span(data, size));
  const auto record = audit::decode_record(bytes);
  if (!record) {
    if (record.error().offset_bytes > size) std::abort();
    return 0;
  }
  const auto again = audit::encode(*record);
  if (!std::equal(again.begin(), again.end(), bytes.begin(), bytes.end())) std::abort();
  return 0;
}

#include <cstdlib>

#include "safelight/provenance/c2pa/crypto/ocsp.h"
#include "safelight/provenance/c2pa/crypto/time_stamp.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace c2pa = safelight::c2pa;
  const auto bytes = std::as_bytes(std::span(data, size));
  const auto stamp = c2pa::check_time_stamp(bytes, std::as_bytes(std::span("message", 7)), {});
  // The seeds are over other bytes, and nobody is on a list.
  if (stamp.sound() || stamp.list != nullptr) std::abort();
  if (stamp.authority) {
    (void)c2pa::check_ocsp(bytes, *stamp.authority, *stamp.authority, stamp.time_s);
  }
  return 0;
}

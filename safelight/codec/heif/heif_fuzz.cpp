#include <cstdint>

#include "safelight/codec/decode_for_test.h"
#include "safelight/codec/heif/heif.h"

using namespace safelight::codec;

/// Any bytes: layout, main picture and members keep the promises of decode.h.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  exercise(std::as_bytes(std::span(data, size)), heif_layout, decode_heif);
  return 0;
}

/// dav1d 1.0 loses 40 bytes for each AV1 stream that it refuses; workers are replaced in time.
extern "C" const char* __lsan_default_suppressions() { return "leak:libdav1d"; }

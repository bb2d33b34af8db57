#include <cstdint>

#include "safelight/codec/decode_for_test.h"
#include "safelight/codec/still/png/png.h"

using namespace safelight::codec;

/// Any bytes: layout, main picture and members keep the promises of decode.h.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  exercise(std::as_bytes(std::span(data, size)), png_layout, decode_png, Tones::may_be_converted);
  return 0;
}

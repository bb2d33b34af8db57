#include <cstdint>
#include <cstdlib>

#include "safelight/codec/format.h"

using namespace safelight::codec;

/// sniff() answers for any bytes, with a format that has a name, by the first kSniffBytes alone.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::span bytes = std::as_bytes(std::span(data, size));
  const Format format = sniff(bytes);
  if (format > Format::text) std::abort();
  if ((format == Format::empty) != (size == 0)) std::abort();
  if (size > kSniffBytes && sniff(bytes.first(kSniffBytes)) != format) std::abort();
  if (to_text(format).empty() || media_type(format).empty()) std::abort();
  if (!extension_fits("", format)) std::abort();
  return 0;
}

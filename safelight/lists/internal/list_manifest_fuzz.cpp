#include <algorithm>
#include <cstdlib>

#include "safelight/lists/internal/list_manifest.h"

using namespace safelight;

/// Any bytes are refused, or are the one manifest that is written so.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  const auto manifest = lists::decode_manifest(bytes);
  if (!manifest) {
    if (manifest.error().offset_bytes > size) std::abort();
    return 0;
  }
  if (manifest->segments.empty() || manifest->segments.size() > lists::kMaxSegments) std::abort();
  const auto again = lists::encode_manifest(*manifest);
  if (!std::equal(again.begin(), again.end(), bytes.begin(), bytes.end())) std::abort();
  return 0;
}

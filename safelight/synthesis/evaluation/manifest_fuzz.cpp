#include <cstdlib>
#include <string>

#include "safelight/synthesis/evaluation/manifest.h"

/// What is read keeps the promises of its header; what is refused says where.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace safelight::synthesis;
  const auto bytes = std::as_bytes(std::span(data, size));
  const auto read = read_manifest(bytes);
  if (!read) {
    if (read.error().offset_bytes > size) std::abort();
    return 0;
  }
  for (const Reference& reference : read->references) {
    if (reference.path.empty() || reference.source.empty()) std::abort();
    if ((reference.truth == Proposition::generated) == reference.generator.empty()) std::abort();
  }
  return 0;
}

#include <cstdint>
#include <cstdlib>

#include "safelight/synthesis/plugins/onnx_file.h"

/// Whatever the bytes: it ends, and an error lies in the file.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace safelight;
  const auto model = std::as_bytes(std::span(data, size));
  const auto result = synthesis::check_self_contained(model);
  if (result) return 0;
  if (result.error().offset_kind != OffsetKind::exact || result.error().offset_bytes > size) {
    std::abort();
  }
  return 0;
}

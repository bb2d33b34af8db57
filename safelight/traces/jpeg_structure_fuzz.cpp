#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "safelight/traces/jpeg_structure.h"

/// Any bytes: an error with a rule inside the file, or a structure within its limits.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace safelight::traces;
  const auto structure = read_jpeg_structure(std::as_bytes(std::span(data, size)));
  if (!structure) {
    if (structure.error().rule.empty() || structure.error().offset_bytes > size) std::abort();
    return 0;
  }
  const auto spaces = std::count(structure->markers.begin(), structure->markers.end(), ' ');
  if (spaces > static_cast<std::ptrdiff_t>(kMaxMarkers) || structure->tables.size() > 255) {
    std::abort();
  }
  if (structure->quality &&
      (structure->quality->quality < 1 || structure->quality->quality > 100)) {
    std::abort();
  }
  return 0;
}

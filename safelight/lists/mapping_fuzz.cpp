#include <cstdlib>
#include <string_view>

#include "safelight/lists/mapping.h"

/// A mapping that is read can be written and read again, and is the same.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace safelight;
  const auto mapping =
      CategoryMapping::parse(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!mapping) {
    if (mapping.error().offset_bytes > size) std::abort();
    return 0;
  }
  const auto again = CategoryMapping::parse(to_text(*mapping));
  if (!again || *again != *mapping) std::abort();
  return 0;
}

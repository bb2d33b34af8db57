#include <cstdlib>
#include <string>
#include <string_view>

#include "safelight/lists/internal/memory_file.h"
#include "safelight/lists/list_log.h"

/// Any bytes are refused or are a log whose records count from 1.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace safelight;
  const auto records = verify_list_log(
      lists::memory_file(std::string_view(reinterpret_cast<const char*>(data), size)));
  if (!records) {
    if (records.error().offset_bytes > size) std::abort();
    return 0;
  }
  for (size_t i = 0; i < records->size(); ++i) {
    if ((*records)[i].number != i + 1) std::abort();
  }
  return 0;
}

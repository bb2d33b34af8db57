#include <cstdlib>

#include "safelight/synthesis/evaluation/score_cache.h"

/// Lines that were read keep the promises of their types, and end within the text.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace safelight::synthesis;
  const auto read = read_score_lines({reinterpret_cast<const char*>(data), size});
  if (!read) {
    if (read.error().offset_bytes > size) std::abort();
    return 0;
  }
  if (read->whole_bytes > size) std::abort();
  for (const auto& [key, picture] : read->assessments) {
    if (picture.entries.size() != picture.conditions.size()) std::abort();
    for (const TableEntry& entry : picture.entries) {
      if (entry.score.has_value() != entry.not_assessable.empty()) std::abort();
    }
  }
  return 0;
}

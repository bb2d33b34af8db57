#include <cstdlib>
#include <string_view>

#include "safelight/lists/import.h"
#include "safelight/lists/internal/collecting_sink.h"
#include "safelight/lists/internal/memory_file.h"

/// Whatever the database: it ends, and the summary agrees with what the sink got.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace safelight;
  const FileSource file =
      lists::memory_file(std::string_view(reinterpret_cast<const char*>(data), size));
  ImportOptions options;
  options.limits.max_sqlite_steps_per_row = 2'000'000;
  lists::CollectingSink sink;
  const auto summary = import_list(file, options, sink);
  if (summary && summary->entries != sink.entries.size()) std::abort();
  return 0;
}

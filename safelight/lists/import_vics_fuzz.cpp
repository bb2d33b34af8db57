#include <cstdlib>
#include <string_view>

#include "safelight/lists/import.h"
#include "safelight/lists/internal/collecting_sink.h"

/// Whatever the JSON: it ends, the summary agrees with what the sink got, and every place that is
/// named lies in the file.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace safelight;
  const auto check = [](bool holds) {
    if (!holds) std::abort();
  };
  std::string text(reinterpret_cast<const char*>(data), size);
  const MemorySource source = lists::source_of(text);
  ImportOptions options;
  options.limits.max_media_files = 8;
  lists::CollectingSink sink;
  const auto summary = import_list(static_cast<const ByteSource&>(source), options, sink);
  if (!summary) {
    check(summary.error().offset_kind == OffsetKind::none || summary.error().offset_bytes <= size);
    return 0;
  }
  check(summary->entries == sink.entries.size() && summary->entries <= summary->records);
  uint64_t counted = 0;
  for (const auto& [code, count] : summary->categories) counted += count;
  check(counted == summary->entries);
  for (const Refusal& refusal : summary->refusals) check(refusal.error.offset_bytes <= size);
  for (const ListEntry& entry : sink.entries) {
    check(entry.has_digest() || entry.fingerprint || !entry.photodna.empty());
  }
  return 0;
}

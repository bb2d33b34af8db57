#include <cassert>
#include <cstdlib>
#include <string_view>

#include "safelight/lists/import.h"
#include "safelight/lists/internal/collecting_sink.h"

/// Whatever the text: the summary agrees with what the sink got, entries hold something, refusals
/// are in the order of their lines, and the same input gives the same again.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace safelight;
  const auto check = [](bool holds) {
    if (!holds) std::abort();
  };
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (!text.empty() && (text.find_first_of("{[") == text.find_first_not_of(" \t\r\n"))) return 0;
  const MemorySource source = lists::source_of(text);
  for (const SixtyFourHex kind : {SixtyFourHex::ask, SixtyFourHex::sha256, SixtyFourHex::pdq}) {
    ImportOptions options;
    options.sixty_four_hex = kind;
    options.limits.max_line_bytes = 512;
    lists::CollectingSink sink;
    const auto summary = import_list(static_cast<const ByteSource&>(source), options, sink);
    lists::CollectingSink again;
    const auto second = import_list(static_cast<const ByteSource&>(source), options, again);
    check(summary.has_value() == second.has_value() && sink.entries == again.entries);
    if (!summary) {
      check(summary.error().offset_kind == OffsetKind::none ||
            summary.error().offset_bytes <= size);
      continue;
    }
    check(summary->entries == sink.entries.size());
    check(summary->entries <= summary->records);
    uint64_t line = 0;
    for (const Refusal& refusal : summary->refusals) {
      check(refusal.record_number >= line && refusal.error.offset_bytes <= size);
      line = refusal.record_number;
    }
    for (const ListEntry& entry : sink.entries) {
      check(entry.has_digest() || entry.fingerprint || !entry.photodna.empty());
      check(entry.record_number > 0 && entry.category.size() <= options.limits.max_text_bytes);
    }
  }
  return 0;
}

#include "safelight/lists/import.h"

#include <array>

#include "safelight/lists/internal/formats/entry_collector.h"
#include "safelight/lists/internal/formats/nsrl_sqlite.h"
#include "safelight/lists/internal/formats/text_list.h"
#include "safelight/lists/internal/formats/text_stream.h"
#include "safelight/lists/internal/formats/vics_json.h"

namespace safelight {
namespace {

constexpr std::array<std::string_view, 11> kFormats = {
    "empty",     "hash_lines",    "hash_and_category", "checksum_lines",
    "hashdeep",  "named_columns", "icse_csv",          "threatexchange_csv",
    "nsrl_text", "nsrl_sqlite",   "vics_json"};

Result<bool> is_sqlite(const ByteSource& source) {
  std::array<std::byte, lists::kSqliteMark.size()> start{};
  SAFELIGHT_TRY(const size_t count, source.read_at(0, start));
  const std::string_view text(reinterpret_cast<const char*>(start.data()), count);
  return text == lists::kSqliteMark;
}

/// The first character that is no space, or 0.
Result<char> first_character(const ByteSource& source) {
  lists::TextStream stream(source);
  SAFELIGHT_TRY(const bool more, stream.next_chunk());
  if (!more) return '\0';
  const size_t first = stream.chunk().find_first_not_of(" \t\r\n");
  return first == std::string_view::npos ? '\0' : stream.chunk()[first];
}

Result<void> import_stream(const ByteSource& source, lists::EntryCollector& collector) {
  SAFELIGHT_TRY(const char first, first_character(source));
  if (first == '{' || first == '[') return lists::import_vics(source, collector);
  return lists::import_text(source, collector);
}

}  // namespace

uint64_t ImportSummary::refused_total() const {
  uint64_t total = 0;
  for (const auto& [rule, count] : refused) total += count;
  return total;
}

Result<ImportSummary> import_list(const FileSource& file, const ImportOptions& options,
                                  EntrySink& sink) {
  lists::EntryCollector collector(options, sink);
  SAFELIGHT_TRY(const bool sqlite, is_sqlite(file));
  SAFELIGHT_CHECK(sqlite ? lists::import_nsrl_sqlite(file, collector)
                         : import_stream(file, collector));
  SAFELIGHT_CHECK(file.check_unchanged());
  return std::move(collector.summary());
}

Result<ImportSummary> import_list(const ByteSource& source, const ImportOptions& options,
                                  EntrySink& sink) {
  lists::EntryCollector collector(options, sink);
  SAFELIGHT_TRY(const bool sqlite, is_sqlite(source));
  if (sqlite) return Error{ErrorCode::unsupported, "list.sqlite-needs-file"};
  SAFELIGHT_CHECK(import_stream(source, collector));
  return std::move(collector.summary());
}

std::string_view to_text(ListFormat format) { return kFormats[static_cast<size_t>(format)]; }

Result<SixtyFourHex> sixty_four_hex_from_text(std::string_view text) {
  if (text == "ask") return SixtyFourHex::ask;
  if (text == "sha256") return SixtyFourHex::sha256;
  if (text == "pdq") return SixtyFourHex::pdq;
  return Error{ErrorCode::malformed, "list.sixty-four-hex-name"};
}

}  // namespace safelight

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/error.h"
#include "safelight/base/result.h"
#include "safelight/bytes/file.h"
#include "safelight/evidence/hit.h"
#include "safelight/lists/entry.h"

namespace safelight {

/// The kinds of list that are read. Told apart by their structure, never by a header string or a
/// file name. Described in docs/formats/hash_lists.md.
enum class ListFormat : uint8_t {
  empty,               ///< No line that is neither blank nor a comment.
  hash_lines,          ///< One digest or fingerprint a line.
  hash_and_category,   ///< `hash,category`, also with `;` or a tab.
  checksum_lines,      ///< md5sum, sha1sum and sha256sum, coreutils and BSD style.
  hashdeep,            ///< `%%%% size,md5,...` names the columns.
  named_columns,       ///< A CSV whose first row names its columns.
  icse_csv,            ///< Interpol ICSE: the same, with a PhotoDNA column and its flags.
  threatexchange_csv,  ///< Signals of ThreatExchange, with or without a first row of names.
  nsrl_text,           ///< NSRL RDS version 2.
  nsrl_sqlite,         ///< NSRL RDS version 3, or another SQLite file with columns of digests.
  vics_json,           ///< Project VIC 1.1 to 2.0, every profile, and what follows it (CAID).
};

/// What 64 hexadecimal digits are where the structure of a list does not tell.
enum class SixtyFourHex : uint8_t { ask, sha256, pdq };

/// Bounds on what a list may make its reader do. Each is reached with its name as the rule.
struct ImportLimits {
  uint32_t max_line_bytes = 1u << 20;         ///< A longer line is refused, not the list.
  uint32_t max_columns = 256;                 ///< Columns of one row.
  uint32_t max_quoted_lines = 64;             ///< Lines that one quoted CSV record may span.
  uint32_t max_json_depth = 64;               ///< JSON arrays and objects inside one another.
  uint32_t max_json_token_bytes = 16u << 20;  ///< Bytes of JSON between two structural events.
  uint32_t max_media_files = 100'000;         ///< Further digests that one VICS entry may bring.
  uint32_t max_text_bytes = 1'024;            ///< An entry's id or category code.
  uint32_t max_categories = 4'096;            ///< Different category codes of one list.
  uint32_t max_refusals_kept = 1'000;         ///< Refusals kept with their place; all are counted.
  /// Steps of SQLite's machine between two rows: a view may hold a query without end.
  uint64_t max_sqlite_steps_per_row = 20'000'000'000;
};

struct ImportOptions {
  SixtyFourHex sixty_four_hex = SixtyFourHex::ask;
  ImportLimits limits;
};

/// A line, record or value that was not imported. Never quotes what it held.
struct Refusal {
  uint64_t record_number = 0;  ///< Line of a text or a JSON, row of a database; from 1.
  Error error;                 ///< The rule, and the offset of the line or the place in the file.
  friend bool operator==(const Refusal&, const Refusal&) = default;
};

/// What an import found, took, dropped and refused.
struct ImportSummary {
  ListFormat format = ListFormat::empty;
  std::string header;     ///< What the file calls itself, such as its `@odata.context`; or "".
  uint64_t records = 0;   ///< Lines, rows or objects that were looked at as entries.
  uint64_t entries = 0;   ///< Entries given to the sink.
  uint64_t comments = 0;  ///< Comment lines.
  uint64_t md5 = 0, sha1 = 0, sha256 = 0, pdq = 0;  ///< Values among the entries.
  uint64_t photodna = 0;                            ///< Kept; not matchable here.
  uint64_t dropped_empty_file = 0;                  ///< Digests of the empty file.
  uint64_t dropped_placeholder = 0;                 ///< Digests and fingerprints of only zeros.
  uint64_t dropped_low_quality = 0;  ///< Fingerprints stated with a quality under 50.
  uint64_t other_signals = 0;        ///< Values of kinds that are not read, such as texts and URLs.
  uint64_t replaced_bytes = 0;       ///< Bytes that were not UTF-8 (or UTF-16), read as U+FFFD.
  std::map<std::string, uint64_t, std::less<>> categories;  ///< Entries for each code, "" for none.
  std::vector<Refusal> refusals;                            ///< The first of them, in order.
  std::map<std::string, uint64_t, std::less<>> refused;     ///< How many for each rule.
  /// What the format suggests for entries without a mapped code: `ordinary` for NSRL. Only a
  /// proposal, to be shown.
  Disposition proposed_disposition = Disposition::review;

  [[nodiscard]] uint64_t refused_total() const;
};

/// Reads a list of any known format from `file` and gives each of its entries to `sink`. A line or
/// value that breaks a rule is refused and the rest imported; what breaks the file itself (JSON
/// that ends early, a database that is none) is an error, so that a half-read list is never taken
/// for a whole one. Errors: unsupported, rule "list.format", where no structure is known;
/// unsupported, rule "list.sixty-four-hex", at the first value that might be SHA-256 or PDQ where
/// the caller has not said which; malformed and truncated at the place in the file; limit_exceeded;
/// unreadable; those of the sink.
[[nodiscard]] Result<ImportSummary> import_list(const FileSource& file,
                                                const ImportOptions& options, EntrySink& sink);

/// The same for a text or JSON in memory or in part of a file: everything but SQLite, which is
/// unsupported with rule "list.sqlite-needs-file".
[[nodiscard]] Result<ImportSummary> import_list(const ByteSource& source,
                                                const ImportOptions& options, EntrySink& sink);

std::string_view to_text(ListFormat format);
/// Errors: malformed.
[[nodiscard]] Result<SixtyFourHex> sixty_four_hex_from_text(std::string_view text);

}  // namespace safelight

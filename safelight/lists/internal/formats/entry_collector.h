#pragma once

#include <cstdint>
#include <string_view>

#include "safelight/base/error.h"
#include "safelight/lists/import.h"

namespace safelight::lists {

/// What a value of a list is meant to be.
enum class ValueKind : uint8_t { md5, sha1, sha256, pdq, photodna };

/// What the readers of all formats have in common: reads values into an entry, refuses what breaks
/// a rule, drops the digests of nothing, counts, and hands entries on.
class EntryCollector {
 public:
  EntryCollector(const ImportOptions& options, EntrySink& sink) : options_(options), sink_(sink) {}

  /// The entry that values are read into; begin() makes it anew. Refusals name `line`.
  void begin(uint64_t record_number, uint64_t line);
  void set_line(uint64_t line) { line_ = line; }
  [[nodiscard]] ListEntry& entry() { return entry_; }

  /// Reads a value given as text into the entry. False where it breaks the kind's rule: then
  /// `place` says where, and it is refused under the rule "list.md5" and so on. A value that is
  /// dropped or empty is no failure.
  bool read_value(ValueKind kind, std::string_view text, const Error& place);
  /// The entry's id and category; one over the limit is refused and left out.
  void read_entry_id(std::string_view text, const Error& place);
  void read_category(std::string_view text, const Error& place);
  void read_size(std::string_view text, const Error& place);
  void read_quality(std::string_view text, const Error& place);

  /// Ends the entry: gives it to the sink if anything is left of it, refuses it under `rule` at
  /// `place` if it never had a value. Errors: those of the sink.
  Result<void> end(const Error& place, std::string_view rule);

  /// Counts a refusal. The code and offset are those of `place`.
  void refuse(const Error& place, std::string_view rule);

  [[nodiscard]] ImportSummary& summary() { return summary_; }
  [[nodiscard]] const ImportOptions& options() const { return options_; }

 private:
  const ImportOptions& options_;
  EntrySink& sink_;
  ImportSummary summary_;
  ListEntry entry_;
  uint64_t line_ = 0;
  bool had_value_ = false;  ///< A value was read, or dropped, or refused.
};

/// "yes", "true", "1" and "no", "false", "0" in any case.
Stated stated_from_text(std::string_view text);

/// Whether all of `text` is hexadecimal, and not empty.
bool is_hex(std::string_view text);

}  // namespace safelight::lists

#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/bytes/file.h"
#include "safelight/hash/digests.h"

namespace safelight {

/// One change to the lists, as the log keeps it. Holds no hash of any entry.
struct ListLogRecord {
  uint64_t number = 0;  ///< From 1.
  std::string when;     ///< As the caller gave it.
  std::string action;   ///< "import", "replace", "remap", "drop"; "mend" after a crash.
  std::string list;
  std::string
      content_id;  ///< SHA-256 of the compiled file in hexadecimal; of the last one for drop.
  std::vector<std::pair<std::string, std::string>> fields;  ///< Mapping, counts and the like.
  Sha256 chain;  ///< SHA-256 over the chain value before it and this record.
  friend bool operator==(const ListLogRecord&, const ListLogRecord&) = default;
};

/// Reads a log and checks every link of its chain. An absent or empty file is an empty log.
/// Errors: truncated where the last line has no end; malformed; integrity_mismatch, rule
/// "list-log.chain"; all at the offset of the line.
[[nodiscard]] Result<std::vector<ListLogRecord>> verify_list_log(const std::filesystem::path& path);
[[nodiscard]] Result<std::vector<ListLogRecord>> verify_list_log(const FileSource& file);

/// When each list was last changed, as the log has it; nothing where it does not verify.
[[nodiscard]] std::map<std::string, std::string> last_changes(const std::filesystem::path& path);

/// The writing end of the log; holds its lock until it goes. Format: docs/formats/compiled_list.md
/// section 4.
class ListLogWriter {
 public:
  /// Makes the file, mode 0600, where it is not there; waits for another's lock; verifies the log.
  /// A last line without an end is what a crash left of a change that did not happen: it is cut
  /// off, and a record says so. Errors: those of verify_list_log(). Throws Fault.
  [[nodiscard]] static Result<ListLogWriter> open(const std::filesystem::path& path,
                                                  std::string_view when);
  ListLogWriter(ListLogWriter&& other) noexcept;
  ListLogWriter& operator=(ListLogWriter&& other) = delete;
  ~ListLogWriter();

  /// Appends the record, its `number` and `chain` set, and syncs. Throws Fault.
  void append(ListLogRecord record);

 private:
  ListLogWriter(int descriptor, uint64_t records, const Sha256& chain);
  int descriptor_ = -1;
  uint64_t records_ = 0;
  Sha256 chain_;
};

}  // namespace safelight

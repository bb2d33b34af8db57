#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/audit/chain.h"
#include "safelight/audit/details.h"
#include "safelight/audit/log_examiner.h"
#include "safelight/base/clock.h"
#include "safelight/base/log.h"
#include "safelight/bytes/file.h"

namespace safelight::audit {

/// A log in a file of its own, which belongs to no case: docs/formats/audit.md, section 6. Holds
/// the file's lock as long as it lives; records are only ever appended. Used from one thread at a
/// time.
class LogFile {
 public:
  /// Opens the log and verifies it. Where there is none, makes it, mode 0600, with the name
  /// `new_name` (see is_log_name()), which its first record keeps; an existing log keeps its own.
  /// What a crash left of a last record is cut off, and a record says so. `clock` outlives it;
  /// `log` gets a warning where something was cut off. Throws Fault if another process has it, it
  /// is no log, it does not verify, or the system fails.
  static LogFile open(const std::filesystem::path& file, std::string_view new_name,
                      const Clock& clock, LogSink& log);

  /// Appends a record and gives its number; it is on the disk when the call returns. `kind` as in
  /// Record. Throws Fault, the log then being as it was; where that cannot be had, every further
  /// call throws too.
  uint64_t append(std::string_view kind, const Details& details);

  [[nodiscard]] const std::string& log_name() const { return name_; }
  [[nodiscard]] TreeHead head() const { return chain_.head(); }

 private:
  enum class State : uint8_t { whole, torn };

  LogFile(std::filesystem::path file, Descriptor descriptor, const Clock& clock)
      : file_(std::move(file)), descriptor_(std::move(descriptor)), clock_(&clock) {}
  void begin(std::string_view new_name);
  void take_up(const FileSource& source, LogSink& log);
  void cut_to(uint64_t size_bytes);
  void write(std::span<const std::byte> bytes);

  std::filesystem::path file_;
  Descriptor descriptor_;
  const Clock* clock_;
  std::string name_;
  Chain chain_;
  uint64_t size_bytes_ = 0;
  State state_ = State::whole;
};

/// Reads the records of a log file one after another, checking nothing but their lengths. The bytes
/// are untrusted.
class LogFileReader {
 public:
  /// `file` outlives it. Errors: those of the source; truncated, malformed, "log-file.tag", or
  /// unsupported, "log-file.version", for what is no log.
  static Result<LogFileReader> open(const ByteSource& file);

  /// The bytes of the next record, which hold until the next call; nothing at the end. Errors:
  /// those of the source; truncated, "log-file.record", at a record that is not whole;
  /// limit_exceeded, "log-file.max_record_bytes".
  Result<std::optional<std::span<const std::byte>>> next();

  /// Where the next record begins.
  [[nodiscard]] uint64_t offset_bytes() const { return offset_bytes_; }

 private:
  explicit LogFileReader(const ByteSource& file) : file_(&file) {}

  const ByteSource* file_;
  uint64_t offset_bytes_ = 0;
  std::vector<std::byte> record_;
};

/// The log's name as its first record says it; "" where that is none. Errors: those of
/// LogFileReader.
Result<std::string> log_name_of(const ByteSource& file);

struct LogFileVerification {
  std::string name;      ///< As log_name_of().
  uint64_t records = 0;  ///< Records that fit each other.
  TreeHead head;         ///< Of these.
  uint64_t heads_fitting = 0;
  uint64_t vouched_records = 0;  ///< Records for which noted heads vouch.
  uint64_t torn_bytes = 0;       ///< Bytes at the end that are no whole record: left by a crash.
  std::optional<LogBreak> broken;
};

/// Recomputes a log file, every byte of it untrusted, and holds it against heads that were noted
/// elsewhere. Errors: those of LogFileReader::open(), and of the source.
Result<LogFileVerification> verify_log_file(const ByteSource& file, const NotedHeads& noted);

}  // namespace safelight::audit

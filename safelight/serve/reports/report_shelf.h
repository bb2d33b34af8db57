#pragma once

#include <deque>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "safelight/base/clock.h"
#include "safelight/base/log.h"
#include "safelight/base/result.h"
#include "safelight/bytes/file.h"
#include "safelight/casefile/triage_writer.h"
#include "safelight/hash/digests.h"

namespace safelight::serve {

enum class ReportFormat : uint8_t { html, csv, json };

std::string_view to_text(ReportFormat format);
std::optional<ReportFormat> report_format_from_text(std::string_view text);

/// A report that was made.
struct MadeReport {
  std::string name;  ///< "report-3.html": of one shelf, no name comes twice.
  ReportFormat format = ReportFormat::html;
  Sha256 sha256;
  int64_t made_ns = 0;
};

/// The reports that were made of one case while it is served: in its folder `reports/`, mode 0700,
/// the latest few, and gone with the shelf. Safe from many threads; reports are made one after
/// another.
class ReportShelf {
 public:
  /// `clock` and `log` outlive it.
  ReportShelf(std::filesystem::path case_directory, std::string tool_version, const Clock& clock,
              LogSink& log);
  ReportShelf(const ReportShelf&) = delete;
  ReportShelf& operator=(const ReportShelf&) = delete;
  ~ReportShelf();

  /// Makes a report of the case as it is, groups and ranks what is new first. Errors: changed,
  /// "report.case-in-use", where the case grows as fast as that can be done, or another program
  /// does it for long. Throws Fault.
  Result<MadeReport> make(ReportFormat format);

  /// What is on the shelf, oldest first.
  [[nodiscard]] std::deque<MadeReport> all() const;
  /// A report's bytes; nothing where it is not there any more. Throws Fault.
  [[nodiscard]] std::optional<FileMapping> open(std::string_view name) const;

 private:
  /// Nothing where another program has the case's for too long.
  [[nodiscard]] std::optional<casefile::TriageWriter> triage_writer() const;

  const std::filesystem::path case_directory_;
  const std::filesystem::path folder_;
  const std::string tool_version_;
  const Clock& clock_;
  LogSink& log_;
  std::mutex making_;
  mutable std::mutex mutex_;
  std::deque<MadeReport> reports_;
  uint64_t made_ = 0;
};

}  // namespace safelight::serve

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "safelight/casefile/act_reader.h"
#include "safelight/casefile/reader.h"
#include "safelight/triage/review.h"

namespace safelight::report {

/// What a report needs besides the case.
struct ReportInput {
  const casefile::Reader& reader;
  /// Of the same case: what people decided and were shown, as it is when the report is begun.
  const casefile::ActReader& acts;
  /// Of the case as the reader sees it, so of every item: what stored_review() gives.
  const triage::Review& review;
  int64_t written_ns = 0;  ///< When: nanoseconds since 1970, UTC.
  std::string tool_version;
};

/// The most items that an HTML report lists one by one, so that a browser can hold it. Of a larger
/// case it lists the first in the order of review; how many are left out is said.
inline constexpr uint64_t kMaxHtmlItems = 200'000;

/// Writes one HTML file that needs nothing else: no picture, no request to anywhere, scripts and
/// styles named by hash in its content security policy. All writers stream: beside the review they
/// keep what people did with the case, 12 bytes for each place in a group, and what count_case()
/// says; HTML and JSON, while they compare what marks of generators have in common, 16 for each
/// value, 32 MB at most. Each writes to a new file beside `file`, mode 0600, and moves it into
/// place when it is whole. Throws Fault; std::invalid_argument for an item that the review does not
/// know.
void write_html(const ReportInput& input, const std::filesystem::path& file,
                uint64_t max_items = kMaxHtmlItems);

/// Writes one line an item: docs/formats/report_csv.md. Throws Fault.
void write_csv(const ReportInput& input, const std::filesystem::path& file);

/// Writes one line a source and one a folder, with the counts that a lab asks for:
/// docs/formats/report_csv.md. Throws Fault.
void write_folders(const ReportInput& input, const std::filesystem::path& file);

/// Writes one JSON object: docs/formats/report_json.md. Throws Fault.
void write_json(const ReportInput& input, const std::filesystem::path& file);

}  // namespace safelight::report

#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "safelight/casefile/reader.h"
#include "safelight/evidence/origin.h"

namespace safelight::report {

enum class GroupKind : uint8_t {
  exact,  ///< The same bytes.
  near,   ///< Pictures that look alike.
};

struct GroupMember {
  ItemId item;
  uint32_t distance_bits = 0;  ///< For near: from the representative.
};

/// Items that belong together, as a report shows them.
struct ItemGroup {
  GroupKind kind = GroupKind::exact;
  std::vector<GroupMember> members;  ///< The representative first.
};

/// What a report needs besides the case.
struct ReportInput {
  const casefile::Reader& reader;
  std::span<const ItemGroup> groups;  ///< An item is in at most one group of each kind.
  int64_t written_ns = 0;             ///< When: nanoseconds since 1970, UTC.
  std::string tool_version;
};

/// The most items that an HTML report lists one by one, so that a browser can hold it. In a larger
/// case those with hits, findings, groups or gaps come first; how many are left out is said.
inline constexpr uint64_t kMaxHtmlItems = 200'000;

/// Writes one HTML file that needs nothing else: no picture, no request to anywhere, scripts and
/// styles named by hash in its content security policy. All writers stream: memory grows with the
/// grouped items only. Each writes to a new file beside `file`, mode 0600, and moves it into place
/// when it is whole. Throws Fault.
void write_html(const ReportInput& input, const std::filesystem::path& file,
                uint64_t max_items = kMaxHtmlItems);

/// Writes one line an item: docs/formats/report_csv.md. Throws Fault.
void write_csv(const ReportInput& input, const std::filesystem::path& file);

/// Writes one JSON object: docs/formats/report_json.md. Throws Fault.
void write_json(const ReportInput& input, const std::filesystem::path& file);

}  // namespace safelight::report

#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/casefile/internal/row_inserter.h"
#include "safelight/casefile/internal/schema.h"

namespace safelight::casefile {

/// What an audit record says of a commit: docs/formats/case.md, section 4.
struct CommitBody {
  int schema = kSchemaVersion;
  std::vector<std::pair<std::string, std::string>> details;  ///< Sorted by name, each name once.
  std::array<std::optional<RowRange>, kTables> rows;         ///< By Table.
};

std::string to_json(const CommitBody& body);

/// Errors: malformed for other JSON than to_json() writes; unsupported for another schema.
Result<CommitBody> parse_commit_body(std::string_view json);

}  // namespace safelight::casefile

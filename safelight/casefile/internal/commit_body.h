#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "safelight/audit/details.h"
#include "safelight/base/result.h"
#include "safelight/casefile/internal/row_inserter.h"
#include "safelight/casefile/internal/schema.h"

namespace safelight::casefile {

/// What an audit record says of a commit: docs/formats/case.md, section 4.
struct CommitBody {
  int schema = kSchemaVersion;
  audit::Details details;
  std::array<std::optional<RowRange>, kTables> rows;  ///< By Table.
};

std::string to_json(const CommitBody& body);

/// Errors: malformed for other JSON than to_json() writes; unsupported for another schema.
Result<CommitBody> parse_commit_body(std::string_view json);

}  // namespace safelight::casefile

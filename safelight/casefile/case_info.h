#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "safelight/base/result.h"

namespace safelight::casefile {

/// What the examiner says of the case. Changes are audited.
struct CaseInfo {
  std::string examiner;
  std::string agency;
  std::string case_number;
  std::string exhibit;
  std::string time_zone = "UTC";  ///< IANA name of the zone in which reports show UTC times.
  friend bool operator==(const CaseInfo&, const CaseInfo&) = default;
};

/// A case's identity and what is said of it now.
struct CaseDescription {
  std::string case_id;  ///< A random UUID.
  int64_t created_ns = 0;
  CaseInfo info;
};

/// A random UUID (RFC 4122, version 4) from the system's generator.
std::string random_case_id();

enum class SourceKind : uint8_t {
  folder,
  file,
  uploads,  ///< A store of what a server held: its items are no files below a path.
};

/// An evidence source as it was given. A source is known again by file system and inode, so that
/// another mount point does not make another source.
struct SourceDescription {
  SourceKind kind = SourceKind::folder;
  std::string given_path;      ///< Raw bytes, absolute. An attribute, never part of an identity.
  std::string file_system_id;  ///< What the system says of the file system; "" where unknown.
  uint64_t inode = 0;
  friend bool operator==(const SourceDescription&, const SourceDescription&) = default;
};

/// Describes what stands at `path`. Errors: not_found; unreadable; unsupported for what is neither
/// a folder nor a regular file.
Result<SourceDescription> describe_source(const std::string& path);

struct Source {
  std::string source_id;  ///< "S1", "S2" ... in the order of first use.
  SourceDescription description;
};

/// A list that was matched against, in the version and with the mapping that were used.
struct ListUse {
  std::string name;
  std::string content_id;  ///< What tells this version of the list from others.
  std::string mapping;     ///< Category codes to dispositions, as JSON.
  uint64_t entries = 0;
  friend bool operator==(const ListUse&, const ListUse&) = default;
};

struct RunStart {
  std::string command;                                       ///< "scan", "rematch" ...
  std::vector<std::pair<std::string, std::string>> options;  ///< Without passwords.
  std::string tool_version;
};

/// One run over a case.
struct Run {
  uint64_t number = 0;  ///< Counted from 1.
  RunStart start;
  int64_t started_ns = 0;
  std::optional<uint64_t> resumes;  ///< The run before, where that one never ended.
  std::optional<int64_t> ended_ns;  ///< Absent while it runs, and for ever if it was killed.
  std::string outcome;              ///< As given to Writer::end_run(); "" without an end.
};

std::string_view to_text(SourceKind kind);

}  // namespace safelight::casefile

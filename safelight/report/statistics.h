#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "safelight/casefile/reader.h"
#include "safelight/evidence/origin_grades.h"
#include "safelight/evidence/origin_scope.h"

namespace safelight::report {

struct FileCounts {
  uint64_t files = 0;
  uint64_t distinct_files = 0;  ///< Distinct contents; a file that was not read is none.
  FileCounts& operator+=(const FileCounts& other);
  friend bool operator==(const FileCounts&, const FileCounts&) = default;
};

inline constexpr const char* kUnknownMonth = "unknown";

/// How many files a case holds, and of which origin and age, without any of their contents, names
/// or digests. Each of the groups comes to `all`. Folders, links and special files do not count.
struct Statistics {
  using ByGrade = std::array<FileCounts, kGrades>;  ///< By reader_order(); the last is for none.

  FileCounts all;
  std::array<FileCounts, 3> by_scope{};  ///< By OriginScope: how far evidence was looked for.
  ByGrade by_camera{};                   ///< By the strongest evidence of a camera.
  ByGrade by_synthesis{};                ///< By the strongest evidence of synthesis.
  /// By the month in which the file was last written, or else as the container that holds it says:
  /// "2026-11", in the zone of the time; kUnknownMonth where neither is known.
  std::map<std::string, FileCounts> by_month;

  /// Counts of two cases together. A file that both hold is two distinct ones.
  Statistics& operator+=(const Statistics& other);
  friend bool operator==(const Statistics&, const Statistics&) = default;
};

/// Counts the files of a case. A content that lies in several places counts once, with the
/// strongest evidence, the widest scope and the earliest month that one of them gives. Memory: 44
/// bytes a file. Throws Fault.
Statistics count_statistics(const casefile::Reader& reader);

/// As the lines of docs/formats/statistics_csv.md. Counts from 1 to below `suppress_under` are not
/// told, nor what they could be computed from. 1 hides nothing; never 0 or 2.
std::string to_csv(const Statistics& statistics, uint64_t suppress_under);
inline constexpr uint64_t kSuppressUnder = 10;

}  // namespace safelight::report

#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "safelight/base/log.h"
#include "safelight/casefile/reader.h"
#include "safelight/casefile/writer.h"
#include "safelight/scan/examiner.h"
#include "safelight/scan/list_matching.h"
#include "safelight/scan/progress.h"
#include "safelight/scan/recorder.h"

namespace safelight::scan {

struct ScanOptions {
  std::vector<std::string> sources;  ///< Paths of folders and files.
  uint32_t jobs = 2;                 ///< Files examined side by side, each by workers of its own.
  Asked asked;
  ExaminerOptions examiner;
  Committed committed;  ///< May be empty.
};

/// What a scan came to.
struct ScanEnd {
  bool interrupted = false;
  /// A list changed meanwhile: what was matched before that is to be matched anew.
  bool lists_changed = false;
  /// Sources that could not be opened; the others were scanned.
  struct LostSource {
    std::string path;
    Error error;
  };
  std::vector<LostSource> lost_sources;
};

/// Scans sources into a case: walks them, digests and examines each file, expands archives, matches
/// everything, and commits as it goes. An item that the case holds in full, and whose file has not
/// changed since, is not looked at again, so the same call after any interruption goes on where it
/// stopped. `stop` ends it early and in order; `progress` can be read meanwhile. Throws Fault.
ScanEnd scan(casefile::Writer& writer, const std::filesystem::path& case_folder,
             ListMatching& matching, const ScanOptions& options, Progress& progress,
             const std::atomic<bool>& stop);

}  // namespace safelight::scan

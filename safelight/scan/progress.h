#pragma once

#include <atomic>
#include <cstdint>

namespace safelight::scan {

/// How far a scan has come. Written by its threads, read by whoever shows it.
struct Progress {
  std::atomic<uint64_t> total_files = 0;  ///< What the sources hold, as far as counted.
  std::atomic<uint64_t> total_bytes = 0;
  std::atomic<bool> counted = false;  ///< Whether the totals are complete.
  std::atomic<uint64_t> files =
      0;  ///< Entries of the sources done, those known from before included.
  std::atomic<uint64_t> bytes = 0;
  std::atomic<uint64_t> skipped = 0;     ///< Done in an earlier run and unchanged since.
  std::atomic<uint64_t> items = 0;       ///< Recorded, members of containers included.
  std::atomic<uint64_t> unexamined = 0;  ///< Items not or only partly examined.
  std::atomic<uint64_t> hits = 0;        ///< Contents with a hit.
};

}  // namespace safelight::scan

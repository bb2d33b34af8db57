#pragma once

#include <cstdint>
#include <string>

#include "safelight/sandbox/report.h"

namespace safelight::sandbox {

/// What to do about a property that no mechanism of this machine enforces.
enum class Degraded : uint8_t { refuse, allow };

/// Where a worker's standard error goes. A captured one is a bounded pipe: what does not fit is
/// lost.
enum class StandardError : uint8_t { discard, capture };

/// The bounds that a worker lives under. Two workers of one program with one policy are alike.
struct Policy {
  /// Private memory that the worker may have, libraries' data included (RLIMIT_DATA).
  uint64_t memory_bytes = 1'500'000'000;
  /// Address space beyond that: libraries' code, mapped inputs, memory files (RLIMIT_AS).
  uint64_t mapped_bytes = 8ull << 30;
  /// Threads of the worker, where it has a user namespace of its own.
  uint32_t max_threads = 512;
  /// Descriptors that one request may carry; at most kMaxDescriptors.
  uint32_t max_descriptors = 64;

  // Of one reply. A worker that goes over any of these is replaced.
  uint64_t max_records = 4'000'000;
  uint64_t max_record_bytes = 4ull << 30;   ///< All records together.
  uint64_t max_file_bytes = 1'500'000'000;  ///< One memory file.
  uint64_t max_files_bytes = 64ull << 30;   ///< All memory files together.
  uint32_t max_open_files = 4;              ///< Memory files being filled at one time.

  /// The worker is replaced after so many requests, and once its memory files come to so much.
  uint32_t recycle_after_requests = 1'000;
  uint64_t recycle_after_files_bytes = 16ull << 30;
  /// How long the program may take until it says that it is confined and ready.
  uint32_t start_timeout_ms = 20'000;
  /// The longest pause before a new start after repeated deaths; it doubles from 8 ms up to this.
  uint32_t max_pause_ms = 1'000;

  Degraded degraded = Degraded::refuse;
  StandardError standard_error = StandardError::discard;
  /// Mechanisms to leave out, so that a test or a user can see what the others do.
  MechanismSet without;
};

/// Why a process that is confined as `report` says may not go on: "not enforced: no exec", and so
/// on; empty where it may. A sanitizer reserves terabytes of addresses: such a build cannot bound
/// memory, and may go on.
std::string refusal(const Report& report, Degraded degraded);

}  // namespace safelight::sandbox

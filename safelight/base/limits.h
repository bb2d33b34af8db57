#pragma once

#include <cstdint>

namespace safelight {

/// The bounds on what an input may make us do. Each is reached as `limit_exceeded` with its name as
/// the rule. The defaults hold a worker under 1.5 GB.
struct Limits {
  uint64_t max_pixels = 500'000'000;                 ///< Pixels of one picture.
  uint32_t max_side_pixels = 65'535;                 ///< Width and height of one picture.
  uint64_t max_decode_memory_bytes = 1'200'000'000;  ///< What one decode may allocate.
  uint32_t max_picture_members = 64;                 ///< Further stills read out of one file.
  uint32_t max_container_depth = 8;                  ///< Containers inside containers.
  uint64_t max_archive_members = 1'000'000;          ///< Members of one archive.
  uint64_t max_member_bytes = 512ull << 20;  ///< Expanded size of one member that is examined.
  uint64_t max_archive_bytes = 64ull << 30;  ///< Expanded size of one archive.
  uint32_t max_expansion_ratio = 1'000;      ///< Expanded bytes to packed bytes of one archive.
  uint32_t max_name_bytes = 4'096;           ///< One name in a container.
  uint32_t item_timeout_ms = 60'000;         ///< Wall clock for one request to a worker.
};

}  // namespace safelight

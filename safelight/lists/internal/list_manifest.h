#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/bytes/file.h"
#include "safelight/hash/digests.h"

namespace safelight::lists {

/// Which compiled files a list is, in their order. Format: docs/formats/compiled_list.md section 4.
struct ListManifest {
  struct Segment {
    Sha256 content_id;
    uint64_t file_bytes = 0;
    friend bool operator==(const Segment&, const Segment&) = default;
  };
  uint64_t generation = 0;  ///< One more with each change.
  std::vector<Segment> segments;
  friend bool operator==(const ListManifest&, const ListManifest&) = default;
};

/// Segments that a list may have. Merging keeps it far below.
inline constexpr uint32_t kMaxSegments = 1'024;

std::vector<std::byte> encode_manifest(const ListManifest& manifest);

/// Errors: truncated; malformed; unsupported for another version; limit_exceeded over
/// kMaxSegments; integrity_mismatch where the SHA-256 at its end does not fit.
[[nodiscard]] Result<ListManifest> decode_manifest(std::span<const std::byte> bytes);

/// Errors: those of FileSource::open() and decode_manifest().
[[nodiscard]] Result<ListManifest> read_manifest(const std::filesystem::path& path);

/// What the list is known by: list_content_id() of its segments.
Sha256 content_id_of(const ListManifest& manifest);

}  // namespace safelight::lists

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"

namespace safelight::codec {

/// Top-level boxes of one file that are walked.
inline constexpr size_t kMaxHeifBoxes = 4096;

struct HeifBox {
  std::string_view type;  ///< A view into the file.
  uint64_t offset_bytes = 0;
  uint64_t length_bytes = 0;
};

/// The top-level boxes of an ISO base media file.
struct HeifBoxes {
  std::vector<HeifBox> boxes;
  std::optional<Error> damage;  ///< Why the walk ended before the end of the file.

  [[nodiscard]] const HeifBox* find(std::string_view type) const;
};

/// Walks the top-level boxes. Source: ISO/IEC 14496-12 section 4.2.
HeifBoxes read_heif_boxes(std::span<const std::byte> file);

}  // namespace safelight::codec

#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/hash/digests.h"

namespace safelight::serve {

/// Names a held upload: 32 random hexadecimal digits, which are its path below its source, too.
struct HeldId {
  std::string text;
  friend auto operator<=>(const HeldId&, const HeldId&) = default;
};

/// Nothing where the text names none.
std::optional<HeldId> held_id_from_text(std::string_view text);

/// Why an upload must not be purged, as long as it holds.
struct LegalHold {
  uint32_t number = 0;  ///< Among those of one upload; never given twice.
  std::string reason;
  std::string placed_by;
  int64_t placed_ns = 0;
  int64_t expires_ns = 0;  ///< From then on it keeps nothing.
  friend bool operator==(const LegalHold&, const LegalHold&) = default;
};

/// What is known of a held upload beside its bytes and the item of the case.
struct HeldUpload {
  HeldId id;
  Sha256 sha256;
  uint64_t bytes = 0;
  int64_t received_ns = 0;
  int64_t key = 0;  ///< Names the key that brought it.
  std::string tenant;
  friend bool operator==(const HeldUpload&, const HeldUpload&) = default;
};

}  // namespace safelight::serve

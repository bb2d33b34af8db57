#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/metadata/container/byte_range.h"
#include "safelight/metadata/limits.h"

namespace safelight::metadata {

/// Record and number of an IIM dataset.
struct IimField {
  uint8_t record = 0;
  uint8_t dataset = 0;
  friend bool operator==(const IimField&, const IimField&) = default;
};

inline constexpr IimField kIimTitle{2, 5};
inline constexpr IimField kIimSpecialInstructions{2, 40};
inline constexpr IimField kIimOriginatingProgram{2, 65};
inline constexpr IimField kIimProgramVersion{2, 70};
inline constexpr IimField kIimByline{2, 80};
inline constexpr IimField kIimCredit{2, 110};
inline constexpr IimField kIimSource{2, 115};
inline constexpr IimField kIimCopyright{2, 116};
inline constexpr IimField kIimCaption{2, 120};

struct IimDataset {
  IimField field;
  std::string value;  ///< As stored.
  ByteRange place;
};

/// The datasets of an IPTC-IIM stream.
struct Iim {
  std::vector<IimDataset> datasets;
  bool utf8 = false;            ///< Dataset 1:90 says that texts are UTF-8. Else nobody knows.
  std::optional<Error> damage;  ///< Why the rest was not read.

  /// The value of the first dataset of that field; empty where there is none.
  [[nodiscard]] std::string_view value(IimField field) const;
};

/// Reads the stream at `place`. Zero bytes behind the last dataset are passed over. Damage:
/// malformed for another tag marker; truncated; limit_exceeded (rules "max_segments",
/// "max_text_bytes"). Source: IPTC-IIM 4.2 section 1.5.
Iim read_iim(std::span<const std::byte> file, ByteRange place, const MetadataLimits& limits);

}  // namespace safelight::metadata

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "safelight/picture/picture.h"

namespace safelight::synthesis {

/// How the pixels of a picture were last stored.
enum class Storage : uint8_t { lossless, jpeg, other_lossy };

struct Encoding {
  Storage storage = Storage::lossless;
  /// The nearest quality of the IJG's library, 1 to 100; nothing where tables tell none.
  std::optional<int> jpeg_quality;
};

enum class SizeBand : uint8_t {
  small,  ///< The longer side is under kLargeSide pixels.
  large,
};
inline constexpr uint32_t kLargeSide = 1000;

enum class CompressionBand : uint8_t {
  light,    ///< Lossless, or JPEG of quality 85 or more.
  medium,   ///< JPEG of quality 60 to 84.
  strong,   ///< JPEG of quality under 60.
  unknown,  ///< Another lossy format, or a JPEG whose quality is not known.
};

/// Pictures of about one quality: scores are compared with those of one stratum alone.
struct Stratum {
  SizeBand size = SizeBand::small;
  CompressionBand compression = CompressionBand::unknown;
  friend bool operator==(const Stratum&, const Stratum&) = default;
};

Stratum stratum_of(const PictureShape& shape, const Encoding& encoding);

/// "large/light" and so on: the name in files.
std::string to_text(const Stratum& stratum);
/// Nothing for a text that names none.
std::optional<Stratum> stratum_from_text(std::string_view text);
/// In plain words, such as "longer side 1000 px or more, lossless or JPEG quality 85 or more".
std::string describe(const Stratum& stratum);

/// All there are, in a fixed order.
std::array<Stratum, 8> all_strata();

}  // namespace safelight::synthesis

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/picture/picture.h"
#include "safelight/synthesis/plugins/model_card.h"

namespace safelight::synthesis {

/// Pixels of a resized picture: what is long and narrow can grow to many.
inline constexpr uint64_t kMaxResizedPixels = uint64_t{1} << 26;

/// The size that a picture is brought to, and where its crops begin there.
struct CropPlan {
  struct Corner {
    uint32_t x = 0;
    uint32_t y = 0;
    friend bool operator==(const Corner&, const Corner&) = default;
  };
  uint32_t width = 0;
  uint32_t height = 0;
  std::vector<Corner> corners;  ///< As many as the card has crops.
};

/// Errors: unsupported ("preprocess.too-small") where a crop does not fit; limit_exceeded
/// ("preprocess.pixels") over kMaxResizedPixels.
Result<CropPlan> plan_crops(const ModelCard& card, uint32_t width, uint32_t height);

/// Puts the crops of `picture`, one after another in the card's layout and normalised, into `out`,
/// whose memory is used again. A grey picture gives three equal channels.
/// Errors: those of plan_crops().
Result<void> preprocess(const ModelCard& card, const Picture& picture, std::vector<float>& out);

}  // namespace safelight::synthesis

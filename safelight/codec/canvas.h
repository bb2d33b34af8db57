#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "safelight/codec/picture_output.h"

namespace safelight::codec {

/// Bytes a pixel that drawing an animation takes: the canvas, one frame, and what lay under it.
inline constexpr uint64_t kAnimationBytesPerPixel = 12;

/// Where a frame stands on its canvas; what of it lies outside is not drawn.
struct FramePlace {
  uint32_t x = 0;
  uint32_t y = 0;
  uint32_t width = 0;
  uint32_t height = 0;
};

/// What becomes of a frame's place before the next is drawn.
enum class Disposal : uint8_t { keep, clear, restore };
/// How a frame's pixels meet those under them.
enum class Blend : uint8_t { replace, over };

/// The picture that a viewer shows while it plays an animation: frames drawn over each other.
class Canvas {
 public:
  /// All transparent black. The caller has checked the size and the memory.
  Canvas(uint32_t width, uint32_t height);

  /// Disposes of the frame before and draws this one: `rgba` has 4 samples a pixel, not multiplied
  /// by alpha.
  void show(const FramePlace& place, Disposal disposal, Blend blend, std::span<const uint8_t> rgba);

  /// Hands out the canvas as it is, alpha dropped.
  void hand_out(PictureOutput& output) const;

 private:
  void dispose();
  [[nodiscard]] size_t offset(uint32_t x, uint32_t y) const { return (size_t{y} * width_ + x) * 4; }

  uint32_t width_;
  uint32_t height_;
  std::vector<uint8_t> rgba_;
  FramePlace last_place_;  ///< Cut to the canvas.
  Disposal last_disposal_ = Disposal::keep;
  std::vector<uint8_t> under_last_;  ///< What lay at last_place_, where it is to be restored.
};

}  // namespace safelight::codec

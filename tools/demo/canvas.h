#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "safelight/picture/picture.h"

namespace safelight::demo {

using Colour = std::array<uint8_t, 3>;

struct Point {
  double x = 0;
  double y = 0;
};

/// A small generator whose numbers are the same everywhere (splitmix64).
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  uint64_t next();
  /// From `low` to below `high`.
  double between(double low, double high);

 private:
  uint64_t state_;
};

/// An RGB picture to draw on. What lies outside is not drawn.
class Canvas {
 public:
  Canvas(uint32_t width, uint32_t height, Colour background);

  [[nodiscard]] uint32_t width() const { return picture_.shape.width; }
  [[nodiscard]] uint32_t height() const { return picture_.shape.height; }
  [[nodiscard]] const Picture& picture() const { return picture_; }

  [[nodiscard]] Colour at(uint32_t x, uint32_t y) const;
  void set(int x, int y, Colour colour);
  void rectangle(double left, double top, double right, double bottom, Colour colour);
  void circle(Point centre, double radius, Colour colour);
  /// Filled, by the even-odd rule.
  void polygon(std::span<const Point> corners, Colour colour);
  void line(Point from, Point to, double thickness, Colour colour);
  /// From `top` to `bottom` colour, over all of the picture.
  void vertical_gradient(Colour top, Colour bottom);
  /// Adds up to `strength` to or from each sample, as a sensor's noise does.
  void grain(double strength, uint64_t seed);

 private:
  Picture picture_;
};

Colour mix(Colour a, Colour b, double share_of_b);

/// By averaging the pixels that fall together; to at most the size it has.
Picture shrink(const Picture& picture, uint32_t width, uint32_t height);
Picture crop(const Picture& picture, uint32_t left, uint32_t top, uint32_t width, uint32_t height);
/// A quarter turn clockwise.
Picture rotate(const Picture& picture);
/// Left and right exchanged.
Picture mirror(const Picture& picture);
/// The same brightness in three equal channels.
Picture to_grey(const Picture& picture);
/// Each sample times `factor`, cut at 255.
Picture brighten(const Picture& picture, double factor);

}  // namespace safelight::demo

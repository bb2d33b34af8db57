#include "tools/demo/canvas.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace safelight::demo {
namespace {

uint8_t to_sample(double value) {
  return static_cast<uint8_t>(std::clamp(std::lround(value), 0l, 255l));
}

Picture empty(uint32_t width, uint32_t height) {
  Picture picture;
  picture.shape = {width, height, 3};
  picture.samples.resize(picture.shape.row_bytes() * height);
  return picture;
}

const uint8_t* pixel(const Picture& picture, uint32_t x, uint32_t y) {
  return picture.samples.data() + y * picture.shape.row_bytes() + size_t{x} * 3;
}

/// A picture each of whose pixels is the one of `from` that `place` names.
template <typename Place>
Picture rearrange(const Picture& from, uint32_t width, uint32_t height, Place place) {
  Picture result = empty(width, height);
  uint8_t* out = result.samples.data();
  for (uint32_t y = 0; y < height; ++y) {
    for (uint32_t x = 0; x < width; ++x) {
      const auto [from_x, from_y] = place(x, y);
      out = std::copy_n(pixel(from, from_x, from_y), 3, out);
    }
  }
  return result;
}

struct Cell {
  uint32_t x;
  uint32_t y;
};

}  // namespace

uint64_t Random::next() {
  state_ += 0x9e3779b97f4a7c15u;
  uint64_t value = state_;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
  return value ^ (value >> 31);
}

double Random::between(double low, double high) {
  return low + (high - low) * static_cast<double>(next() >> 11) * 0x1p-53;
}

Canvas::Canvas(uint32_t width, uint32_t height, Colour background)
    : picture_(empty(width, height)) {
  rectangle(0, 0, width, height, background);
}

Colour Canvas::at(uint32_t x, uint32_t y) const {
  const uint8_t* p = pixel(picture_, x, y);
  return {p[0], p[1], p[2]};
}

void Canvas::set(int x, int y, Colour colour) {
  if (x < 0 || y < 0 || x >= static_cast<int>(width()) || y >= static_cast<int>(height())) return;
  std::copy(colour.begin(), colour.end(),
            picture_.samples.begin() +
                static_cast<ptrdiff_t>(y) * static_cast<ptrdiff_t>(picture_.shape.row_bytes()) +
                x * 3);
}

void Canvas::rectangle(double left, double top, double right, double bottom, Colour colour) {
  const int last_x = std::min(static_cast<int>(std::lround(right)), static_cast<int>(width()));
  const int last_y = std::min(static_cast<int>(std::lround(bottom)), static_cast<int>(height()));
  for (int y = std::max(0, static_cast<int>(std::lround(top))); y < last_y; ++y) {
    for (int x = std::max(0, static_cast<int>(std::lround(left))); x < last_x; ++x)
      set(x, y, colour);
  }
}

void Canvas::circle(Point centre, double radius, Colour colour) {
  const auto first = [](double value) { return static_cast<int>(std::floor(value)); };
  for (int y = first(centre.y - radius); y <= centre.y + radius; ++y) {
    for (int x = first(centre.x - radius); x <= centre.x + radius; ++x) {
      const double dx = x - centre.x;
      const double dy = y - centre.y;
      if (dx * dx + dy * dy <= radius * radius) set(x, y, colour);
    }
  }
}

void Canvas::polygon(std::span<const Point> corners, Colour colour) {
  std::vector<double> crossings;
  for (uint32_t y = 0; y < height(); ++y) {
    const double level = y + 0.5;
    crossings.clear();
    for (size_t i = 0; i < corners.size(); ++i) {
      const Point& a = corners[i];
      const Point& b = corners[(i + 1) % corners.size()];
      if ((a.y <= level) != (b.y <= level))
        crossings.push_back(a.x + (level - a.y) / (b.y - a.y) * (b.x - a.x));
    }
    std::sort(crossings.begin(), crossings.end());
    for (size_t i = 0; i + 1 < crossings.size(); i += 2)
      rectangle(crossings[i], y, crossings[i + 1], y + 1, colour);
  }
}

void Canvas::line(Point from, Point to, double thickness, Colour colour) {
  const double dx = to.x - from.x;
  const double dy = to.y - from.y;
  const double length = std::max(1e-9, std::hypot(dx, dy));
  const Point half{-dy / length * thickness / 2, dx / length * thickness / 2};
  const std::array<Point, 4> corners{{{from.x + half.x, from.y + half.y},
                                      {to.x + half.x, to.y + half.y},
                                      {to.x - half.x, to.y - half.y},
                                      {from.x - half.x, from.y - half.y}}};
  polygon(corners, colour);
}

void Canvas::vertical_gradient(Colour top, Colour bottom) {
  for (uint32_t y = 0; y < height(); ++y)
    rectangle(0, y, width(), y + 1, mix(top, bottom, (y + 0.5) / height()));
}

void Canvas::grain(double strength, uint64_t seed) {
  Random random(seed);
  for (auto& sample : picture_.samples)
    sample = to_sample(sample + random.between(-strength, strength));
}

Colour mix(Colour a, Colour b, double share_of_b) {
  Colour result{};
  for (size_t i = 0; i < 3; ++i) result[i] = to_sample(a[i] + (b[i] - a[i]) * share_of_b);
  return result;
}

Picture shrink(const Picture& picture, uint32_t width, uint32_t height) {
  Picture result = empty(width, height);
  uint8_t* out = result.samples.data();
  const auto edge = [](uint32_t index, uint32_t of, uint32_t from) {
    return static_cast<uint32_t>(uint64_t{index} * from / of);
  };
  for (uint32_t y = 0; y < height; ++y) {
    const uint32_t top = edge(y, height, picture.shape.height);
    const uint32_t bottom = std::max(top + 1, edge(y + 1, height, picture.shape.height));
    for (uint32_t x = 0; x < width; ++x) {
      const uint32_t left = edge(x, width, picture.shape.width);
      const uint32_t right = std::max(left + 1, edge(x + 1, width, picture.shape.width));
      for (uint32_t channel = 0; channel < 3; ++channel) {
        uint32_t sum = 0;
        for (uint32_t from_y = top; from_y < bottom; ++from_y) {
          for (uint32_t from_x = left; from_x < right; ++from_x)
            sum += pixel(picture, from_x, from_y)[channel];
        }
        const uint32_t count = (bottom - top) * (right - left);
        *out++ = static_cast<uint8_t>((sum + count / 2) / count);
      }
    }
  }
  return result;
}

Picture crop(const Picture& picture, uint32_t left, uint32_t top, uint32_t width, uint32_t height) {
  return rearrange(picture, width, height, [&](uint32_t x, uint32_t y) {
    return Cell{left + x, top + y};
  });
}

Picture rotate(const Picture& picture) {
  return rearrange(picture, picture.shape.height, picture.shape.width, [&](uint32_t x, uint32_t y) {
    return Cell{y, picture.shape.height - 1 - x};
  });
}

Picture mirror(const Picture& picture) {
  return rearrange(picture, picture.shape.width, picture.shape.height, [&](uint32_t x, uint32_t y) {
    return Cell{picture.shape.width - 1 - x, y};
  });
}

Picture to_grey(const Picture& picture) {
  Picture result = picture;
  for (size_t i = 0; i < result.samples.size(); i += 3) {
    const auto* p = picture.samples.data() + i;
    const uint8_t grey = to_sample(0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2]);
    std::fill_n(result.samples.begin() + static_cast<ptrdiff_t>(i), 3, grey);
  }
  return result;
}

Picture brighten(const Picture& picture, double factor) {
  Picture result = picture;
  for (auto& sample : result.samples) sample = to_sample(sample * factor);
  return result;
}

}  // namespace safelight::demo

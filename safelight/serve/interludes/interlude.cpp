#include "safelight/serve/interludes/interlude.h"

#include <algorithm>
#include <array>

namespace safelight::serve {
namespace {

constexpr uint32_t kWidth = 480;
constexpr uint32_t kHeight = 320;
constexpr int kRidges = 4;
/// Heights are whole numbers, in 1/256 of a pixel, so that every machine draws the same.
constexpr int kOne = 256;

using Colour = std::array<int, 3>;

uint32_t mixed(uint32_t a, uint32_t b) {
  uint32_t x = a * 0x9e3779b1u ^ (b + 0x7f4a7c15u) * 0x85ebca6bu;
  x ^= x >> 15;
  x *= 0x2c1b3c6du;
  x ^= x >> 13;
  return x;
}

/// From `from` to `to`, `part` of `whole` of the way.
Colour between(const Colour& from, const Colour& to, int part, int whole) {
  Colour out{};
  for (size_t i = 0; i < out.size(); ++i) out[i] = from[i] + (to[i] - from[i]) * part / whole;
  return out;
}

/// A smooth curve through random heights, `wave` pixels apart.
int curve(uint32_t seed, uint32_t x, uint32_t wave, int height) {
  const uint32_t place = x / wave;
  const int t = static_cast<int>(x % wave * kOne / wave);
  const int smooth = t * t * (3 * kOne - 2 * t) / (kOne * kOne);
  const int from = static_cast<int>(mixed(seed, place) % kOne);
  const int to = static_cast<int>(mixed(seed, place + 1) % kOne);
  return (from * (kOne - smooth) + to * smooth) / kOne * height;
}

/// The upper edge of a ridge at `x`, in pixels from the top.
int edge_of(uint32_t seed, int ridge, uint32_t x) {
  const uint32_t own = mixed(seed, static_cast<uint32_t>(100 + ridge));
  const int base = 120 + ridge * 48;
  const int rise = curve(own, x, 150, 64) + curve(own + 1, x, 47, 16) + curve(own + 2, x, 13, 4);
  return base + 40 - rise / kOne;
}

constexpr std::array<std::array<Colour, 3>, 4> kSkies = {{
    {{{74, 128, 190}, {190, 216, 232}, {96, 132, 120}}},
    {{{52, 72, 130}, {238, 180, 132}, {92, 84, 110}}},
    {{{120, 160, 190}, {226, 232, 226}, {92, 128, 92}}},
    {{{40, 90, 120}, {200, 222, 200}, {70, 110, 100}}},
}};

}  // namespace

Picture draw_interlude(uint32_t number) {
  const uint32_t seed = mixed(number, 7);
  const auto& [top, horizon, land] = kSkies[seed % kSkies.size()];
  const int sun_x = 60 + static_cast<int>(mixed(seed, 1) % 360);
  const int sun_y = 50 + static_cast<int>(mixed(seed, 2) % 70);
  constexpr int kSunRadius = 22;
  constexpr Colour kSun = {250, 238, 200};

  Picture out;
  out.shape = {kWidth, kHeight, 3};
  out.samples.resize(size_t{kHeight} * out.shape.row_bytes());
  for (uint32_t x = 0; x < kWidth; ++x) {
    std::array<int, kRidges> edges{};
    for (int ridge = 0; ridge < kRidges; ++ridge) {
      edges[static_cast<size_t>(ridge)] = edge_of(seed, ridge, x);
    }
    for (uint32_t y = 0; y < kHeight; ++y) {
      const int row = static_cast<int>(y);
      Colour colour = between(top, horizon, std::min(row, 200), 200);
      const int dx = static_cast<int>(x) - sun_x;
      const int dy = row - sun_y;
      if (dx * dx + dy * dy < kSunRadius * kSunRadius) colour = kSun;
      for (int ridge = 0; ridge < kRidges; ++ridge) {
        const int edge = edges[static_cast<size_t>(ridge)];
        if (row < edge) continue;
        // Nearer ridges are darker, and each is lighter at its foot, as in haze.
        colour = between(horizon, land, ridge + 2, kRidges + 1);
        colour = between(colour, horizon, std::min(row - edge, 120), 360);
      }
      uint8_t* const pixel = &out.samples[y * out.shape.row_bytes() + size_t{3} * x];
      for (size_t i = 0; i < colour.size(); ++i) {
        pixel[i] = static_cast<uint8_t>(std::clamp(colour[i], 0, 255));
      }
    }
  }
  return out;
}

}  // namespace safelight::serve

#include "tools/demo/scenes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "tools/demo/canvas.h"

namespace safelight::demo {
namespace {

constexpr uint32_t kWidth = 800;
constexpr uint32_t kHeight = 600;
constexpr double kTurn = 2 * std::numbers::pi;

constexpr Colour kWhite{255, 255, 255};
constexpr Colour kBlack{0, 0, 0};
constexpr Colour kRed{190, 50, 40};

std::string numbered(const std::string& name, int number) {
  return name + (number < 10 ? "_0" : "_") + std::to_string(number);
}

Colour random_colour(Random& random, double low, double high) {
  Colour colour{};
  for (auto& sample : colour) sample = static_cast<uint8_t>(random.between(low, high));
  return colour;
}

void draw_hill(Canvas& canvas, Random& random, double base, double height, Colour colour) {
  const double waves = random.between(0.7, 2.6);
  const double start = random.between(0, kTurn);
  const double second = random.between(0, kTurn);
  for (uint32_t x = 0; x < canvas.width(); ++x) {
    const double at = x / static_cast<double>(canvas.width()) * kTurn;
    const double rise = std::sin(at * waves + start) + 0.4 * std::sin(at * waves * 2.7 + second);
    canvas.rectangle(x, base - height * rise, x + 1, canvas.height(), colour);
  }
}

void draw_house(Canvas& canvas, Random& random, Point foot, double size) {
  const Colour wall = random_colour(random, 150, 250);
  const Colour roof = mix(kRed, random_colour(random, 30, 120), random.between(0, 0.7));
  const double left = foot.x - size / 2;
  const double top = foot.y - size * 0.7;
  canvas.rectangle(left, top, left + size, foot.y, wall);
  const std::array<Point, 3> gable{{{left - size * 0.1, top},
                                    {foot.x, top - size * random.between(0.35, 0.7)},
                                    {left + size * 1.1, top}}};
  canvas.polygon(gable, roof);
  canvas.rectangle(foot.x - size * 0.08, foot.y - size * 0.35, foot.x + size * 0.1, foot.y,
                   mix(roof, kBlack, 0.5));
  for (const double x : {0.15, 0.65}) {
    canvas.rectangle(left + size * x, top + size * 0.15, left + size * (x + 0.2), top + size * 0.35,
                     {250, 230, 140});
  }
}

void draw_tree(Canvas& canvas, Random& random, Point foot, double size) {
  canvas.rectangle(foot.x - size * 0.06, foot.y - size * 0.5, foot.x + size * 0.06, foot.y,
                   {95, 65, 40});
  const Colour leaves = mix({30, 90, 40}, {150, 150, 40}, random.between(0, 1));
  for (int i = 0; i < 7; ++i) {
    canvas.circle(
        {foot.x + random.between(-0.25, 0.25) * size, foot.y - size * random.between(0.5, 0.95)},
        size * random.between(0.15, 0.28), mix(leaves, kBlack, random.between(0, 0.25)));
  }
}

Picture landscape(uint64_t seed) {
  Random random(seed);
  Canvas canvas(kWidth, kHeight, kWhite);
  const Colour dusk = mix({60, 130, 220}, {230, 120, 60}, random.between(0, 1));
  canvas.vertical_gradient(dusk, mix(dusk, kWhite, 0.8));
  canvas.circle({random.between(80, 720), random.between(60, 220)}, random.between(30, 70),
                {255, 236, 150});
  for (int cloud = 0; cloud < static_cast<int>(random.between(0, 5)); ++cloud) {
    const Point at{random.between(0, 800), random.between(40, 200)};
    for (int puff = 0; puff < 5; ++puff)
      canvas.circle({at.x + puff * 26.0, at.y + random.between(-12, 12)}, random.between(18, 36),
                    {245, 246, 250});
  }
  double base = random.between(260, 340);
  const int hills = 2 + static_cast<int>(random.between(0, 3));
  const Colour ground = mix({40, 110, 50}, {170, 140, 70}, random.between(0, 1));
  for (int hill = 0; hill < hills; ++hill) {
    const double far = 1.0 - (hill + 1.0) / hills;
    draw_hill(canvas, random, base, random.between(20, 80), mix(ground, dusk, far * 0.7));
    base += random.between(50, 110);
  }
  for (int i = static_cast<int>(random.between(1, 5)); i > 0; --i)
    draw_house(canvas, random, {random.between(60, 740), random.between(400, 560)},
               random.between(60, 170));
  for (int i = static_cast<int>(random.between(2, 9)); i > 0; --i)
    draw_tree(canvas, random, {random.between(20, 780), random.between(420, 590)},
              random.between(60, 180));
  canvas.grain(7, seed + 1000);
  return canvas.picture();
}

Picture harbour(uint64_t seed) {
  Random random(seed);
  Canvas canvas(kWidth, kHeight, kWhite);
  canvas.vertical_gradient({130, 180, 230}, {235, 240, 245});
  const double sea = random.between(280, 360);
  for (double y = sea; y < kHeight; ++y)
    canvas.rectangle(0, y, kWidth, y + 1, mix({60, 120, 170}, {15, 45, 90}, (y - sea) / 300));
  for (int wave = 0; wave < 120; ++wave) {
    const Point at{random.between(-20, 800), random.between(sea, 600)};
    canvas.line(at, {at.x + random.between(10, 50), at.y}, 2, {170, 200, 220});
  }
  for (int boat = 0; boat < 4; ++boat) {
    const Point at{random.between(80, 720), random.between(sea + 30, 560)};
    const double size = random.between(50, 120);
    const std::array<Point, 4> hull{{{at.x - size, at.y},
                                     {at.x + size, at.y},
                                     {at.x + size * 0.7, at.y + size * 0.4},
                                     {at.x - size * 0.7, at.y + size * 0.4}}};
    canvas.polygon(hull, random_colour(random, 20, 150));
    const std::array<Point, 3> sail{{{at.x, at.y - size * 0.1},
                                     {at.x, at.y - size * 1.8},
                                     {at.x + size * 0.8, at.y - size * 0.1}}};
    canvas.polygon(sail, {245, 240, 225});
    canvas.line({at.x, at.y}, {at.x, at.y - size * 1.9}, 4, {80, 60, 40});
  }
  canvas.grain(6, seed + 2000);
  return canvas.picture();
}

Picture skyline(uint64_t seed) {
  Random random(seed);
  Canvas canvas(kWidth, kHeight, kBlack);
  canvas.vertical_gradient({10, 12, 40}, {90, 60, 90});
  canvas.circle({random.between(100, 700), 110}, 45, {240, 240, 220});
  for (double left = -20; left < kWidth;) {
    const double width = random.between(40, 110);
    const double top = random.between(150, 420);
    canvas.rectangle(left, top, left + width, kHeight, random_colour(random, 20, 70));
    for (double y = top + 12; y < kHeight - 20; y += 24) {
      for (double x = left + 8; x < left + width - 12; x += 18) {
        if (random.between(0, 1) < 0.55) canvas.rectangle(x, y, x + 9, y + 13, {250, 215, 120});
      }
    }
    left += width + random.between(0, 14);
  }
  canvas.grain(5, seed + 3000);
  return canvas.picture();
}

Picture clock_face(int hour, int minute, Colour background) {
  Canvas canvas(kHeight, kHeight, background);
  const Point centre{300, 300};
  canvas.circle(centre, 270, {40, 40, 45});
  canvas.circle(centre, 255, {250, 248, 240});
  const auto hand = [&](double turn, double from, double to, double thickness, Colour colour) {
    const double angle = turn * kTurn - kTurn / 4;
    canvas.line({centre.x + from * std::cos(angle), centre.y + from * std::sin(angle)},
                {centre.x + to * std::cos(angle), centre.y + to * std::sin(angle)}, thickness,
                colour);
  };
  for (int i = 0; i < 60; ++i)
    hand(i / 60.0, i % 5 == 0 ? 205 : 230, 245, i % 5 == 0 ? 10 : 3, kBlack);
  hand((hour % 12 + minute / 60.0) / 12, -20, 140, 16, kBlack);
  hand(minute / 60.0, -25, 215, 9, kRed);
  canvas.circle(centre, 14, kBlack);
  return canvas.picture();
}

Picture diagram(uint64_t seed, bool bars) {
  Random random(seed);
  Canvas canvas(kWidth, kHeight, kWhite);
  for (double y = 80; y < 520; y += 55) canvas.line({80, y}, {760, y}, 1, {210, 210, 215});
  Point last{80, 300};
  for (int i = 0; i < 10; ++i) {
    const double value = random.between(40, 420);
    const double x = 90 + i * 67;
    if (bars) {
      canvas.rectangle(x, 520 - value, x + 46, 520, mix({40, 90, 160}, kRed, i / 9.0));
    } else {
      const Point at{x + 20, 520 - value};
      if (i > 0) canvas.line(last, at, 5, {40, 90, 160});
      canvas.circle(at, 9, kRed);
      last = at;
    }
  }
  canvas.line({80, 60}, {80, 522}, 4, kBlack);
  canvas.line({78, 520}, {770, 520}, 4, kBlack);
  return canvas.picture();
}

/// A picture whose pixels are what `colour` gives for x and y from 0 to 1.
template <typename Function>
Picture paint(uint32_t width, uint32_t height, Function colour) {
  Canvas canvas(width, height, kBlack);
  for (uint32_t y = 0; y < height; ++y) {
    for (uint32_t x = 0; x < width; ++x)
      canvas.set(static_cast<int>(x), static_cast<int>(y),
                 colour((x + 0.5) / width, (y + 0.5) / height));
  }
  return canvas.picture();
}

Colour grey(double level) {
  const auto sample = static_cast<uint8_t>(std::clamp(level, 0.0, 1.0) * 255);
  return {sample, sample, sample};
}

Picture colour_bars() {
  constexpr std::array<Colour, 8> kBars{{{255, 255, 255},
                                         {255, 255, 0},
                                         {0, 255, 255},
                                         {0, 255, 0},
                                         {255, 0, 255},
                                         {255, 0, 0},
                                         {0, 0, 255},
                                         {0, 0, 0}}};
  return paint(kWidth, kHeight, [&](double x, double y) {
    if (y > 0.75) return grey(std::floor(x * 16) / 15);
    return kBars[static_cast<size_t>(x * 8)];
  });
}

Picture grid_chart() {
  Canvas canvas(kWidth, kHeight, {120, 120, 120});
  for (int x = 0; x <= 800; x += 40) canvas.rectangle(x - 1, 0, x + 1, 600, kWhite);
  for (int y = 0; y <= 600; y += 40) canvas.rectangle(0, y - 1, 800, y + 1, kWhite);
  canvas.circle({400, 300}, 260, kBlack);
  canvas.circle({400, 300}, 252, {160, 160, 160});
  for (const double x : {100.0, 700.0}) {
    for (const double y : {100.0, 500.0}) {
      canvas.circle({x, y}, 70, kWhite);
      canvas.circle({x, y}, 40, kBlack);
    }
  }
  canvas.rectangle(250, 270, 550, 330, kBlack);
  canvas.rectangle(260, 280, 400, 320, kRed);
  return canvas.picture();
}

/// Smooth noise: random heights on a grid of `cells`, interpolated.
Picture clouds(uint64_t seed, size_t cells, Colour low, Colour high) {
  Random random(seed);
  std::vector<double> heights((cells + 1) * (cells + 1));
  for (auto& height : heights) height = random.between(0, 1);
  const auto smooth = [](double t) { return t * t * (3 - 2 * t); };
  return paint(kWidth, kHeight, [&](double x, double y) {
    const auto column = static_cast<size_t>(x * static_cast<double>(cells));
    const auto row = static_cast<size_t>(y * static_cast<double>(cells));
    const double fx = smooth(x * static_cast<double>(cells) - static_cast<double>(column));
    const double fy = smooth(y * static_cast<double>(cells) - static_cast<double>(row));
    const auto height = [&](size_t r, size_t c) { return heights[r * (cells + 1) + c]; };
    const double top = height(row, column) * (1 - fx) + height(row, column + 1) * fx;
    const double bottom = height(row + 1, column) * (1 - fx) + height(row + 1, column + 1) * fx;
    return mix(low, high, top * (1 - fy) + bottom * fy);
  });
}

}  // namespace

std::vector<Scene> landscapes() {
  std::vector<Scene> scenes;
  for (int i = 1; i <= 14; ++i)
    scenes.push_back({numbered("hills", i), landscape(static_cast<uint64_t>(i) * 7919)});
  return scenes;
}

std::vector<Scene> drawings() {
  return {{"harbour_01", harbour(5)},
          {"harbour_02", harbour(77)},
          {"skyline_01", skyline(11)},
          {"skyline_02", skyline(23)},
          {"clock_01", clock_face(10, 8, {70, 100, 130})},
          {"clock_02", clock_face(4, 40, {150, 110, 70})},
          {"diagram_01", diagram(3, true)},
          {"diagram_02", diagram(4, false)}};
}

std::vector<Scene> charts() {
  const auto checks = [](double x, double y) {
    return (static_cast<int>(x * 16) + static_cast<int>(y * 12)) % 2 == 0 ? grey(0.9) : grey(0.1);
  };
  const auto star = [](double x, double y) {
    const double angle = std::atan2(y - 0.5, x - 0.5);
    return std::hypot(x - 0.5, y - 0.5) < 0.46 && std::sin(angle * 36) > 0 ? kBlack : kWhite;
  };
  const auto zones = [](double x, double y) {
    const double square = (x - 0.5) * (x - 0.5) + (y - 0.5) * (y - 0.5);
    return grey(0.5 + 0.5 * std::cos(square * 400));
  };
  const auto steps = [](double x, double y) {
    return grey(y < 0.5 ? std::floor(x * 11) / 10 : 1 - std::floor(x * 11) / 10);
  };
  return {{"colour_bars", colour_bars()},
          {"grid", grid_chart()},
          {"checks", paint(kWidth, kHeight, checks)},
          {"star", paint(600, 600, star)},
          {"zone_plate", paint(600, 600, zones)},
          {"steps", paint(kWidth, kHeight, steps)}};
}

std::vector<Scene> textures() {
  Random random(99);
  const auto noise = [&](double, double) { return random_colour(random, 0, 256); };
  const auto diagonal = [](double x, double y) {
    return mix({20, 30, 90}, {250, 210, 120}, (x + y) / 2);
  };
  const auto radial = [](double x, double y) {
    return grey(1 - std::hypot(x - 0.5, y - 0.5) * 1.4);
  };
  const auto hue = [](double x, double y) {
    const auto wave = [&](double shift) {
      return static_cast<uint8_t>(127 + 127 * std::sin((x + shift) * kTurn) * (1 - y));
    };
    return Colour{wave(0), wave(1 / 3.0), wave(2 / 3.0)};
  };
  return {{"gradient_01", paint(kWidth, kHeight, diagonal)},
          {"gradient_02", paint(kWidth, kHeight, radial)},
          {"gradient_03", paint(kWidth, kHeight, hue)},
          {"noise_01", paint(320, 240, noise)},
          {"clouds_01", clouds(1, 6, {40, 80, 150}, {240, 245, 250})},
          {"clouds_02", clouds(2, 12, {60, 40, 20}, {230, 190, 120})},
          {"clouds_03", clouds(3, 25, {10, 40, 20}, {150, 200, 120})}};
}

}  // namespace safelight::demo

#include "safelight/provenance/watermark/stealth.h"

#include <cstdlib>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <png.h>
#include <random>

#include "safelight/provenance/watermark/stealth_encode_for_test.h"

namespace safelight::provenance {
namespace {

using namespace std::string_view_literals;
using testing::HasSubstr;

constexpr std::string_view kText = "a hill at dusk\nSteps: 20, Sampler: Euler, Seed: 7"sv;

struct Canvas {
  uint32_t width = 61;
  uint32_t height = 130;
  StealthPixels pixels = StealthPixels::rgba;
  std::vector<uint8_t> samples;

  explicit Canvas(StealthPixels kind = StealthPixels::rgba, uint32_t w = 61, uint32_t h = 130)
      : width(w), height(h), pixels(kind) {
    std::mt19937 random(3);
    samples.resize(size_t{width} * height * static_cast<size_t>(kind));
    for (uint8_t& sample : samples) sample = static_cast<uint8_t>(random());
  }
  Canvas& with(std::string_view bytes, StealthCarrier carrier) {
    hide(bytes, carrier, width, height, pixels, samples);
    return *this;
  }
  [[nodiscard]] Result<std::optional<StealthText>> read(const StealthLimits& limits = {}) const {
    StealthReader reader(width, height, pixels, limits);
    reader.rows(samples);
    return reader.finish();
  }
};

std::string text_of(const Result<std::optional<StealthText>>& result) {
  if (!result || !*result) return "(none)";
  return {reinterpret_cast<const char*>((*result)->text.data()), (*result)->text.size()};
}

TEST(Stealth, ReadsEachVariant) {
  const struct {
    std::string_view name;
    StealthCarrier carrier;
    bool compressed;
  } variants[] = {{"stealth_pnginfo", StealthCarrier::alpha, false},
                  {"stealth_pngcomp", StealthCarrier::alpha, true},
                  {"stealth_rgbinfo", StealthCarrier::rgb, false},
                  {"stealth_rgbcomp", StealthCarrier::rgb, true}};
  for (const auto& variant : variants) {
    const std::string stored = variant.compressed ? gzip(kText) : std::string(kText);
    const auto result = Canvas().with(stealth_bytes(variant.name, stored), variant.carrier).read();
    ASSERT_TRUE(result && *result) << variant.name;
    EXPECT_EQ(text_of(result), kText);
    EXPECT_EQ((*result)->carrier, variant.carrier);
    EXPECT_EQ((*result)->compressed, variant.compressed);
  }
}

TEST(Stealth, ReadsColourWithoutAlpha) {
  const auto result = Canvas(StealthPixels::rgb)
                          .with(stealth_bytes("stealth_rgbinfo", kText), StealthCarrier::rgb)
                          .read();
  EXPECT_EQ(text_of(result), kText);
}

TEST(Stealth, ReadsPicturesLowerThanTheName) {
  for (const uint32_t height : {1u, 2u, 7u, 39u, 40u, 41u, 119u, 120u, 121u}) {
    const auto result = Canvas(StealthPixels::rgba, 900, height)
                            .with(stealth_bytes("stealth_pnginfo", kText), StealthCarrier::alpha)
                            .read();
    EXPECT_EQ(text_of(result), kText) << height;
  }
}

TEST(Stealth, RowsMayComeOneByOneOrInPieces) {
  const Canvas canvas =
      Canvas().with(stealth_bytes("stealth_pnginfo", kText), StealthCarrier::alpha);
  const size_t row_bytes = size_t{canvas.width} * 4;
  for (const size_t rows : {1u, 3u, 64u}) {
    StealthReader reader(canvas.width, canvas.height, canvas.pixels);
    std::span<const uint8_t> rest = canvas.samples;
    while (!rest.empty()) {
      const size_t take = std::min(rest.size(), rows * row_bytes);
      reader.rows(rest.first(take));
      rest = rest.subspan(take);
    }
    EXPECT_EQ(text_of(reader.finish()), kText) << rows;
  }
}

TEST(Stealth, OrdinaryPixelsCarryNothing) {
  for (const StealthPixels kind : {StealthPixels::rgb, StealthPixels::rgba}) {
    const auto result = Canvas(kind).read();
    ASSERT_TRUE(result);
    EXPECT_FALSE(*result);
  }
  EXPECT_FALSE(*Canvas(StealthPixels::rgba, 0, 0).read());
  EXPECT_FALSE(*Canvas(StealthPixels::rgba, 1, 1).read());
}

TEST(Stealth, SaysWhetherATextMayStillBeThere) {
  StealthReader opaque(8, 200, StealthPixels::rgba);
  EXPECT_TRUE(opaque.may_hold_text());
  opaque.rows(std::vector<uint8_t>(8 * 4, 255));
  EXPECT_FALSE(opaque.may_hold_text()) << "no name begins with a bit that is set";
  std::vector<uint8_t> samples(size_t{8} * 200 * 4, 255);
  hide(stealth_bytes("stealth_pnginfo", "text"), StealthCarrier::alpha, 8, 200, StealthPixels::rgba,
       samples);
  StealthReader reader(8, 200, StealthPixels::rgba);
  reader.rows(samples);
  EXPECT_TRUE(reader.may_hold_text());
}

TEST(Stealth, ANameInTheOtherCarrierIsNone) {
  const auto result =
      Canvas().with(stealth_bytes("stealth_pnginfo", kText), StealthCarrier::rgb).read();
  ASSERT_TRUE(result);
  EXPECT_FALSE(*result);
}

TEST(Stealth, EveryFlippedBitOfTheNameMakesItNone) {
  const std::string good = stealth_bytes("stealth_pnginfo", kText);
  for (size_t bit = 0; bit < 15 * 8; ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (0x80 >> bit % 8));
    const auto result = Canvas().with(bad, StealthCarrier::alpha).read();
    ASSERT_TRUE(result) << bit;
    EXPECT_FALSE(*result) << bit;
  }
}

TEST(Stealth, APictureThatEndsFirstIsTruncated) {
  const std::string stored = stealth_bytes("stealth_pnginfo", kText);
  for (uint32_t width = 1; width < 8; ++width) {
    const Canvas canvas =
        Canvas(StealthPixels::rgba, width, 130).with(stored, StealthCarrier::alpha);
    const auto result = canvas.read();
    const bool fits = size_t{width} * 130 >= stored.size() * 8;
    ASSERT_EQ(result.has_value(), fits) << width;
    if (!fits) {
      EXPECT_EQ(result.error().code, ErrorCode::truncated);
      EXPECT_EQ(result.error().rule, "stealth.pixels");
    }
  }
}

TEST(Stealth, MissingRowsAreTruncatedOnlyBehindAName) {
  const Canvas canvas =
      Canvas().with(stealth_bytes("stealth_pnginfo", kText), StealthCarrier::alpha);
  const size_t row_bytes = size_t{canvas.width} * 4;
  for (uint32_t rows = 0; rows < canvas.height; ++rows) {
    StealthReader reader(canvas.width, canvas.height, canvas.pixels);
    reader.rows(std::span(canvas.samples).first(rows * row_bytes));
    const auto result = reader.finish();
    EXPECT_EQ(result.has_value(), rows < 120) << rows;
  }
}

TEST(Stealth, GzipTruncatedAtEveryLengthIsMalformed) {
  const std::string packed = gzip(kText);
  for (size_t size = 0; size < packed.size(); ++size) {
    const auto result =
        Canvas()
            .with(stealth_bytes("stealth_pngcomp", packed.substr(0, size)), StealthCarrier::alpha)
            .read();
    ASSERT_FALSE(result) << size;
    EXPECT_EQ(result.error().code, ErrorCode::malformed) << size;
    EXPECT_EQ(result.error().rule, "stealth.gzip") << size;
  }
}

TEST(Stealth, ALengthThatIsNoWholeBytesIsMalformed) {
  std::string bytes = stealth_bytes("stealth_pnginfo", kText);
  bytes[18] = static_cast<char>(bytes[18] | 1);
  const auto result = Canvas().with(bytes, StealthCarrier::alpha).read();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error(), Error::at(ErrorCode::malformed, "stealth.length", 15));
}

TEST(Stealth, TheStoredTextIsLimited) {
  const Canvas canvas =
      Canvas().with(stealth_bytes("stealth_pnginfo", kText), StealthCarrier::alpha);
  EXPECT_TRUE(canvas.read({.max_stored_bytes = kText.size()}));
  const auto result = canvas.read({.max_stored_bytes = kText.size() - 1});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error(), Error::at(ErrorCode::limit_exceeded, "max_stored_bytes", 15));
}

TEST(Stealth, TheExpandedTextIsLimited) {
  const std::string bomb(300'000, 'x');
  const Canvas canvas =
      Canvas(StealthPixels::rgba, 200, 200)
          .with(stealth_bytes("stealth_pngcomp", gzip(bomb)), StealthCarrier::alpha);
  EXPECT_EQ(text_of(canvas.read({.max_expanded_bytes = bomb.size()})), bomb);
  const auto result = canvas.read({.max_expanded_bytes = bomb.size() - 1});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::limit_exceeded);
  EXPECT_EQ(result.error().rule, "max_expanded_bytes");
}

TEST(StealthConformance, ReadsWhatAGeneratorWrote) {
  const char* set = std::getenv("SAFELIGHT_CONFORMANCE");
  const std::filesystem::path path =
      std::filesystem::path(set != nullptr ? set : "../shared/data") / "generators" /
      "automatic1111_stealth.png";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no " << path;
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  ASSERT_NE(png_image_begin_read_from_file(&image, path.c_str()), 0) << image.message;
  image.format = PNG_FORMAT_RGBA;
  std::vector<uint8_t> samples(PNG_IMAGE_SIZE(image));
  ASSERT_NE(png_image_finish_read(&image, nullptr, samples.data(), 0, nullptr), 0);
  StealthReader reader(image.width, image.height, StealthPixels::rgba);
  reader.rows(samples);
  EXPECT_THAT(text_of(reader.finish()), HasSubstr("Steps: "));
}

}  // namespace
}  // namespace safelight::provenance

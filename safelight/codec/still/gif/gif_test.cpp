#include "safelight/codec/still/gif/gif.h"

#include <algorithm>
#include <gif_lib.h>
#include <gtest/gtest.h>
#include <random>
#include <string>

#include "safelight/codec/decode_for_test.h"

namespace safelight::codec {
namespace {

using Samples = std::vector<uint8_t>;
using Colours = std::vector<std::array<uint8_t, 3>>;

constexpr WholeFileDecoder<decode_gif> decode;

Result<Layout> layout_of(std::string_view file, const Limits& limits = {}) {
  return gif_layout(std::as_bytes(std::span(file)), limits);
}

const Colours kColours = {{10, 20, 30}, {40, 50, 60}, {70, 80, 90}, {200, 0, 100}};

struct FrameSpec {
  int x = 0;
  int y = 0;
  int width = 2;
  int height = 2;
  Samples indices{0, 1, 2, 3};
  int disposal = DISPOSAL_UNSPECIFIED;
  int transparent = NO_TRANSPARENT_COLOR;
  Colours palette{};
  bool interlaced = false;
};

int append_to(GifFileType* gif, const GifByteType* data, int size) {
  static_cast<std::string*>(gif->UserData)
      ->append(reinterpret_cast<const char*>(data), static_cast<size_t>(size));
  return size;
}

ColorMapObject* make_map(const Colours& colours) {
  if (colours.empty()) return nullptr;
  ColorMapObject* map = GifMakeMapObject(static_cast<int>(colours.size()), nullptr);
  for (size_t i = 0; i < colours.size(); ++i) {
    map->Colors[i] = {colours[i][0], colours[i][1], colours[i][2]};
  }
  return map;
}

std::string encode(int width, int height, const std::vector<FrameSpec>& frames,
                   const Colours& palette = kColours) {
  std::string out;
  int code = 0;
  GifFileType* gif = EGifOpen(&out, append_to, &code);
  EGifSetGifVersion(gif, true);
  ColorMapObject* map = make_map(palette);
  EXPECT_EQ(EGifPutScreenDesc(gif, width, height, 8, 0, map), GIF_OK);
  GifFreeMapObject(map);
  for (const FrameSpec& spec : frames) {
    const GraphicsControlBlock control = {spec.disposal, false, 1, spec.transparent};
    GifByteType extension[4];
    EGifGCBToExtension(&control, extension);
    EXPECT_EQ(EGifPutExtension(gif, GRAPHICS_EXT_FUNC_CODE, 4, extension), GIF_OK);
    ColorMapObject* local = make_map(spec.palette);
    EXPECT_EQ(
        EGifPutImageDesc(gif, spec.x, spec.y, spec.width, spec.height, spec.interlaced, local),
        GIF_OK);
    GifFreeMapObject(local);
    for (int y = 0; y < spec.height; ++y) {
      Samples row(spec.indices.begin() + y * spec.width,
                  spec.indices.begin() + (y + 1) * spec.width);
      EXPECT_EQ(EGifPutLine(gif, row.data(), spec.width), GIF_OK);
    }
  }
  EGifCloseFile(gif, &code);
  return out;
}

Samples colours_of(const Samples& indices, const Colours& palette = kColours) {
  Samples rgb;
  for (const uint8_t index : indices) {
    rgb.insert(rgb.end(), palette[index].begin(), palette[index].end());
  }
  return rgb;
}

FrameSpec noise(int width, int height) {
  std::mt19937_64 random(5);
  FrameSpec spec{.width = width, .height = height};
  spec.indices.resize(static_cast<size_t>(width * height));
  for (uint8_t& index : spec.indices) index = static_cast<uint8_t>(random() % 4);
  return spec;
}

TEST(Gif, DecodesThroughTheGlobalOrTheLocalPalette) {
  const FrameSpec plain = noise(37, 23);
  EXPECT_EQ(decode(encode(37, 23, {plain}))->picture.samples, colours_of(plain.indices));
  FrameSpec local = plain;
  local.palette = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}, {10, 11, 12}};
  EXPECT_EQ(decode(encode(37, 23, {local}))->picture.samples,
            colours_of(local.indices, local.palette));
}

TEST(Gif, KeepsTheColourOfTransparentPixels) {
  FrameSpec spec;
  spec.transparent = 2;
  EXPECT_EQ(decode(encode(2, 2, {spec}))->picture.samples, colours_of(spec.indices));
}

TEST(Gif, GivesTheFirstPictureWithoutItsScreen) {
  const FrameSpec spec{.x = 1, .y = 1};
  const std::string file = encode(4, 4, {spec});
  EXPECT_EQ(decode(file)->picture.shape, (PictureShape{2, 2, 3}));
  EXPECT_EQ(layout_of(file)->width, 2u);
}

TEST(Gif, ShowsAFileWithoutPaletteAsBlack) {
  std::string file = encode(2, 2, {FrameSpec{}});
  file[10] = static_cast<char>(file[10] & 0x7f);
  file.erase(13, kColours.size() * 3);
  EXPECT_EQ(decode(file)->picture.samples, Samples(12));
}

TEST(Gif, PutsInterlacedRowsInOrder) {
  for (const int height : {1, 2, 3, 5, 8, 9, 23}) {
    const FrameSpec plain = noise(3, height);
    FrameSpec stored = plain;
    stored.interlaced = true;
    stored.indices.clear();
    for (const auto& [first, step] : {std::pair{0, 8}, {4, 8}, {2, 4}, {1, 2}}) {
      for (int y = first; y < height; y += step) {
        stored.indices.insert(stored.indices.end(), plain.indices.begin() + 3 * y,
                              plain.indices.begin() + 3 * (y + 1));
      }
    }
    EXPECT_EQ(decode(encode(3, height, {stored}))->picture.samples, colours_of(plain.indices));
  }
}

TEST(Gif, IsAnErrorOrIncompleteAtEveryTruncation) {
  for (const bool interlaced : {false, true}) {
    FrameSpec spec = noise(20, 20);
    spec.interlaced = interlaced;
    const std::string file = encode(20, 20, {spec});
    for (size_t size = 0; size + 1 < file.size(); ++size) {
      const auto whole = decode(std::string_view(file).substr(0, size));
      const std::optional<Error> error = whole ? whole->decoded.incomplete : whole.error();
      ASSERT_TRUE(error) << size;
      EXPECT_EQ(error->code, ErrorCode::truncated) << size;
      EXPECT_LE(error->offset_bytes, size);
    }
    // Only the trailer is missing: the picture is whole.
    const auto whole = decode(std::string_view(file).substr(0, file.size() - 1));
    EXPECT_FALSE(whole->decoded.incomplete);
    const auto layout = layout_of(std::string_view(file).substr(0, file.size() - 1));
    ASSERT_EQ(layout->remarks.size(), 1u);
    EXPECT_EQ(layout->remarks[0].kind, "damaged_structure");
  }
}

TEST(Gif, KeepsTheRowsBeforeACut) {
  const FrameSpec spec = noise(64, 128);
  const std::string file = encode(64, 128, {spec});
  const auto whole = decode(std::string_view(file).substr(0, file.size() / 2));
  ASSERT_TRUE(whole);
  const Samples expected = colours_of(spec.indices);
  EXPECT_TRUE(
      std::equal(expected.begin(), expected.begin() + 64 * 3 * 40, whole->picture.samples.begin()));
  EXPECT_EQ(whole->picture.samples.back(), 0);
}

TEST(Gif, NamesTheRuleAndThePlaceOfABrokenField) {
  const std::string good = encode(2, 2, {FrameSpec{}});
  const size_t descriptor = good.find(',');
  std::string file = good;
  file[4] = 'x';
  EXPECT_EQ(decode(file).error(), Error::at(ErrorCode::malformed, "gif.signature", 0));
  file = good;
  file[descriptor] = 'x';
  EXPECT_EQ(decode(file).error(), Error::at(ErrorCode::malformed, "gif.block", descriptor));
  file = good;
  file[descriptor] = ';';
  EXPECT_EQ(decode(file).error(), Error::at(ErrorCode::malformed, "gif.no-picture", 13 + 12));
  file = good;
  file[descriptor + 5] = file[descriptor + 6] = 0;
  EXPECT_EQ(decode(file).error(), Error::at(ErrorCode::malformed, "picture.empty", descriptor + 5));
  file = good;
  file[descriptor + 10] = 13;  // code size
  EXPECT_EQ(decode(file).error(),
            Error::at(ErrorCode::malformed, "gif.code-size", descriptor + 10));
}

TEST(Gif, RefusesHugeSizesBeforeItAllocates) {
  std::string file = encode(2, 2, {FrameSpec{}, FrameSpec{}});
  const size_t descriptor = file.find(',');
  std::string huge = file;
  huge.replace(descriptor + 5, 4, "\xff\xff\xff\xff");
  const auto expected = Error::at(ErrorCode::limit_exceeded, "max_pixels", descriptor + 5);
  EXPECT_EQ(decode(huge).error(), expected);
  EXPECT_EQ(layout_of(huge).error(), expected);
  std::string screen = file;
  screen.replace(6, 4, "\xff\xff\xff\x1f");
  EXPECT_EQ(decode(screen, 0).error(), Error::at(ErrorCode::limit_exceeded, "max_pixels", 6));
  screen.replace(6, 4, "\xff\x3f\xff\x3f");
  EXPECT_EQ(decode(screen, 0).error(),
            Error::at(ErrorCode::limit_exceeded, "max_decode_memory_bytes", 6));
  EXPECT_TRUE(decode(screen)) << "the first picture does not need the screen";
}

TEST(GifAnimation, GivesFurtherPicturesAsTheCanvasAViewerShows) {
  const FrameSpec first{.width = 4, .height = 1, .indices = {0, 1, 2, 3}};
  const FrameSpec second{.x = 2,
                         .width = 2,
                         .height = 1,
                         .indices = {3, 0},
                         .disposal = DISPOSE_PREVIOUS,
                         .transparent = 3};
  const FrameSpec third{.width = 1, .height = 1, .indices = {3}, .disposal = DISPOSE_BACKGROUND};
  const FrameSpec fourth{.x = 3, .width = 1, .height = 1, .indices = {1}};
  const std::string file = encode(4, 1, {first, second, third, fourth});
  const auto layout = layout_of(file);
  ASSERT_TRUE(layout);
  ASSERT_EQ(layout->members.size(), 3u);
  EXPECT_EQ(file[layout->members[0].offset_bytes], ',');
  EXPECT_EQ(decode(file)->picture.samples, colours_of({0, 1, 2, 3}));
  EXPECT_EQ(decode(file, 0)->picture.samples, colours_of({0, 1, 2, 0}));
  EXPECT_EQ(decode(file, 1)->picture.samples, colours_of({3, 1, 2, 3}));
  Samples expected = colours_of({0, 1, 2, 1});
  std::fill_n(expected.begin(), 3, uint8_t{0});
  EXPECT_EQ(decode(file, 2)->picture.samples, expected);
  EXPECT_EQ(decode(file, 3).error().code, ErrorCode::not_found);
}

TEST(GifAnimation, RemarksFramesOverTheLimitAndTrailingData) {
  const std::string file = encode(2, 2, std::vector<FrameSpec>(5));
  const auto layout = layout_of(file + "more", {.max_picture_members = 2});
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->members.size(), 2u);
  ASSERT_EQ(layout->remarks.size(), 2u);
  EXPECT_EQ(layout->remarks[0].kind, "more_members");
  EXPECT_EQ(layout->remarks[0].statement,
            "2 further frames were not looked at (max_picture_members).");
  EXPECT_EQ(layout->remarks[1].kind, "trailing_data");
  EXPECT_EQ(layout->remarks[1].offset_bytes, file.size());
}

TEST(GifAnimation, SurvivesEveryTruncation) {
  const std::string file = encode(4, 4, {noise(4, 4), FrameSpec{.x = 3, .y = 3}, noise(2, 3)});
  for (size_t size = 0; size < file.size(); ++size) {
    exercise(std::as_bytes(std::span(file)).first(size), gif_layout, decode_gif);
  }
}

}  // namespace
}  // namespace safelight::codec

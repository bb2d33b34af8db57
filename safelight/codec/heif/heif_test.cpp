#include "safelight/codec/heif/heif.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <libheif/heif.h>
#include <memory>
#include <string>

#include "safelight/codec/conformance_for_test.h"
#include "safelight/codec/decode_for_test.h"

/// What the encoder that makes the test pictures, and dav1d for streams that it refuses, lose.
extern "C" const char* __lsan_default_suppressions() { return "leak:libx265\nleak:libdav1d"; }

namespace safelight::codec {
namespace {

using Samples = std::vector<uint8_t>;
using ByteVector = std::vector<std::byte>;

constexpr WholeFileDecoder<decode_heif> decode;

heif_error append_to(heif_context*, const void* data, size_t size, void* user) {
  auto& out = *static_cast<ByteVector*>(user);
  const auto* bytes = static_cast<const std::byte*>(data);
  out.insert(out.end(), bytes, bytes + size);
  return {heif_error_Ok, heif_suberror_Unspecified, ""};
}

struct Spec {
  int width = 64;
  int height = 64;
  heif_compression_format format = heif_compression_HEVC;
  bool thumbnail = false;
  /// One picture for each: luma, blue and red chroma. Luma grows by one a column.
  std::vector<std::array<uint8_t, 3>> pictures = {{100, 128, 128}};
};

/// A file of flat pictures whose samples survive encoding, or nothing where libheif has no encoder.
ByteVector encode(const Spec& spec) {
  ByteVector out;
  if (heif_have_encoder_for_format(spec.format) == 0) return out;
  heif_context* context = heif_context_alloc();
  heif_encoder* encoder = nullptr;
  EXPECT_EQ(heif_context_get_encoder_for_format(context, spec.format, &encoder).code,
            heif_error_Ok);
  heif_encoder_set_lossless(encoder, 1);
  heif_encoder_set_logging_level(encoder, 0);
  for (const auto& picture : spec.pictures) {
    heif_image* image = nullptr;
    heif_image_create(spec.width, spec.height, heif_colorspace_YCbCr, heif_chroma_420, &image);
    const std::array<heif_channel, 3> channels = {heif_channel_Y, heif_channel_Cb, heif_channel_Cr};
    for (size_t c = 0; c < channels.size(); ++c) {
      const int width = c == 0 ? spec.width : (spec.width + 1) / 2;
      const int height = c == 0 ? spec.height : (spec.height + 1) / 2;
      heif_image_add_plane(image, channels[c], width, height, 8);
      int stride = 0;
      uint8_t* plane = heif_image_get_plane(image, channels[c], &stride);
      for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
          plane[y * stride + x] = static_cast<uint8_t>(picture[c] + (c == 0 ? x : 0));
        }
      }
    }
    heif_image_handle* handle = nullptr;
    EXPECT_EQ(heif_context_encode_image(context, image, encoder, nullptr, &handle).code,
              heif_error_Ok);
    if (spec.thumbnail) {
      heif_image_handle* thumbnail = nullptr;
      EXPECT_EQ(
          heif_context_encode_thumbnail(context, image, handle, encoder, nullptr, 32, &thumbnail)
              .code,
          heif_error_Ok);
      if (thumbnail != nullptr) heif_image_handle_release(thumbnail);
    }
    heif_image_handle_release(handle);
    heif_image_release(image);
  }
  heif_writer writer = {1, append_to};
  EXPECT_EQ(heif_context_write(context, &writer, &out).code, heif_error_Ok);
  heif_encoder_release(encoder);
  heif_context_free(context);
  return out;
}

#define SKIP_WITHOUT_ENCODER(file) \
  if ((file).empty()) GTEST_SKIP() << "libheif has no encoder for this format"

TEST(Heif, ConvertsColoursAsImageMagickDoes) {
  // Those that `convert` makes of 100 128 128, where no colour at all is 127.5.
  const ByteVector file = encode({.pictures = {{100, 128, 128}}});
  SKIP_WITHOUT_ENCODER(file);
  const auto whole = decode(file);
  ASSERT_TRUE(whole) << whole.error().rule;
  EXPECT_FALSE(whole->decoded.incomplete);
  EXPECT_EQ(whole->picture.shape, (PictureShape{64, 64, 3}));
  const Samples& got = whole->picture.samples;
  EXPECT_EQ(Samples(got.begin(), got.begin() + 6), (Samples{101, 99, 101, 102, 100, 102}));
  const auto coloured = decode(encode({.pictures = {{50, 100, 200}}}));
  ASSERT_TRUE(coloured);
  EXPECT_EQ(Samples(coloured->picture.samples.begin(), coloured->picture.samples.begin() + 3),
            (Samples{152, 8, 1}));
}

TEST(Heif, DecodesAvif) {
  const ByteVector file = encode({.format = heif_compression_AV1, .pictures = {{100, 128, 128}}});
  SKIP_WITHOUT_ENCODER(file);
  EXPECT_EQ(sniff(file), Format::avif);
  const auto whole = decode(file);
  ASSERT_TRUE(whole) << whole.error().rule;
  for (size_t x = 0; x < 64; ++x) {
    EXPECT_NEAR(whole->picture.samples[3 * x + 1], 99 + static_cast<int>(x), 2);
  }
}

TEST(Heif, GivesFurtherPicturesAndThumbnailsAsMembers) {
  const ByteVector file = encode({.thumbnail = true, .pictures = {{20, 128, 128}, {90, 128, 128}}});
  SKIP_WITHOUT_ENCODER(file);
  EXPECT_EQ(sniff(file), Format::heif);
  const auto layout = heif_layout(file, {});
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->width, 64u);
  EXPECT_TRUE(layout->remarks.empty());
  ASSERT_EQ(layout->members.size(), 3u);
  EXPECT_EQ(layout->members[0].kind, Member::Kind::item);
  EXPECT_EQ(layout->members[1].kind, Member::Kind::thumbnail);
  EXPECT_EQ(layout->members[2].kind, Member::Kind::thumbnail);
  EXPECT_EQ(decode(file)->picture.samples[1], 19);
  EXPECT_EQ(decode(file, 0)->picture.samples[1], 89);
  const auto thumbnail = decode(file, 2);
  ASSERT_TRUE(thumbnail);
  EXPECT_EQ(thumbnail->picture.shape.width, 32u);
  EXPECT_NEAR(thumbnail->picture.samples[1], 89, 3);
  EXPECT_EQ(decode(file, 3).error().code, ErrorCode::not_found);
  const auto limited = heif_layout(file, {.max_picture_members = 1});
  ASSERT_EQ(limited->remarks.size(), 1u);
  EXPECT_EQ(limited->remarks[0].statement,
            "2 further pictures were not looked at (max_picture_members).");
}

TEST(Heif, IsAnErrorOrIncompleteAtEveryTruncation) {
  const ByteVector file = encode({});
  SKIP_WITHOUT_ENCODER(file);
  for (size_t size = 0; size < file.size(); ++size) {
    const auto cut = std::span(file).first(size);
    const auto whole = decode(cut);
    const std::optional<Error> error = whole ? whole->decoded.incomplete : whole.error();
    ASSERT_TRUE(error) << size;
    EXPECT_NE(error->offset_kind, OffsetKind::none);
    EXPECT_LE(error->offset_bytes, size);
    EXPECT_FALSE(error->rule.empty());
  }
}

TEST(Heif, RefusesSizesOverTheLimits) {
  const ByteVector file = encode({});
  SKIP_WITHOUT_ENCODER(file);
  EXPECT_EQ(decode(file, std::nullopt, {.max_pixels = 4095}).error(),
            Error::at(ErrorCode::limit_exceeded, "max_pixels", 0));
  EXPECT_EQ(decode(file, std::nullopt, {.max_side_pixels = 63}).error().code,
            ErrorCode::limit_exceeded);
  EXPECT_EQ(
      decode(file, std::nullopt, {.max_decode_memory_bytes = 64 * 64 * kHeifBytesPerPixel - 1})
          .error(),
      Error::at(ErrorCode::limit_exceeded, "max_decode_memory_bytes", 0));
}

TEST(Heif, RefusesAHugeSizeInTheHeader) {
  ByteVector file = encode({});
  SKIP_WITHOUT_ENCODER(file);
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  const size_t size_box = text.find("ispe");
  ASSERT_NE(size_box, std::string_view::npos);
  file[size_box + 8] = std::byte{0x7f};
  EXPECT_FALSE(decode(file));
  EXPECT_FALSE(heif_layout(file, {}));
}

TEST(Heif, RemarksAFilmAndBrokenBoxes) {
  ByteVector file = encode({});
  SKIP_WITHOUT_ENCODER(file);
  const size_t size = file.size();
  const std::string film = std::string("\0\0\0\x0cmpvd", 8) + "film";
  const auto film_bytes = std::as_bytes(std::span(film));
  file.insert(file.end(), film_bytes.begin(), film_bytes.end());
  const auto layout = heif_layout(file, {});
  ASSERT_TRUE(layout);
  ASSERT_EQ(layout->remarks.size(), 1u);
  EXPECT_EQ(layout->remarks[0].kind, "motion_photo_video");
  EXPECT_EQ(layout->remarks[0].offset_bytes, size);
  EXPECT_EQ(layout->remarks[0].length_bytes, 12u);
  file.pop_back();
  const auto broken = heif_layout(file, {});
  ASSERT_TRUE(broken);
  ASSERT_EQ(broken->remarks.size(), 1u);
  EXPECT_EQ(broken->remarks[0].kind, "damaged_structure");
  EXPECT_EQ(decode(file)->decoded.incomplete, Error::at(ErrorCode::truncated, "bmff.box", size));
}

TEST(HeifConformance, DecodesWhatOthersWrote) {
  const auto wanted = [](Format format) { return handling_of(format) == Handling::heif_worker; };
  const auto count = for_each_file_of_others(wanted, [](const auto& path, const auto file) {
    const auto whole = decode(file);
    ASSERT_TRUE(whole) << path << ' ' << whole.error().rule;
    EXPECT_FALSE(whole->decoded.incomplete) << path;
  });
  if (!count) GTEST_SKIP() << "no conformance material: SAFELIGHT_CONFORMANCE names its folder";
  EXPECT_GT(*count, 0u);
}

}  // namespace
}  // namespace safelight::codec

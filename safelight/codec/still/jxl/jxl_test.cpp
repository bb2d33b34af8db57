#include "safelight/codec/still/jxl/jxl.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <jxl/encode.h>
#include <memory>

#include "safelight/codec/decode_for_test.h"

namespace safelight::codec {
namespace {

using Samples = std::vector<uint8_t>;
using ByteVector = std::vector<std::byte>;

constexpr WholeFileDecoder<decode_jxl> decode;

struct Spec {
  uint32_t width = 5;
  uint32_t height = 4;
  uint32_t channels = 3;  ///< Even: with alpha.
  uint32_t bits = 8;
  bool lossless = true;
  bool container = false;
  JxlOrientation orientation = JXL_ORIENT_IDENTITY;
  std::vector<Samples> frames{};
};

ByteVector encode(const Spec& spec) {
  JxlEncoder* encoder = JxlEncoderCreate(nullptr);
  JxlBasicInfo info;
  JxlEncoderInitBasicInfo(&info);
  info.xsize = spec.width;
  info.ysize = spec.height;
  info.bits_per_sample = spec.bits;
  info.num_color_channels = spec.channels >= 3 ? 3 : 1;
  info.num_extra_channels = info.alpha_bits = 0;
  if (spec.channels % 2 == 0) {
    info.num_extra_channels = 1;
    info.alpha_bits = spec.bits;
  }
  info.uses_original_profile = spec.lossless ? JXL_TRUE : JXL_FALSE;
  info.orientation = spec.orientation;
  if (spec.frames.size() > 1) {
    info.have_animation = JXL_TRUE;
    info.animation.tps_numerator = 10;
    info.animation.tps_denominator = 1;
  }
  EXPECT_EQ(JxlEncoderUseContainer(encoder, spec.container ? JXL_TRUE : JXL_FALSE),
            JXL_ENC_SUCCESS);
  EXPECT_EQ(JxlEncoderSetBasicInfo(encoder, &info), JXL_ENC_SUCCESS);
  JxlColorEncoding colour;
  JxlColorEncodingSetToSRGB(&colour, info.num_color_channels == 1 ? JXL_TRUE : JXL_FALSE);
  EXPECT_EQ(JxlEncoderSetColorEncoding(encoder, &colour), JXL_ENC_SUCCESS);
  JxlEncoderFrameSettings* settings = JxlEncoderFrameSettingsCreate(encoder, nullptr);
  EXPECT_EQ(JxlEncoderSetFrameLossless(settings, spec.lossless ? JXL_TRUE : JXL_FALSE),
            JXL_ENC_SUCCESS);
  const JxlPixelFormat format = {spec.channels, spec.bits == 8 ? JXL_TYPE_UINT8 : JXL_TYPE_UINT16,
                                 JXL_LITTLE_ENDIAN, 0};
  for (const Samples& frame : spec.frames) {
    if (spec.frames.size() > 1) {
      JxlFrameHeader header;
      JxlEncoderInitFrameHeader(&header);
      header.duration = 1;
      EXPECT_EQ(JxlEncoderSetFrameHeader(settings, &header), JXL_ENC_SUCCESS);
    }
    EXPECT_EQ(JxlEncoderAddImageFrame(settings, &format, frame.data(), frame.size()),
              JXL_ENC_SUCCESS);
  }
  JxlEncoderCloseInput(encoder);
  ByteVector out(1 << 20);
  auto* next = reinterpret_cast<uint8_t*>(out.data());
  size_t left = out.size();
  EXPECT_EQ(JxlEncoderProcessOutput(encoder, &next, &left), JXL_ENC_SUCCESS);
  out.resize(out.size() - left);
  JxlEncoderDestroy(encoder);
  return out;
}

Samples chart(uint32_t width, uint32_t height, uint32_t channels, uint32_t seed = 0) {
  Samples samples;
  for (uint32_t y = 0; y < height; ++y) {
    for (uint32_t x = 0; x < width; ++x) {
      for (uint32_t c = 0; c < channels; ++c) {
        samples.push_back(static_cast<uint8_t>(x * 3 + y * (c + 1) * 2 + seed));
      }
    }
  }
  return samples;
}

TEST(Jxl, DecodesLosslessPixelsBareAndInBoxes) {
  const Samples rgb = chart(37, 29, 3);
  for (const bool container : {false, true}) {
    const auto whole =
        decode(encode({.width = 37, .height = 29, .container = container, .frames = {rgb}}));
    ASSERT_TRUE(whole);
    EXPECT_FALSE(whole->decoded.incomplete);
    EXPECT_EQ(whole->picture.samples, rgb);
  }
}

TEST(Jxl, GivesGreyInOneChannelAndDropsAlpha) {
  const Samples grey = chart(5, 4, 1);
  EXPECT_EQ(decode(encode({.channels = 1, .frames = {grey}}))->picture.samples, grey);
  const Samples rgba = chart(5, 4, 4);
  Samples rgb;
  for (size_t i = 0; i < rgba.size(); ++i) {
    if (i % 4 != 3) rgb.push_back(rgba[i]);
  }
  EXPECT_EQ(decode(encode({.channels = 4, .frames = {rgba}}))->picture.samples, rgb);
}

TEST(Jxl, RoundsSixteenBits) {
  const auto whole = decode(encode(
      {.width = 2, .height = 1, .channels = 1, .bits = 16, .frames = {{0x80, 0x80, 0xff, 0xff}}}));
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->picture.samples, (Samples{128, 255}));
}

TEST(Jxl, DecodesALossyPictureToItsColours) {
  const Samples rgb = chart(64, 64, 3);
  const auto whole =
      decode(encode({.width = 64, .height = 64, .lossless = false, .frames = {rgb}}));
  ASSERT_TRUE(whole);
  double error = 0;
  for (size_t i = 0; i < rgb.size(); ++i) error += std::abs(whole->picture.samples[i] - rgb[i]);
  EXPECT_LT(error / static_cast<double>(rgb.size()), 4);
}

TEST(Jxl, DoesNotTurnThePicture) {
  const Samples rgb = chart(5, 4, 3);
  const ByteVector file = encode({.orientation = JXL_ORIENT_ROTATE_90_CW, .frames = {rgb}});
  EXPECT_EQ(decode(file)->picture.samples, rgb);
  const auto layout = jxl_layout(file, {});
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->width, 5u);
  EXPECT_EQ(layout->height, 4u);
  EXPECT_EQ(layout->exif_orientation, 6);
}

TEST(Jxl, GivesFurtherFramesAsMembers) {
  const std::vector<Samples> frames = {chart(5, 4, 3), chart(5, 4, 3, 50), chart(5, 4, 3, 99)};
  const ByteVector file = encode({.frames = frames});
  const auto layout = jxl_layout(file, {});
  ASSERT_TRUE(layout);
  ASSERT_EQ(layout->members.size(), 2u);
  EXPECT_TRUE(layout->remarks.empty()) << layout->remarks[0].statement;
  EXPECT_EQ(decode(file)->picture.samples, frames[0]);
  EXPECT_EQ(decode(file, 0)->picture.samples, frames[1]);
  EXPECT_EQ(decode(file, 1)->picture.samples, frames[2]);
  EXPECT_EQ(decode(file, 2).error().code, ErrorCode::not_found);
  const auto limited = jxl_layout(file, {.max_picture_members = 1});
  ASSERT_EQ(limited->remarks.size(), 1u);
  EXPECT_EQ(limited->remarks[0].kind, "more_members");
}

TEST(Jxl, IsAnErrorOrIncompleteAtEveryTruncation) {
  for (const bool lossless : {false, true}) {
    for (const bool container : {false, true}) {
      const ByteVector file = encode({.width = 40,
                                      .height = 30,
                                      .lossless = lossless,
                                      .container = container,
                                      .frames = {chart(40, 30, 3)}});
      for (size_t size = 0; size < file.size(); ++size) {
        const auto whole = decode(std::span(file).first(size));
        const std::optional<Error> error = whole ? whole->decoded.incomplete : whole.error();
        ASSERT_TRUE(error) << size;
        EXPECT_TRUE(error->code == ErrorCode::truncated || error->code == ErrorCode::malformed);
        EXPECT_LE(error->offset_bytes, size);
      }
    }
  }
}

TEST(Jxl, ShowsWhatAProgressivePictureHasSoFar) {
  const ByteVector file =
      encode({.width = 600, .height = 300, .lossless = false, .frames = {chart(600, 300, 3)}});
  const auto whole = decode(std::span(file).first(file.size() - 20));
  ASSERT_TRUE(whole);
  ASSERT_TRUE(whole->decoded.incomplete);
  EXPECT_EQ(whole->decoded.incomplete->code, ErrorCode::truncated);
  EXPECT_NE(*std::max_element(whole->picture.samples.begin(), whole->picture.samples.end()), 0);
}

TEST(Jxl, RefusesSizesOverTheLimits) {
  const ByteVector file = encode({.width = 64, .height = 64, .frames = {chart(64, 64, 3)}});
  EXPECT_EQ(decode(file, std::nullopt, {.max_side_pixels = 63}).error(),
            Error::at(ErrorCode::limit_exceeded, "max_side_pixels", 0));
  EXPECT_EQ(jxl_layout(file, {.max_pixels = 4095}).error(),
            Error::at(ErrorCode::limit_exceeded, "max_pixels", 0));
  const uint64_t needed = 64 * 64 * (3 * kJxlBytesPerChannel + kJxlOutputBytes);
  EXPECT_TRUE(decode(file, std::nullopt, {.max_decode_memory_bytes = needed}));
  EXPECT_EQ(decode(file, std::nullopt, {.max_decode_memory_bytes = needed - 1}).error(),
            Error::at(ErrorCode::limit_exceeded, "max_decode_memory_bytes", 0));
}

TEST(JxlLayout, RemarksDataBehindABareCodestream) {
  ByteVector file = encode({.frames = {chart(5, 4, 3)}});
  const size_t size = file.size();
  EXPECT_TRUE(jxl_layout(file, {})->remarks.empty());
  file.resize(size + 9);
  const auto layout = jxl_layout(file, {});
  ASSERT_TRUE(layout);
  ASSERT_EQ(layout->remarks.size(), 1u);
  EXPECT_EQ(layout->remarks[0].kind, "trailing_data");
  EXPECT_EQ(layout->remarks[0].offset_bytes, size);
}

}  // namespace
}  // namespace safelight::codec

#include <algorithm>
#include <array>
#include <cstring>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>
#include <webp/encode.h>

#include "api/fingerprints.h"
#include "api/safelight.h"

#include "safelight/base/limits.h"
#include "safelight/codec/still/png/png_encode_for_test.h"
#include "safelight/pdq/full.h"
#include "safelight/pdq/reference.h"
#include "safelight/picture/jpeg_for_test.h"
#include "safelight/picture/nearest.h"

namespace {

using namespace safelight;
using Hashes = std::array<sl_hash, SL_ORIENTATIONS>;

struct HasherDeleter {
  void operator()(sl_hasher* hasher) const { sl_hasher_free(hasher); }
};

class ApiHashing : public testing::Test {
 protected:
  void SetUp() override {
    sl_hasher* hasher = nullptr;
    ASSERT_EQ(sl_hasher_create(&hasher, nullptr), SL_OK);
    hasher_.reset(hasher);
  }
  sl_hasher* hasher() { return hasher_.get(); }

  Hashes all(const sl_pixels& pixels, int32_t mode) {
    Hashes hashes{};
    EXPECT_EQ(sl_hash_pixels_all(hasher(), &pixels, mode, hashes.data(), nullptr), SL_OK);
    return hashes;
  }
  sl_hash one(const sl_pixels& pixels, int32_t mode) {
    sl_hash hash{};
    EXPECT_EQ(sl_hash_pixels(hasher(), &pixels, mode, &hash, nullptr), SL_OK);
    return hash;
  }
  sl_picture file(const std::vector<std::byte>& bytes, int32_t mode) {
    sl_picture picture{};
    sl_error error;
    EXPECT_EQ(sl_hash_bytes(hasher(), bytes.data(), bytes.size(), mode, nullptr, &picture, &error),
              SL_OK)
        << error.rule;
    return picture;
  }

 private:
  std::unique_ptr<sl_hasher, HasherDeleter> hasher_;
};

/// A chart of waves, with colour in it.
Picture chart(const PictureShape& shape) {
  Picture picture{shape, {}};
  for (uint32_t y = 0; y < shape.height; ++y) {
    for (uint32_t x = 0; x < shape.width; ++x) {
      for (uint32_t channel = 0; channel < shape.channels; ++channel) {
        const uint32_t value = x * (3 + channel) + y * 5 + (x * y) / 64 + 40 * channel;
        picture.samples.push_back(static_cast<uint8_t>(value % 509 < 255 ? value % 509 : 255));
      }
    }
  }
  return picture;
}

sl_pixels pixels_of(const Picture& picture) {
  const PictureShape& shape = picture.shape;
  return {picture.samples.data(), shape.row_bytes(), shape.width, shape.height, shape.channels};
}

Picture reduced(const Picture& picture) {
  NearestSink sink;
  sink.begin(picture.shape);
  sink.rows(0, picture.samples);
  return std::move(sink).take();
}

bool same(const sl_hash& a, const sl_hash& b) { return std::memcmp(&a, &b, sizeof a) == 0; }

constexpr std::array kShapes = {PictureShape{700, 600, 3}, PictureShape{640, 33, 1},
                                PictureShape{64, 64, 3}, PictureShape{5, 5, 1}};

TEST_F(ApiHashing, PixelsGiveWhatTheHashersGive) {
  for (const PictureShape& shape : kShapes) {
    const Picture picture = chart(shape);
    pdq::ReferenceHasher reference(detect_simd_level());
    pdq::FullHasher full(detect_simd_level());
    full.begin(shape);
    full.rows(0, picture.samples);
    const Picture nearest = reduced(picture);
    EXPECT_TRUE(
        same(one(pixels_of(picture), SL_MODE_REFERENCE), api::to_c(*reference.hash(nearest))));
    EXPECT_TRUE(same(one(pixels_of(picture), SL_MODE_FULL), api::to_c(*full.finish_original())));
    const auto all_reference = *reference.hash_all_orientations(nearest);
    const auto all_full = *full.finish();
    for (size_t i = 0; i < kOrientations; ++i) {
      EXPECT_TRUE(same(all(pixels_of(picture), SL_MODE_REFERENCE)[i], api::to_c(all_reference[i])));
      EXPECT_TRUE(same(all(pixels_of(picture), SL_MODE_FULL)[i], api::to_c(all_full[i])));
    }
  }
}

TEST_F(ApiHashing, BytesBetweenRowsAreNotRead) {
  for (const PictureShape& shape : kShapes) {
    const Picture picture = chart(shape);
    const size_t stride = shape.row_bytes() + 13;
    // The last row has nothing after it.
    std::vector<uint8_t> spread(stride * (shape.height - 1) + shape.row_bytes(), 0xa5);
    for (uint32_t y = 0; y < shape.height; ++y) {
      std::ranges::copy(picture.row(y), spread.begin() + static_cast<ptrdiff_t>(y * stride));
    }
    const sl_pixels pixels = {spread.data(), stride, shape.width, shape.height, shape.channels};
    for (const int32_t mode : {SL_MODE_REFERENCE, SL_MODE_FULL}) {
      EXPECT_TRUE(same(one(pixels, mode), one(pixels_of(picture), mode)));
      EXPECT_TRUE(same(all(pixels, mode)[3], all(pixels_of(picture), mode)[3]));
    }
  }
}

std::vector<std::byte> png_of(const Picture& picture) {
  codec::PngSpec spec;
  spec.width = picture.shape.width;
  spec.height = picture.shape.height;
  spec.colour_type = picture.shape.channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY;
  spec.rows = picture.samples;
  return codec::encode_png(spec);
}

std::vector<std::byte> webp_of(const Picture& picture) {
  uint8_t* encoded = nullptr;
  const size_t size =
      WebPEncodeLosslessRGB(picture.samples.data(), static_cast<int>(picture.shape.width),
                            static_cast<int>(picture.shape.height),
                            static_cast<int>(picture.shape.row_bytes()), &encoded);
  const auto bytes = std::as_bytes(std::span(encoded, size));
  std::vector<std::byte> out(bytes.begin(), bytes.end());
  WebPFree(encoded);
  return out;
}

TEST_F(ApiHashing, FilesGiveWhatTheirPixelsGive) {
  for (const PictureShape& shape : {PictureShape{700, 600, 3}, PictureShape{64, 64, 3}}) {
    const Picture picture = chart(shape);
    const auto jpeg = plain_jpeg(shape, picture.samples, [](jpeg_compress_struct&) {});
    const std::vector<std::pair<std::vector<std::byte>, Picture>> files = {
        {jpeg, plain_pixels(jpeg)}, {png_of(picture), picture}, {webp_of(picture), picture}};
    for (const auto& [bytes, decoded] : files) {
      for (const int32_t mode : {SL_MODE_REFERENCE, SL_MODE_FULL}) {
        const sl_picture hashed = file(bytes, mode);
        EXPECT_EQ(hashed.width, shape.width);
        EXPECT_EQ(hashed.height, shape.height);
        EXPECT_EQ(hashed.incomplete.status, SL_OK);
        EXPECT_TRUE(same(hashed.hashes[SL_ORIGINAL], one(pixels_of(decoded), mode)));
        const Hashes wanted = all(pixels_of(decoded), mode);
        for (size_t i = 1; i < wanted.size(); ++i) {
          EXPECT_TRUE(same(hashed.hashes[i], wanted[i])) << i;
        }
      }
    }
  }
}

TEST_F(ApiHashing, APictureThatEndsEarlySaysSo) {
  const Picture picture = chart({400, 300, 3});
  auto jpeg = plain_jpeg(picture.shape, picture.samples, [](jpeg_compress_struct&) {});
  jpeg.resize(jpeg.size() / 2);
  for (const int32_t mode : {SL_MODE_REFERENCE, SL_MODE_FULL}) {
    const sl_picture hashed = file(jpeg, mode);
    EXPECT_EQ(hashed.height, 300u);
    EXPECT_EQ(hashed.incomplete.status, SL_TRUNCATED);
    EXPECT_NE(hashed.incomplete.rule[0], '\0');
  }
}

TEST_F(ApiHashing, FilesOfOtherFormatsAreRefused) {
  sl_picture picture{};
  sl_error error;
  for (const std::string bytes : {"", "GIF89a....", "no picture"}) {
    EXPECT_EQ(sl_hash_bytes(hasher(), bytes.data(), bytes.size(), SL_MODE_FULL, nullptr, &picture,
                            &error),
              SL_UNSUPPORTED);
    EXPECT_STREQ(error.rule, "bytes.format");
  }
  const std::string header = "\x89PNG\r\n\x1a\n";
  EXPECT_EQ(sl_hash_bytes(hasher(), header.data(), header.size(), SL_MODE_FULL, nullptr, &picture,
                          &error),
            SL_TRUNCATED);
  EXPECT_EQ(error.offset_kind, SL_OFFSET_EXACT);
  EXPECT_EQ(error.offset_bytes, 8u);
}

TEST_F(ApiHashing, FilesAreHeldToTheLimitsOfTheCaller) {
  const std::vector<std::byte> bytes = webp_of(chart({200, 100, 3}));
  sl_picture picture{};
  sl_error error;
  const auto hash = [&](const sl_limits& limits) {
    return sl_hash_bytes(hasher(), bytes.data(), bytes.size(), SL_MODE_FULL, &limits, &picture,
                         &error);
  };
  sl_limits limits = SL_LIMITS_INIT;
  const Limits ours;
  EXPECT_EQ(limits.max_pixels, ours.max_pixels);
  EXPECT_EQ(limits.max_memory_bytes, ours.max_decode_memory_bytes);
  limits.max_pixels = 200 * 100;
  EXPECT_EQ(hash(limits), SL_OK);
  limits.max_pixels -= 1;
  EXPECT_EQ(hash(limits), SL_LIMIT_EXCEEDED);
  EXPECT_STREQ(error.rule, "max_pixels");
  limits = SL_LIMITS_INIT;
  limits.max_memory_bytes = 100;
  EXPECT_EQ(hash(limits), SL_LIMIT_EXCEEDED);
  EXPECT_STREQ(error.rule, "max_decode_memory_bytes");
  limits.struct_size = 0;
  EXPECT_EQ(hash(limits), SL_INVALID_ARGUMENT);
  EXPECT_STREQ(error.rule, "options.struct-size");
}

TEST_F(ApiHashing, RefusesPicturesThatHaveNoFingerprint) {
  const std::vector<uint8_t> samples(70'000 * 5 * 4);
  sl_hash hash{};
  sl_error error;
  const auto refusal = [&](const sl_pixels& pixels, sl_status status) {
    EXPECT_EQ(sl_hash_pixels(hasher(), &pixels, SL_MODE_FULL, &hash, &error), status);
    Hashes hashes{};
    EXPECT_EQ(sl_hash_pixels_all(hasher(), &pixels, SL_MODE_REFERENCE, hashes.data(), nullptr),
              status);
    EXPECT_EQ(error.offset_kind, SL_OFFSET_NONE);
    return std::string(error.rule);
  };
  EXPECT_EQ(refusal({samples.data(), 12, 4, 100, 3}, SL_UNSUPPORTED), "pdq.side-under-5");
  EXPECT_EQ(refusal({samples.data(), 12, 0, 0, 3}, SL_UNSUPPORTED), "pdq.side-under-5");
  EXPECT_EQ(refusal({samples.data(), 400, 100, 100, 4}, SL_UNSUPPORTED), "pdq.channels");
  EXPECT_EQ(refusal({samples.data(), 400, 100, 100, 0}, SL_UNSUPPORTED), "pdq.channels");
  EXPECT_EQ(refusal({samples.data(), 70'000, 70'000, 5, 1}, SL_LIMIT_EXCEEDED), "max_side_pixels");
}

TEST_F(ApiHashing, RefusesCallsThatCannotBe) {
  const Picture picture = chart({32, 32, 3});
  const sl_pixels good = pixels_of(picture);
  sl_hash hash{};
  sl_error error;
  const auto refusal = [&](sl_status status) {
    EXPECT_EQ(status, SL_INVALID_ARGUMENT);
    EXPECT_EQ(error.status, status);
    return std::string(error.rule);
  };
  EXPECT_EQ(refusal(sl_hasher_create(nullptr, &error)), "argument.null");
  EXPECT_EQ(refusal(sl_hash_pixels(nullptr, &good, 0, &hash, &error)), "argument.null");
  EXPECT_EQ(refusal(sl_hash_pixels(hasher(), nullptr, 0, &hash, &error)), "argument.null");
  EXPECT_EQ(refusal(sl_hash_pixels(hasher(), &good, 0, nullptr, &error)), "argument.null");
  EXPECT_EQ(refusal(sl_hash_pixels(hasher(), &good, 2, &hash, &error)), "argument.mode");
  EXPECT_EQ(refusal(sl_hash_pixels_all(hasher(), &good, -1, &hash, &error)), "argument.mode");
  EXPECT_EQ(refusal(sl_hash_pixels_all(hasher(), &good, 0, nullptr, &error)), "argument.null");
  EXPECT_EQ(sl_hash_pixels(nullptr, nullptr, 0, nullptr, nullptr), SL_INVALID_ARGUMENT);
  sl_pixels bad = good;
  bad.samples = nullptr;
  EXPECT_EQ(refusal(sl_hash_pixels(hasher(), &bad, 0, &hash, &error)), "argument.null");
  bad = good;
  bad.stride_bytes = 95;
  EXPECT_EQ(refusal(sl_hash_pixels(hasher(), &bad, 0, &hash, &error)), "pixels.stride");
  bad.stride_bytes = SIZE_MAX / 2;
  EXPECT_EQ(refusal(sl_hash_pixels_all(hasher(), &bad, 0, &hash, &error)), "pixels.stride");
  sl_picture out{};
  EXPECT_EQ(refusal(sl_hash_bytes(hasher(), nullptr, 1, 0, nullptr, &out, &error)),
            "argument.null");
  EXPECT_EQ(refusal(sl_hash_bytes(hasher(), "x", 1, 3, nullptr, &out, &error)), "argument.mode");
  EXPECT_EQ(refusal(sl_hash_bytes(hasher(), "x", 1, 0, nullptr, nullptr, &error)), "argument.null");
  sl_hasher_free(nullptr);
}

TEST(ApiFingerprints, TextAndDistance) {
  const std::string text = "d8f8f0cee0f4a84f0637022a078f67f0b36e2ed596621e1d33e6339c4e9c9b22";
  sl_fingerprint a{};
  ASSERT_EQ(sl_fingerprint_from_hex(text.data(), text.size(), &a, nullptr), SL_OK);
  EXPECT_EQ(a.bytes[0], 0xd8);
  EXPECT_EQ(a.bytes[31], 0x22);
  std::array<char, SL_HEX_CHARS + 1> out{};
  ASSERT_EQ(sl_fingerprint_to_hex(&a, out.data(), nullptr), SL_OK);
  EXPECT_EQ(out.data(), text);
  sl_fingerprint b = a;
  b.bytes[3] ^= 0x81;
  uint32_t bits = 0;
  sl_error error;
  error.status = SL_INTERNAL;
  ASSERT_EQ(sl_distance(&a, &b, &bits, &error), SL_OK);
  EXPECT_EQ(bits, 2u);
  EXPECT_EQ(error.status, SL_OK);

  std::string broken = text;
  broken[10] = 'g';
  EXPECT_EQ(sl_fingerprint_from_hex(broken.data(), 64, &b, &error), SL_MALFORMED);
  EXPECT_STREQ(error.rule, "hex.digit");
  EXPECT_EQ(error.offset_bytes, 10u);
  EXPECT_EQ(sl_fingerprint_from_hex(text.data(), 63, &b, &error), SL_MALFORMED);
  EXPECT_EQ(sl_fingerprint_from_hex(nullptr, 64, &b, &error), SL_INVALID_ARGUMENT);
  EXPECT_EQ(sl_fingerprint_from_hex(text.data(), 64, nullptr, &error), SL_INVALID_ARGUMENT);
  EXPECT_EQ(sl_fingerprint_to_hex(nullptr, out.data(), &error), SL_INVALID_ARGUMENT);
  EXPECT_EQ(sl_fingerprint_to_hex(&a, nullptr, &error), SL_INVALID_ARGUMENT);
  EXPECT_EQ(sl_distance(nullptr, &a, &bits, &error), SL_INVALID_ARGUMENT);
  EXPECT_EQ(sl_distance(&a, nullptr, &bits, &error), SL_INVALID_ARGUMENT);
  EXPECT_EQ(sl_distance(&a, &a, nullptr, &error), SL_INVALID_ARGUMENT);
}

}  // namespace

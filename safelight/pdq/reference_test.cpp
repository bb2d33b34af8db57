#include "safelight/pdq/reference.h"

#include <algorithm>
#include <gtest/gtest.h>

#include "safelight/pdq/internal/oracle.h"
#include "safelight/pdq/internal/test_pictures.h"

namespace safelight::pdq {
namespace {

using internal::Content;
using internal::make_picture;
using internal::testable_levels;
namespace oracle = internal::oracle;

OrientationHashes oracle_hashes(const Picture& picture) {
  return oracle::hash_all_orientations(oracle::luma_reference(picture), picture.shape.width,
                                       picture.shape.height, PdqMode::reference);
}

TEST(ReferenceHasher, EqualsTheOracleAtEveryLevelAndShape) {
  std::vector<PictureShape> shapes = {
      {5, 5, 3},     {5, 300, 1},   {300, 5, 3},   {6, 7, 1},     {15, 16, 3},   {17, 31, 3},
      {63, 65, 3},   {64, 64, 3},   {64, 64, 1},   {127, 129, 3}, {128, 128, 1}, {129, 127, 3},
      {255, 257, 3}, {256, 256, 3}, {384, 385, 3}, {512, 512, 3}, {512, 512, 1}, {511, 512, 3},
      {512, 5, 3},   {5, 512, 3},   {512, 33, 1},  {481, 31, 3}};
  std::mt19937_64 random(1);
  for (int i = 0; i < 40; ++i) {
    shapes.push_back({static_cast<uint32_t>(5 + random() % 508),
                      static_cast<uint32_t>(5 + random() % 508), random() % 2 == 0 ? 1u : 3u});
  }
  uint64_t seed = 0;
  for (const SimdLevel level : testable_levels()) {
    // One object for all shapes: what one picture leaves behind must not reach the next.
    ReferenceHasher hasher(level);
    for (const PictureShape& shape : shapes) {
      const auto content = static_cast<Content>(++seed % 4);
      const Picture picture = make_picture(shape, content, seed);
      const auto hashes = hasher.hash_all_orientations(picture);
      ASSERT_TRUE(hashes.has_value());
      EXPECT_EQ(*hashes, oracle_hashes(picture))
          << to_text(level) << ' ' << shape.width << 'x' << shape.height;
      const auto hash = hasher.hash(picture);
      ASSERT_TRUE(hash.has_value());
      EXPECT_EQ(*hash, oracle::hash(oracle::luma_reference(picture), shape.width, shape.height,
                                    PdqMode::reference));
    }
  }
}

TEST(ReferenceHasher, TakesLumaAsItTakesPixels) {
  for (const PictureShape shape : {PictureShape{512, 512, 3}, {496, 100, 3}, {100, 496, 3}}) {
    const Picture picture = make_picture(shape, Content::gradient, 7);
    for (const SimdLevel level : testable_levels()) {
      const auto hashes = ReferenceHasher(level).hash_all_orientations(
          oracle::luma_reference(picture), shape.width, shape.height);
      ASSERT_TRUE(hashes.has_value());
      EXPECT_EQ(*hashes, oracle_hashes(picture));
    }
  }
}

TEST(ReferenceHasher, FiltersASquareOf64OnlyForAllOrientations) {
  // With a window of 1 the filters change nothing but roundings, so it takes a certain picture.
  const Picture picture = make_picture({64, 64, 3}, Content::gradient, 170);
  ReferenceHasher hasher(detect_simd_level());
  const auto single = hasher.hash(picture);
  const auto all = hasher.hash_all_orientations(picture);
  ASSERT_TRUE(single.has_value() && all.has_value());
  EXPECT_NE(single->fingerprint, all->front().fingerprint);
}

TEST(ReferenceHasher, AMirroredPictureMatchesThatOrientationAlone) {
  const Picture coarse = make_picture({16, 16, 1}, Content::noise, 11);
  Picture picture = make_picture({512, 512, 1}, Content::flat, 11);
  for (uint32_t y = 0; y < 512; ++y) {
    for (uint32_t x = 0; x < 512; ++x) picture.samples[y * 512 + x] = coarse.row(y / 32)[x / 32];
  }
  Picture mirrored = picture;
  for (uint32_t y = 0; y < 512; ++y) {
    std::reverse_copy(picture.row(y).begin(), picture.row(y).end(),
                      mirrored.samples.begin() + y * 512);
  }
  ReferenceHasher hasher(detect_simd_level());
  const auto hashes = hasher.hash_all_orientations(picture);
  const auto other = hasher.hash(mirrored);
  ASSERT_TRUE(hashes.has_value() && other.has_value());
  // The grid does not sample symmetrically, so not every bit agrees.
  for (size_t i = 0; i < kOrientations; ++i) {
    const bool same = static_cast<Orientation>(i) == Orientation::flip_y;
    EXPECT_EQ(hamming_distance((*hashes)[i].fingerprint, other->fingerprint) <= kDefaultRadiusBits,
              same)
        << i;
  }
}

TEST(ReferenceHasher, RefusesWhatHasNoFingerprint) {
  ReferenceHasher hasher(detect_simd_level());
  const auto error_of = [&](const Picture& picture) {
    const auto all = hasher.hash_all_orientations(picture);
    const auto one = hasher.hash(picture);
    EXPECT_FALSE(all.has_value());
    EXPECT_EQ(all.error(), one.error());
    return all.error();
  };
  const auto flat = [](PictureShape shape) { return make_picture(shape, Content::flat, 1); };
  EXPECT_EQ(error_of(flat({4, 500, 3})), (Error{ErrorCode::unsupported, "pdq.side-under-5"}));
  EXPECT_EQ(error_of(flat({500, 4, 1})), (Error{ErrorCode::unsupported, "pdq.side-under-5"}));
  EXPECT_EQ(error_of(Picture{{0, 0, 3}, {}}), (Error{ErrorCode::unsupported, "pdq.side-under-5"}));
  EXPECT_EQ(error_of(flat({20, 20, 4})), (Error{ErrorCode::unsupported, "pdq.channels"}));
  EXPECT_EQ(error_of(flat({513, 20, 3})), (Error{ErrorCode::malformed, "pdq.not-reduced"}));
  EXPECT_EQ(error_of(flat({20, 513, 3})), (Error{ErrorCode::malformed, "pdq.not-reduced"}));
  Picture cut_short = flat({64, 64, 3});
  cut_short.samples.pop_back();
  EXPECT_EQ(error_of(cut_short), (Error{ErrorCode::malformed, "pdq.samples"}));
  const std::vector<float> luma(100);
  EXPECT_EQ(hasher.hash_all_orientations(luma, 10, 11).error(),
            (Error{ErrorCode::malformed, "pdq.samples"}));
  EXPECT_EQ(hasher.hash_all_orientations(luma, 25, 4).error(),
            (Error{ErrorCode::unsupported, "pdq.side-under-5"}));
}

TEST(ReferenceHasher, ABlackPictureHasNoBitsAndNoQuality) {
  const Picture black{{300, 200, 3}, std::vector<uint8_t>(300 * 200 * 3)};
  for (const SimdLevel level : testable_levels()) {
    const auto hashes = ReferenceHasher(level).hash_all_orientations(black);
    ASSERT_TRUE(hashes.has_value());
    for (const PdqHash& hash : *hashes) {
      EXPECT_EQ(hash, (PdqHash{{}, PdqMode::reference, 0}));
    }
  }
}

}  // namespace
}  // namespace safelight::pdq

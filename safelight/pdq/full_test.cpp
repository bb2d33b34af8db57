#include "safelight/pdq/full.h"

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
  return oracle::hash_all_orientations(oracle::luma_full(picture), picture.shape.width,
                                       picture.shape.height, PdqMode::full);
}

Result<OrientationHashes> hash_whole(FullHasher& hasher, const Picture& picture) {
  hasher.begin(picture.shape);
  hasher.rows(0, picture.samples);
  return hasher.finish();
}

void give_rows(FullHasher& hasher, const Picture& picture, uint32_t first, uint32_t end) {
  const size_t row_bytes = picture.shape.row_bytes();
  hasher.rows(first,
              std::span(picture.samples).subspan(first * row_bytes, (end - first) * row_bytes));
}

TEST(FullHasher, EqualsTheOracleAtEveryLevelAndShape) {
  std::vector<PictureShape> shapes = {
      {5, 5, 3},      {5, 2000, 3},    {2000, 5, 1},   {513, 7, 3},    {7, 513, 3},   {64, 64, 3},
      {64, 64, 1},    {65, 64, 3},     {1024, 768, 3}, {1023, 769, 3}, {640, 480, 1}, {333, 777, 3},
      {129, 1281, 3}, {1600, 1004, 3}, {4096, 9, 3},   {9, 4096, 3},   {8200, 40, 3}, {40, 8200, 1},
      {65535, 5, 1},  {5, 65535, 1},   {4000, 3000, 3}};
  std::mt19937_64 random(2);
  for (int i = 0; i < 12; ++i) {
    shapes.push_back({static_cast<uint32_t>(5 + random() % 1500),
                      static_cast<uint32_t>(5 + random() % 1500), random() % 3 == 0 ? 1u : 3u});
  }
  std::vector<FullHasher> hashers;
  for (const SimdLevel level : testable_levels()) hashers.emplace_back(level);
  uint64_t seed = 0;
  for (const PictureShape& shape : shapes) {
    ++seed;
    const Picture picture = make_picture(shape, static_cast<Content>(seed % 4), seed);
    const OrientationHashes expected = oracle_hashes(picture);
    for (FullHasher& hasher : hashers) {
      const auto hashes = hash_whole(hasher, picture);
      ASSERT_TRUE(hashes.has_value());
      EXPECT_EQ(*hashes, expected)
          << shape.width << 'x' << shape.height << " hasher " << &hasher - hashers.data();
      const auto original = hasher.finish_original();
      ASSERT_TRUE(original.has_value());
      EXPECT_EQ(*original, shape.width == 64 && shape.height == 64
                               ? oracle::hash(oracle::luma_full(picture), 64, 64, PdqMode::full)
                               : expected.front());
    }
  }
}

TEST(FullHasher, TakesRowsInPiecesOfAnySize) {
  const Picture picture = make_picture({301, 257, 3}, Content::noise, 5);
  FullHasher hasher(detect_simd_level());
  const auto whole = hash_whole(hasher, picture);
  for (const uint32_t piece : {1u, 3u, 16u, 32u, 100u}) {
    hasher.begin(picture.shape);
    for (uint32_t y = 0; y < 257; y += piece) {
      give_rows(hasher, picture, y, std::min(y + piece, 257u));
    }
    const auto hashes = hasher.finish();
    ASSERT_TRUE(whole.has_value() && hashes.has_value());
    EXPECT_EQ(*hashes, *whole) << piece;
  }
}

TEST(FullHasher, CountsRowsThatNeverArriveAsBlack) {
  const Picture picture = make_picture({200, 300, 3}, Content::noise, 6);
  Picture partial = picture;
  std::fill_n(partial.samples.begin() + 40 * 600, 60 * 600, uint8_t{0});
  std::fill(partial.samples.begin() + 250 * 600, partial.samples.end(), uint8_t{0});
  FullHasher hasher(detect_simd_level());
  hasher.begin(picture.shape);
  give_rows(hasher, picture, 0, 40);
  give_rows(hasher, picture, 100, 250);
  const auto hashes = hasher.finish();
  ASSERT_TRUE(hashes.has_value());
  EXPECT_EQ(*hashes, oracle_hashes(partial));

  hasher.begin(picture.shape);
  const auto black = hasher.finish();
  ASSERT_TRUE(black.has_value());
  EXPECT_EQ(black->front(), (PdqHash{{}, PdqMode::full, 0}));
}

TEST(FullHasher, IgnoresRowsThatComeTwiceAndRowsPastTheEnd) {
  const Picture picture = make_picture({100, 90, 3}, Content::noise, 8);
  const Picture other = make_picture({100, 90, 3}, Content::noise, 9);
  FullHasher hasher(detect_simd_level());
  hasher.begin(picture.shape);
  give_rows(hasher, picture, 0, 50);
  give_rows(hasher, other, 10, 50);
  hasher.rows(90, other.samples);
  hasher.rows(UINT32_MAX, other.samples);
  give_rows(hasher, picture, 40, 90);
  hasher.rows(89, other.samples);
  const auto hashes = hasher.finish();
  ASSERT_TRUE(hashes.has_value());
  EXPECT_EQ(*hashes, oracle_hashes(picture));
}

TEST(FullHasher, IgnoresAPartOfARow) {
  const Picture picture = make_picture({100, 90, 3}, Content::noise, 8);
  FullHasher hasher(detect_simd_level());
  hasher.begin(picture.shape);
  hasher.rows(0, std::span(picture.samples).first(10 * 300 + 299));
  give_rows(hasher, picture, 10, 90);
  const auto hashes = hasher.finish();
  ASSERT_TRUE(hashes.has_value());
  EXPECT_EQ(*hashes, oracle_hashes(picture));
}

TEST(FullHasher, CanBeAskedTwice) {
  const Picture picture = make_picture({100, 90, 3}, Content::noise, 8);
  FullHasher hasher(detect_simd_level());
  const auto first = hash_whole(hasher, picture);
  const auto second = hasher.finish();
  ASSERT_TRUE(first.has_value() && second.has_value());
  EXPECT_EQ(*first, *second);
}

TEST(FullHasher, RefusesWhatHasNoFingerprint) {
  FullHasher hasher(detect_simd_level());
  EXPECT_EQ(hasher.finish().error(), (Error{ErrorCode::not_found, "pdq.no-picture"}));
  const auto error_of = [&](PictureShape shape) {
    const std::vector<uint8_t> samples(shape.height * shape.row_bytes(), 1);
    hasher.begin(shape);
    hasher.rows(0, samples);
    EXPECT_EQ(hasher.finish().error(), hasher.finish_original().error());
    return hasher.finish().error();
  };
  EXPECT_EQ(error_of({4, 900, 3}), (Error{ErrorCode::unsupported, "pdq.side-under-5"}));
  EXPECT_EQ(error_of({900, 4, 1}), (Error{ErrorCode::unsupported, "pdq.side-under-5"}));
  EXPECT_EQ(error_of({0, 0, 3}), (Error{ErrorCode::unsupported, "pdq.side-under-5"}));
  EXPECT_EQ(error_of({20, 20, 4}), (Error{ErrorCode::unsupported, "pdq.channels"}));
  // And works again afterwards.
  const Picture picture = make_picture({100, 90, 3}, Content::noise, 8);
  EXPECT_TRUE(hash_whole(hasher, picture).has_value());
}

}  // namespace
}  // namespace safelight::pdq

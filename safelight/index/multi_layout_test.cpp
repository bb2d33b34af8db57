#include "safelight/index/internal/multi_layout.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <gtest/gtest.h>

#include "safelight/index/aligned_bytes.h"
#include "safelight/index/internal/fingerprint_sets.h"
#include "safelight/index/multi_index.h"

namespace safelight {
namespace {

using index_internal::clustered_fingerprints;
using index_internal::Random;

/// A layout whose bytes can be broken.
class MultiLayoutTest : public testing::Test {
 protected:
  static constexpr size_t kRows = 40;
  static constexpr uint32_t kRadius = 14;

  MultiLayoutTest() {
    Random random(1);
    rows_ = clustered_fingerprints(kRows, random);
    plan_.parts.assign(kRadius + 1, PartPlan{8, 0});
    const MultiBuildOptions options{kRadius, 1, plan_};
    bytes_ = AlignedBytes(MultiIndex::layout_bytes(kRows, options));
    MultiIndex::write_layout(rows_, options, bytes_.bytes());
  }

  void set(size_t offset, std::initializer_list<int> values) {
    for (const int value : values) bytes_.bytes()[offset++] = static_cast<std::byte>(value);
  }

  /// Puts the sum of the header in order again, so that what stands in it is looked at.
  void mend_sum() {
    uint64_t sum = 0xcbf2'9ce4'8422'2325;
    for (size_t i = 0; i < header_bytes(); ++i) {
      const uint64_t byte = i >= 40 && i < 48 ? 0 : std::to_integer<uint64_t>(bytes_.bytes()[i]);
      sum = (sum ^ byte) * 0x100'0000'01b3;
    }
    std::memcpy(bytes_.bytes().data() + 40, &sum, sizeof sum);
  }

  [[nodiscard]] size_t header_bytes() const {
    return (64 + plan_.parts.size() * 72 + 63) / 64 * 64;
  }

  [[nodiscard]] Error error() { return MultiIndex::view(bytes_.bytes()).error(); }

  std::vector<Fingerprint> rows_;
  AlignedBytes bytes_;
  MultiPlan plan_;
};

TEST_F(MultiLayoutTest, LooksAtALayoutThatLiesElsewhere) {
  const auto index = MultiIndex::view(bytes_.bytes());
  ASSERT_TRUE(index);
  EXPECT_EQ(index->size(), kRows);
  EXPECT_EQ(index->radius_bits(), kRadius);
  EXPECT_EQ(index->plan(), plan_);
  EXPECT_TRUE(index->check_postings());
  for (size_t i = 0; i < kRows; ++i) ASSERT_EQ(index->fingerprint(i), rows_[i]);
  Matches found;
  index->search(rows_, {0}, found);
  EXPECT_GE(found.matches.size(), kRows);
}

TEST_F(MultiLayoutTest, RefusesALayoutCutOffAnywhere) {
  for (size_t length = 0; length < bytes_.bytes().size(); ++length) {
    ASSERT_EQ(MultiIndex::view(bytes_.bytes().first(length)).error(),
              Error::at(ErrorCode::truncated, "multi_index.length", length));
  }
}

TEST_F(MultiLayoutTest, RefusesALayoutThatGoesOn) {
  AlignedBytes longer(bytes_.bytes().size() + 64);
  std::copy(bytes_.bytes().begin(), bytes_.bytes().end(), longer.bytes().begin());
  EXPECT_EQ(MultiIndex::view(longer.bytes()).error(),
            Error::at(ErrorCode::malformed, "multi_index.length", bytes_.bytes().size()));
}

TEST_F(MultiLayoutTest, RefusesAnotherPlaceInMemory) {
  EXPECT_EQ(MultiIndex::view(bytes_.bytes().subspan(8)).error().rule, "multi_index.alignment");
}

TEST_F(MultiLayoutTest, RefusesAForeignFile) {
  set(0, {'P', 'K', 3, 4});
  EXPECT_EQ(error(), Error::at(ErrorCode::malformed, "multi_index.magic", 0));
}

TEST_F(MultiLayoutTest, RefusesAnotherVersion) {
  for (const int version : {0, 2, 200}) {
    set(8, {version});
    mend_sum();
    EXPECT_EQ(error(), Error::at(ErrorCode::unsupported, "multi_index.version", 8));
  }
}

TEST_F(MultiLayoutTest, RefusesTooManyParts) {
  set(12, {65});
  EXPECT_EQ(error(), Error::at(ErrorCode::limit_exceeded, "multi_index.parts", 12));
}

TEST_F(MultiLayoutTest, RefusesAHeaderOfWhichAnyBitIsWrong) {
  for (size_t bit = 0; bit < header_bytes() * 8; ++bit) {
    bytes_.bytes()[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
    ASSERT_FALSE(MultiIndex::view(bytes_.bytes())) << bit;
    bytes_.bytes()[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
  }
  set(64, {0xff, 0xff, 0xff});
  EXPECT_EQ(error(), Error::at(ErrorCode::integrity_mismatch, "multi_index.header-sum", 40));
}

TEST_F(MultiLayoutTest, RefusesEachFieldThatContradictsAnother) {
  const auto end_of_parts = 64 + plan_.parts.size() * 72;
  const auto part = Error::at(ErrorCode::malformed, "multi_index.part", 64);
  const struct {
    const char* what;
    size_t offset;
    std::initializer_list<int> values;
    Error error;
  } kBroken[] = {
      {"more rows than there can be",
       20,
       {1},
       Error::at(ErrorCode::limit_exceeded, "multi_index.rows", 16)},
      {"rows that do not fit the length",
       16,
       {kRows + 64},
       Error::at(ErrorCode::malformed, "multi_index.length", 24)},
      {"a length that does not fit",
       31,
       {1},
       Error::at(ErrorCode::malformed, "multi_index.length", 24)},
      {"a radius that is never built for",
       32,
       {64},
       Error::at(ErrorCode::malformed, "multi_index.radius", 32)},
      {"a radius that the thresholds do not cover",
       32,
       {32},
       Error::at(ErrorCode::malformed, "multi_index.thresholds", end_of_parts)},
      {"entries that are too short",
       36,
       {3},
       Error::at(ErrorCode::malformed, "multi_index.entry-bytes", 36)},
      {"entries that are too long",
       36,
       {9},
       Error::at(ErrorCode::malformed, "multi_index.entry-bytes", 36)},
      {"entries of another length than the file's",
       36,
       {5},
       Error::at(ErrorCode::malformed, "multi_index.length", 24)},
      {"padding behind the sum",
       63,
       {1},
       Error::at(ErrorCode::malformed, "multi_index.padding", 48)},
      {"padding behind the part table",
       header_bytes() - 1,
       {1},
       Error::at(ErrorCode::malformed, "multi_index.padding", end_of_parts)},
      {"bits that the mask does not have", 64 + 64, {1}, part},
      {"more check bits than an entry has room for", 64 + 32, {0xff, 0xff, 0xff, 0xff}, part},
      {"check bits that are not the next part's",
       64 + 32,
       {0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
       Error::at(ErrorCode::malformed, "multi_index.check", 64)},
      {"a threshold over the limit", 64 + 65, {5}, part},
      {"padding of a part", 64 + 71, {1}, part},
  };
  for (const auto& broken : kBroken) {
    SCOPED_TRACE(broken.what);
    const auto before = std::vector<std::byte>(bytes_.bytes().begin(), bytes_.bytes().end());
    set(broken.offset, broken.values);
    mend_sum();
    EXPECT_EQ(error(), broken.error);
    std::copy(before.begin(), before.end(), bytes_.bytes().begin());
  }
  // Two parts that have a bit in common: the mask of the first in place of the second's.
  std::copy_n(bytes_.bytes().begin() + 64, 72, bytes_.bytes().begin() + 64 + 72);
  mend_sum();
  EXPECT_EQ(error(), Error::at(ErrorCode::malformed, "multi_index.masks", 64 + 72));
}

TEST_F(MultiLayoutTest, RefusesADirectoryThatDoesNotEndAtTheRows) {
  const auto layout = index_internal::make_multi_layout(kRows, kRadius, plan_);
  for (const auto& part : layout.parts) {
    const uint64_t end = part.directory_offset + part.keys() * 4;
    for (const uint64_t offset : {part.directory_offset, end}) {
      bytes_.bytes()[offset] ^= std::byte{1};
      EXPECT_EQ(error(), Error::at(ErrorCode::malformed, "multi_index.directory", offset));
      bytes_.bytes()[offset] ^= std::byte{1};
    }
  }
  EXPECT_TRUE(MultiIndex::view(bytes_.bytes()));
}

TEST_F(MultiLayoutTest, SeesPartsThatDoNotFitTheRows) {
  const auto layout = index_internal::make_multi_layout(kRows, kRadius, plan_);
  const auto& part = layout.parts[3];
  const auto expect = [&](uint64_t offset, std::string_view rule, uint64_t reported) {
    bytes_.bytes()[offset] ^= std::byte{1};
    EXPECT_EQ(MultiIndex::view(bytes_.bytes())->check_postings().error(),
              Error::at(ErrorCode::integrity_mismatch, rule, reported));
    bytes_.bytes()[offset] ^= std::byte{1};
  };
  expect(part.directory_offset + 4, "multi_index.directory", part.directory_offset + 4);
  expect(part.entries_offset, "multi_index.entry", part.entries_offset);
  EXPECT_TRUE(MultiIndex::view(bytes_.bytes())->check_postings());
}

TEST_F(MultiLayoutTest, IsSearchedWithinItsBytesWhateverTheyAre) {
  // Directories and postings out of a generator: nothing but matches that are none is to be feared.
  const auto layout = index_internal::make_multi_layout(kRows, kRadius, plan_);
  Random random(2);
  for (int round = 0; round < 20; ++round) {
    for (const auto& part : layout.parts) {
      for (uint64_t at = part.directory_offset + 4; at < part.directory_offset + part.keys() * 4;
           ++at) {
        bytes_.bytes()[at] = static_cast<std::byte>(random() % (round % 2 == 0 ? 256 : 2));
      }
      for (uint64_t at = 0; at < kRows * layout.entry_bytes; ++at) {
        bytes_.bytes()[part.entries_offset + at] = static_cast<std::byte>(random());
      }
    }
    const auto index = MultiIndex::view(bytes_.bytes());
    ASSERT_TRUE(index);
    EXPECT_FALSE(index->check_postings());
    Matches found;
    for (const uint32_t radius : {0u, 14u}) {
      index->search(rows_, {radius, 20}, found);
      for (const Match& match : found.matches) {
        ASSERT_LT(match.entry, kRows);
        ASSERT_EQ(match.distance_bits, hamming_distance(rows_[match.query], rows_[match.entry]));
        ASSERT_LE(match.distance_bits, radius);
      }
    }
  }
}

TEST(MultiLayout, WritesTheBytesOfTheDocumentedExample) {
  // docs/formats/multi_index.md: row 0 has bit 0 set, row 1 bits 0, 141 and 255.
  const std::vector<Fingerprint> rows = {Fingerprint{{1, 0, 0, 0}},
                                         Fingerprint{{1, 0, 1 << 13, uint64_t{1} << 63}}};
  const MultiIndex index = MultiIndex::build(rows, {1, 1, {}});
  std::vector<std::byte> wanted(0x300);
  const auto write = [&wanted](size_t offset, std::initializer_list<int> values) {
    for (const int value : values) wanted[offset++] = static_cast<std::byte>(value);
  };
  write(0x00, {'S', 'L', 'M', 'U', 'L', 'T', 'I', '\n', 1, 0, 0, 0, 2});
  write(0x10, {2, 0, 0, 0, 0, 0, 0, 0, 0x00, 0x03});
  write(0x20, {1, 0, 0, 0, 4, 0, 0, 0, 0xb2, 0x55, 0x24, 0x0e, 0xf8, 0xcb, 0xfd, 0x8c});
  for (const size_t mask : {0x40, 0xa8}) {
    write(mask, {1});
    write(mask + 15, {0x20, 0x80, 0, 2});
  }
  for (const size_t mask : {0x60, 0x88}) {
    write(mask, {2});
    write(mask + 17, {0x10, 0x40, 0, 1});
  }
  write(0x80, {4, 0});
  write(0xc8, {4, 0});
  write(0x100, {1});
  write(0x110, {1});
  write(0x151, {0x20});
  write(0x15f, {0x80});
  for (size_t key = 2; key <= 16; ++key) write(0x180 + 4 * key, {2});
  write(0x184, {0});
  write(0x200, {0, 0, 0, 0, 1});
  for (size_t key = 1; key <= 16; ++key) write(0x240 + 4 * key, {2});
  write(0x2c0, {2, 0, 0, 0, 3});
  EXPECT_TRUE(std::ranges::equal(index.bytes(), wanted));
}

TEST(MultiLayout, GivesEachPartItsShareOfEveryFrequency) {
  const MultiPlan plan = plan_parts(10'000'000, 31);
  const auto layout = index_internal::make_multi_layout(0, 31, plan);
  for (const auto& part : layout.parts) {
    uint32_t bits = 0;
    uint32_t low = 0;  // of the 136 bits of the lower frequencies
    for (uint32_t bit = 0; bit < 256; ++bit) {
      const bool has = (part.mask[bit / 64] >> (bit % 64) & 1) != 0;
      bits += has ? 1 : 0;
      low += has && bit / 16 + bit % 16 <= 15 ? 1 : 0;
    }
    EXPECT_EQ(bits, part.plan.bits);
    EXPECT_NEAR(low, bits * 136.0 / 256, 2);
  }
}

TEST(MultiLayout, GivesNoPartOnlyBitsThatTurningAPictureLeavesAlone) {
  // Turned and mirrored pictures have the bits of even rows, columns or diagonals in common. A part
  // of such bits alone would take each for a candidate of the others.
  for (const uint64_t rows : {100'000ull, 300'000ull, 1'000'000ull, 3'000'000ull, 10'000'000ull,
                              30'000'000ull, 100'000'000ull, 1'000'000'000ull}) {
    const auto layout = index_internal::make_multi_layout(0, 31, plan_parts(rows, 31));
    for (const auto& part : layout.parts) {
      double odd[3] = {};
      for (uint32_t bit = 0; bit < 256; ++bit) {
        if ((part.mask[bit / 64] >> (bit % 64) & 1) == 0) continue;
        const uint32_t row = bit / 16;
        const uint32_t column = bit % 16;
        odd[0] += row % 2;
        odd[1] += column % 2;
        odd[2] += (row + column) % 2;
      }
      for (const double count : odd) {
        EXPECT_GT(count, part.plan.bits * 0.15) << rows;
        EXPECT_LT(count, part.plan.bits * 0.85) << rows;
      }
    }
  }
}

}  // namespace
}  // namespace safelight

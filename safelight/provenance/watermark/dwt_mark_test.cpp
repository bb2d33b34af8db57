#include "safelight/provenance/watermark/dwt_mark.h"

#include <gtest/gtest.h>
#include <string>

#include "safelight/provenance/watermark/mark_encode_for_test.h"

namespace safelight::provenance {
namespace {

MarkReading read(const Picture& picture) {
  DwtMarkReader reader;
  reader.begin(picture.shape);
  reader.rows(0, picture.samples);
  return reader.finish();
}

const MarkScore& score_of(const MarkReading& reading, std::string_view name, ColourPath path) {
  for (const MarkScore& score : reading.scores) {
    if (score.mark->name == name && score.path == path) return score;
  }
  ADD_FAILURE() << "no score for " << name;
  return reading.scores.front();
}

bool same(const MarkReading& a, const MarkReading& b) {
  if (a.blocks != b.blocks || a.scores.size() != b.scores.size()) return false;
  for (size_t i = 0; i < a.scores.size(); ++i) {
    if (a.scores[i].bits != b.scores[i].bits) return false;
  }
  return a.varying_blocks == b.varying_blocks;
}

TEST(KnownMarks, HaveTheLengthsOfTheirGenerators) {
  ASSERT_EQ(known_marks().size(), 4u);
  EXPECT_EQ(known_marks()[0].bits.size(), kMaxMarkBits);
  EXPECT_EQ(known_marks()[1].bits.size(), 32u);
  EXPECT_EQ(known_marks()[2].bits.size(), 48u);
  EXPECT_EQ(known_marks()[3].bits.size(), 46u);
  for (const KnownMark& mark : known_marks()) {
    EXPECT_LT(mark.possible_bits, mark.found_bits);
    EXPECT_LE(mark.found_bits, mark.bits.size());
  }
}

TEST(KnownMarks, AreTheTextsAndNumbersOfTheirGenerators) {
  const auto text = [](std::string_view from) {
    std::string bits;
    for (const char c : from) {
      for (int shift = 7; shift >= 0; --shift) bits.push_back((c >> shift & 1) != 0 ? '1' : '0');
    }
    return bits;
  };
  const auto number = [](uint64_t value, size_t length) {
    std::string bits;
    for (size_t i = length; i > 0; --i) bits.push_back((value >> (i - 1) & 1) != 0 ? '1' : '0');
    return bits;
  };
  EXPECT_EQ(known_marks()[0].bits, text("StableDiffusionV1"));
  EXPECT_EQ(known_marks()[1].bits, text("SDV2"));
  EXPECT_EQ(known_marks()[2].bits, number(0xb3ec907bb19e, 48));
  EXPECT_EQ(known_marks()[3].bits, number(0x2afe879cf52e, 46));
}

TEST(DwtMark, FindsEachKnownMarkInThePathInWhichItWasMade) {
  for (const KnownMark& mark : known_marks()) {
    for (const ColourPath path : {ColourPath::integer, ColourPath::floating}) {
      Picture picture = colour_chart(512, 512, 5);
      embed_mark(picture, mark.bits, path == ColourPath::integer ? 128 : 0.5);
      const MarkReading reading = read(picture);
      EXPECT_FALSE(reading.not_readable);
      EXPECT_GE(score_of(reading, mark.name, path).matched_bits, mark.found_bits) << mark.name;
      for (const MarkScore& other : reading.scores) {
        if (other.mark->name == mark.name) continue;
        EXPECT_LT(other.matched_bits, other.mark->found_bits)
            << other.mark->name << " in a picture marked " << mark.name;
      }
    }
  }
}

TEST(DwtMark, FindsNothingInUnmarkedCharts) {
  for (uint32_t seed = 1; seed < 20; ++seed) {
    for (const MarkScore& score : read(colour_chart(320, 256, seed)).scores) {
      EXPECT_LT(score.matched_bits, score.mark->found_bits) << score.mark->name << " " << seed;
    }
  }
}

TEST(DwtMark, ReadsTheSameInPiecesOfAnyNumberOfRows) {
  const Picture picture = colour_chart(264, 283, 2);
  const MarkReading whole = read(picture);
  EXPECT_EQ(whole.blocks, 33u * 35u);
  for (const uint32_t rows : {1u, 5u, 8u, 9u, 64u}) {
    DwtMarkReader reader;
    reader.begin(picture.shape);
    for (uint32_t y = 0; y < picture.shape.height; y += rows) {
      const size_t begin = y * picture.shape.row_bytes();
      const size_t count = rows * picture.shape.row_bytes();
      reader.rows(y, std::span(picture.samples)
                         .subspan(begin, std::min(count, picture.samples.size() - begin)));
    }
    EXPECT_TRUE(same(reader.finish(), whole)) << rows;
  }
}

TEST(DwtMark, IgnoresWhatDoesNotFillABlock) {
  const Picture picture = colour_chart(263, 263, 4);
  Picture cropped;
  cropped.shape = {256, 256, 3};
  for (uint32_t y = 0; y < 256; ++y) {
    const auto row = picture.row(y).first(cropped.shape.row_bytes());
    cropped.samples.insert(cropped.samples.end(), row.begin(), row.end());
  }
  EXPECT_TRUE(same(read(picture), read(cropped)));
}

TEST(DwtMark, SmallPicturesAreNotReadable) {
  EXPECT_EQ(read(colour_chart(256, 255, 1)).not_readable, NotReadable::too_small);
  EXPECT_FALSE(read(colour_chart(256, 256, 1)).not_readable);
  EXPECT_FALSE(read(colour_chart(128, 512, 1)).not_readable);
  EXPECT_EQ(read(colour_chart(1, 1, 1)).not_readable, NotReadable::too_small);
}

TEST(DwtMark, GreyPicturesAreNotReadable) {
  Picture grey;
  grey.shape = {300, 300, 1};
  grey.samples.resize(90'000, 7);
  EXPECT_EQ(read(grey).not_readable, NotReadable::grey);
}

TEST(DwtMark, PicturesWithoutVaryingColourAreFlat) {
  Picture flat;
  flat.shape = {300, 300, 3};
  flat.samples.resize(270'000, 90);
  EXPECT_EQ(read(flat).not_readable, NotReadable::flat);
  // Grey stored as colour varies in luma alone.
  for (size_t i = 0; i < flat.samples.size(); ++i) {
    flat.samples[i] = static_cast<uint8_t>(i / 3 * 37 % 251);
  }
  EXPECT_EQ(read(flat).not_readable, NotReadable::flat);
  // 37 by 37 blocks, of which an eighth must vary: the first 5 rows do, with one block over.
  const Picture chart = colour_chart(300, 40, 6);
  std::copy(chart.samples.begin(), chart.samples.end(), flat.samples.begin());
  EXPECT_FALSE(read(flat).not_readable);
}

TEST(DwtMark, PicturesLowerOrNarrowerThanABlockAreFlat) {
  EXPECT_EQ(read(colour_chart(20'000, 7, 1)).not_readable, NotReadable::flat);
  EXPECT_EQ(read(colour_chart(7, 20'000, 1)).not_readable, NotReadable::flat);
}

}  // namespace
}  // namespace safelight::provenance

#include "safelight/synthesis/evaluation/manifest.h"

#include <gtest/gtest.h>

namespace safelight::synthesis {
namespace {

const std::string kDigest(64, 'a');
const std::string kHeader = "path,sha256,label,source,generator,camera,licence,date\n";
const std::string kPhoto = "a/1.jpg," + kDigest + ",camera,holiday,,Canon,CC0,2024-05-06\n";
const std::string kMade = "b/1.png," + kDigest + ",generated,lab,model-x,,MIT,2025\n";

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

void expect_error(const std::string& text, ErrorCode code, std::string_view rule, size_t offset) {
  const auto read = read_manifest(bytes_of(text));
  ASSERT_FALSE(read) << text;
  EXPECT_EQ(read.error(), Error::at(code, rule, offset)) << read.error().rule;
}

TEST(Manifest, APictureALineWithWhatIsKnownOfIt) {
  const std::string text = kHeader + kPhoto + "\r\n" + kMade;
  const auto read = read_manifest(bytes_of(text));
  ASSERT_TRUE(read);
  ASSERT_EQ(read->references.size(), 2u);
  const Reference& photo = read->references[0];
  EXPECT_EQ(photo.path, "a/1.jpg");
  EXPECT_EQ(to_hex(photo.sha256), kDigest);
  EXPECT_EQ(photo.truth, Proposition::camera);
  EXPECT_EQ(photo.source, "holiday");
  EXPECT_EQ(photo.camera_maker, "Canon");
  EXPECT_EQ(photo.licence, "CC0");
  EXPECT_EQ(photo.date, "2024-05-06");
  const Reference& made = read->references[1];
  EXPECT_EQ(made.truth, Proposition::generated);
  EXPECT_EQ(made.generator, "model-x");
  EXPECT_EQ(made.date, "2025");
}

TEST(Manifest, TabsOtherNamesAndFurtherColumnsAreUnderstood) {
  const std::string text =
      "\xEF\xBB\xBF"
      "File\tlabel\tsource\tbytes\tSHA256\r\n"
      "x.png\tsynthetic\tlab\t12\t" +
      kDigest +
      "\r\n"
      "\"y, z.png\"\tcamera\tlab\t\t" +
      kDigest;
  const auto read = read_manifest(bytes_of(text));
  ASSERT_TRUE(read);
  ASSERT_EQ(read->references.size(), 2u);
  EXPECT_EQ(read->references[0].truth, Proposition::generated);
  EXPECT_EQ(read->references[0].generator, "lab") << "the source, where no generator is named";
  EXPECT_EQ(read->references[1].path, "y, z.png");
  EXPECT_EQ(read->references[1].generator, "");
}

TEST(Manifest, WhatBreaksARuleIsToldWithItsLine) {
  const size_t line = kHeader.size() + kPhoto.size();
  const auto bad_line = [&](const std::string& text, std::string_view rule) {
    expect_error(kHeader + kPhoto + text, ErrorCode::malformed, rule, line);
  };
  expect_error("", ErrorCode::malformed, "manifest.header", 0);
  expect_error("path,sha256,label\n", ErrorCode::malformed, "manifest.column-missing", 0);
  expect_error("path,file,sha256,label,source\n", ErrorCode::malformed, "manifest.column-twice", 0);
  bad_line("b.png," + kDigest + ",camera\n", "manifest.columns");
  bad_line("\"b.png," + kDigest + ",camera,s,,,,\n", "manifest.quoting");
  bad_line("," + kDigest + ",camera,s,,,,\n", "manifest.path");
  bad_line("a/1.jpg," + kDigest + ",camera,s,,,,\n", "manifest.path-twice");
  bad_line("b.png,aa,camera,s,,,,\n", "manifest.sha256");
  bad_line("b.png," + kDigest + ",real,s,,,,\n", "manifest.truth");
  bad_line("b.png," + kDigest + ",camera,,,,,\n", "manifest.source");
  for (const std::string date : {"24", "2024-13", "2024-01-32", "2024/01", "2024-1-1"}) {
    bad_line("b.png," + kDigest + ",camera,s,,,," + date + "\n", "manifest.date");
  }
}

TEST(Manifest, ANameThatNoCalibrationHoldsIsRefused) {
  const size_t line = kHeader.size() + kPhoto.size();
  const std::string longest(kMaxReferenceNameBytes, 'n');
  const auto text_with = [&](const std::string& source, const std::string& generator,
                             const std::string& maker) {
    return kHeader + kPhoto + "b.png," + kDigest + ",generated," + source + "," + generator + "," +
           maker + ",,\n";
  };
  EXPECT_TRUE(read_manifest(bytes_of(text_with(longest, longest, longest))));
  EXPECT_TRUE(read_manifest(bytes_of(text_with("\xc3\xbc", "", ""))));
  for (const std::string& bad : {longest + "n", std::string("a\x01z"), std::string("a\x7fz"),
                                 std::string("a\xffz"), std::string("a\0z", 3)}) {
    for (const std::string& text :
         {text_with(bad, "g", "m"), text_with("s", bad, "m"), text_with("s", "g", bad)}) {
      expect_error(text, ErrorCode::malformed, "manifest.name", line);
    }
  }
}

TEST(Manifest, OneThatIsCutAnywhereIsReadOrRefusedAsAWhole) {
  const std::string text = kHeader + kPhoto + kMade;
  for (size_t size = 0; size < text.size(); ++size) {
    const std::string cut = text.substr(0, size);
    const auto read = read_manifest(bytes_of(cut));
    if (read) {
      EXPECT_LT(read->references.size(), line_of(bytes_of(cut), size));
    } else {
      EXPECT_TRUE(read.error().rule.starts_with("manifest."));
    }
  }
}

TEST(Manifest, AnOffsetIsToldAsALine) {
  const std::string text = "a\nb\nc";
  EXPECT_EQ(line_of(bytes_of(text), 0), 1u);
  EXPECT_EQ(line_of(bytes_of(text), 2), 2u);
  EXPECT_EQ(line_of(bytes_of(text), 99), 3u);
}

}  // namespace
}  // namespace safelight::synthesis

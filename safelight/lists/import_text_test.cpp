#include <gtest/gtest.h>

#include "safelight/lists/import.h"
#include "safelight/lists/internal/collecting_sink.h"

namespace safelight {
namespace {

using lists::CollectingSink;
using lists::hex_of;
using lists::source_of;

struct Imported {
  ImportSummary summary;
  std::vector<ListEntry> entries;
};

Result<Imported> import_text(std::string_view text, const ImportOptions& options = {}) {
  const MemorySource source = source_of(text);
  CollectingSink sink;
  SAFELIGHT_TRY(ImportSummary summary, import_list(source, options, sink));
  return Imported{std::move(summary), std::move(sink.entries)};
}

ImportOptions saying(SixtyFourHex kind) {
  ImportOptions options;
  options.sixty_four_hex = kind;
  return options;
}

const std::string kMd5 = hex_of(1, 32);
const std::string kSha1 = hex_of(2, 40);
const std::string kSha256 = hex_of(3, 64);

TEST(ImportText, OneDigestALineInEitherCase) {
  std::string upper = kSha1;
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  const auto list = import_text("# made by hand\n" + kMd5 + "\r\n\n  " + upper + "  \n");
  ASSERT_TRUE(list);
  EXPECT_EQ(list->summary.format, ListFormat::hash_lines);
  EXPECT_EQ(list->summary.comments, 1u);
  ASSERT_EQ(list->entries.size(), 2u);
  EXPECT_EQ(to_hex(*list->entries[0].md5), kMd5);
  EXPECT_EQ(to_hex(*list->entries[1].sha1), kSha1);
  EXPECT_EQ(list->entries[1].record_number, 4u);
}

TEST(ImportText, SixtyFourDigitsAloneNeedTheCallersWord) {
  const auto asked = import_text(kMd5 + "\n" + kSha256 + "\n");
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error(), Error::at(ErrorCode::unsupported, "list.sixty-four-hex", 33));
  const auto sha256 = import_text(kSha256, saying(SixtyFourHex::sha256));
  EXPECT_EQ(to_hex(*sha256->entries.at(0).sha256), kSha256);
  const auto pdq = import_text(kSha256, saying(SixtyFourHex::pdq));
  EXPECT_EQ(to_hex(*pdq->entries.at(0).fingerprint), kSha256);
  EXPECT_FALSE(pdq->entries.at(0).sha256);
}

TEST(ImportText, HashAndCategoryWithAnyDelimiter) {
  for (const std::string delimiter : {",", ";", "\t", ", "}) {
    const auto list = import_text(kMd5 + delimiter + "7\n" + hex_of(9, 32) + delimiter + "\n");
    ASSERT_TRUE(list) << delimiter;
    EXPECT_EQ(list->summary.format, ListFormat::hash_and_category);
    EXPECT_EQ(list->entries.at(0).category, "7");
    EXPECT_EQ(list->entries.at(1).category, "");
    EXPECT_EQ(list->summary.categories.at("7"), 1u);
  }
  const auto quoted = import_text("\"" + kMd5 + "\",\"a \"\"b\"\", c\"\n");
  EXPECT_EQ(quoted->entries.at(0).category, "a \"b\", c");
}

TEST(ImportText, FurtherDigestsBeforeTheCategoryBelongToTheSameEntry) {
  const auto list = import_text(kMd5 + "," + kSha1 + ",2\n");
  ASSERT_EQ(list->entries.size(), 1u);
  EXPECT_TRUE(list->entries[0].md5 && list->entries[0].sha1);
  EXPECT_EQ(list->entries[0].category, "2");
}

TEST(ImportText, NamedColumnsWithOrWithoutQuotesAndLineBreaks) {
  const auto list = import_text("File Name,SHA-1,Category,MD5,File Size\n\"a, b\n\"\"c\"\"\"," +
                                kSha1 + ",3," + kMd5 + ",1234\nplain,,4," + kMd5 + ",\n");
  ASSERT_TRUE(list);
  EXPECT_EQ(list->summary.format, ListFormat::named_columns);
  ASSERT_EQ(list->entries.size(), 2u);
  EXPECT_EQ(to_hex(*list->entries[0].sha1), kSha1);
  EXPECT_EQ(to_hex(*list->entries[0].md5), kMd5);
  EXPECT_EQ(list->entries[0].category, "3");
  EXPECT_EQ(list->entries[0].size_bytes, 1234u);
  EXPECT_FALSE(list->entries[1].sha1);
  EXPECT_EQ(list->entries[1].record_number, 4u);
  EXPECT_TRUE(list->summary.refused.empty());
}

TEST(ImportText, ARowThatStartsWithANumberSignIsNoComment) {
  const auto list = import_text("id,md5\n# a comment\n#1," + kMd5 + "\n");
  ASSERT_TRUE(list);
  EXPECT_EQ(list->summary.comments, 1u);
  ASSERT_EQ(list->entries.size(), 1u);
  EXPECT_EQ(list->entries[0].entry_id, "#1");
}

TEST(ImportText, AQualityColumnTellsThatAHashIsPdq) {
  const auto list = import_text("hash,quality\n" + kSha256 + ",100\n" + hex_of(4, 64) + ",49\n");
  ASSERT_TRUE(list);
  ASSERT_EQ(list->entries.size(), 1u);
  EXPECT_TRUE(list->entries[0].fingerprint);
  EXPECT_EQ(list->entries[0].quality, 100);
  EXPECT_EQ(list->summary.dropped_low_quality, 1u);
  EXPECT_EQ(import_text("hash\n" + kSha256 + "\n").error().rule, "list.sixty-four-hex");
}

TEST(ImportText, ChecksumProgramsOfBothStyles) {
  const auto list = import_text(kMd5 + "  my file, with comma.jpg\n" + kSha1 + " *bin.png\n\\" +
                                kSha256 + "  back\\\\slash\nMD5 (a (1).jpg) = " + kMd5 +
                                "\nSHA2-256(b)= " + kSha256 + "\n");
  ASSERT_TRUE(list);
  EXPECT_EQ(list->summary.format, ListFormat::checksum_lines);
  ASSERT_EQ(list->entries.size(), 5u);
  EXPECT_TRUE(list->entries[0].md5);
  EXPECT_TRUE(list->entries[1].sha1);
  EXPECT_TRUE(list->entries[2].sha256);
  EXPECT_TRUE(list->entries[3].md5);
  EXPECT_TRUE(list->entries[4].sha256);
  EXPECT_EQ(list->entries[0].category, "");
}

TEST(ImportText, HashdeepNamesItsColumns) {
  const auto list = import_text(
      "%%%% HASHDEEP-1.0\n%%%% size,md5,sha1,sha256,filename\n## Invoked from: /\n## $ hashdeep\n"
      "##\n5," +
      kMd5 + "," + kSha1 + "," + kSha256 + ",/a \"b\", c.jpg\n7," + kMd5 + "\n");
  ASSERT_TRUE(list);
  EXPECT_EQ(list->summary.format, ListFormat::hashdeep);
  EXPECT_EQ(list->summary.header, "HASHDEEP-1.0");
  ASSERT_EQ(list->entries.size(), 1u);
  EXPECT_EQ(list->entries[0].size_bytes, 5u);
  EXPECT_EQ(to_hex(*list->entries[0].sha256), kSha256);
  EXPECT_EQ(list->summary.refused.at("hashdeep.columns"), 1u);
  EXPECT_EQ(list->summary.refusals.at(0).record_number, 7u);
}

TEST(ImportText, InterpolIcse) {
  const std::string photodna(192, 'A');
  const auto list = import_text(
      "MD5;SHA1;PhotoDNA;Image ID;Is distributed;Victim identified;Offender identified;"
      "Series name;Number of submissions;File Available;Media Type;Baseline\n" +
      kMd5 + ";" + kSha1 + ";" + photodna + ";991;true;False;;S1;3;1;image;Yes\n;;" + photodna +
      ";992;;;;;;;;\n");
  ASSERT_TRUE(list);
  EXPECT_EQ(list->summary.format, ListFormat::icse_csv);
  ASSERT_EQ(list->entries.size(), 2u);
  EXPECT_EQ(list->entries[0].entry_id, "991");
  EXPECT_EQ(list->entries[0].distributed, Stated::yes);
  EXPECT_EQ(list->entries[0].victim_identified, Stated::no);
  EXPECT_EQ(list->entries[0].offender_identified, Stated::not_stated);
  EXPECT_EQ(list->entries[0].category, "Yes");
  EXPECT_EQ(list->entries[0].photodna, std::string(144, '\0'));
  EXPECT_FALSE(list->entries[1].has_digest());
  EXPECT_EQ(list->summary.photodna, 2u);
}

TEST(ImportText, NsrlVersion2ProposesOrdinary) {
  const auto list = import_text(
      "\"SHA-1\",\"MD5\",\"CRC32\",\"FileName\",\"FileSize\",\"ProductCode\",\"OpSystemCode\","
      "\"SpecialCode\"\n\"" +
      kSha1 + "\",\"" + kMd5 + "\",\"9C7C5B3A\",\"a.dll\",4096,228,\"358\",\"\"\n");
  ASSERT_TRUE(list);
  EXPECT_EQ(list->summary.format, ListFormat::nsrl_text);
  EXPECT_EQ(list->summary.proposed_disposition, Disposition::ordinary);
  EXPECT_EQ(list->entries.at(0).size_bytes, 4096u);
}

TEST(ImportText, ThreatExchangeWithAndWithoutNames) {
  const auto named = import_text("collab,signal_type,signal_str,category,tags\nSample,pdq," +
                                 kSha256 + ",WORTH_INVESTIGATING,\nSample,video_md5," + kMd5 +
                                 ",NEGATIVE_CLASS,x\nSample,raw_text,"
                                 "words,POSITIVE_CLASS,\n");
  ASSERT_TRUE(named);
  EXPECT_EQ(named->summary.format, ListFormat::threatexchange_csv);
  ASSERT_EQ(named->entries.size(), 2u);
  EXPECT_TRUE(named->entries[0].fingerprint);
  EXPECT_EQ(named->entries[0].category, "WORTH_INVESTIGATING");
  EXPECT_TRUE(named->entries[1].md5);
  EXPECT_EQ(named->summary.other_signals, 1u);
  const auto bare =
      import_text(kSha256 + ",2880742865368386,2020-07-31T18:47:52+0000,some tags here\n");
  ASSERT_TRUE(bare);
  EXPECT_EQ(bare->summary.format, ListFormat::threatexchange_csv);
  EXPECT_TRUE(bare->entries.at(0).fingerprint);
  EXPECT_EQ(bare->entries[0].entry_id, "2880742865368386");
  EXPECT_EQ(bare->entries[0].category, "");
}

TEST(ImportText, Utf16WithAByteOrderMark) {
  const std::string text = kMd5 + ",1\r\n" + kSha1 + ",2\r\n";
  std::string little = "\xff\xfe";
  std::string big = "\xfe\xff";
  for (const char c : text) {
    little += {c, '\0'};
    big += {'\0', c};
  }
  for (const std::string& bytes : {little, big}) {
    const auto list = import_text(bytes);
    ASSERT_TRUE(list);
    ASSERT_EQ(list->entries.size(), 2u);
    EXPECT_EQ(list->entries[1].category, "2");
  }
}

TEST(ImportText, DigestsOfTheEmptyFileAndZerosAreDroppedAndCounted) {
  const auto list = import_text(
      "d41d8cd98f00b204e9800998ecf8427e\nDA39A3EE5E6B4B0D3255BFEF95601890AFD80709\n" +
          std::string(32, '0') + "\n" + std::string(64, '0') +
          "\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n" + kMd5 + "\n",
      saying(SixtyFourHex::sha256));
  ASSERT_TRUE(list);
  EXPECT_EQ(list->entries.size(), 1u);
  EXPECT_EQ(list->summary.dropped_empty_file, 3u);
  EXPECT_EQ(list->summary.dropped_placeholder, 2u);
  EXPECT_TRUE(list->summary.refused.empty());
}

TEST(ImportText, GarbageLinesAreRefusedWithTheirPlaceAndTheRestImported) {
  const std::string text =
      kMd5 + "\nnot a hash\n" + kMd5 + "x\n" + kSha1 + " one space\n" + kMd5 + "\n";
  const auto list = import_text(text);
  ASSERT_TRUE(list);
  EXPECT_EQ(list->entries.size(), 2u);
  EXPECT_EQ(list->summary.refused.at("list.line"), 3u);
  EXPECT_EQ(list->summary.refused_total(), 3u);
  ASSERT_EQ(list->summary.refusals.size(), 3u);
  EXPECT_EQ(list->summary.refusals[0],
            (Refusal{2, Error::at(ErrorCode::malformed, "list.line", 33)}));
  EXPECT_EQ(list->summary.refusals[1],
            (Refusal{3, Error::at(ErrorCode::malformed, "list.line", 44)}));
  EXPECT_EQ(list->summary.refusals[2],
            (Refusal{4, Error::at(ErrorCode::malformed, "list.line", 78)}));
}

TEST(ImportText, ABadCellIsRefusedAndTheRestOfItsRowImported) {
  const auto list = import_text("md5,sha1,size,quality\n" + kMd5 + ",xyz,12x,101\n,,,\n");
  ASSERT_TRUE(list);
  ASSERT_EQ(list->entries.size(), 1u);
  EXPECT_EQ(list->summary.refused.at("list.sha1"), 1u);
  EXPECT_EQ(list->summary.refused.at("list.size"), 1u);
  EXPECT_EQ(list->summary.refused.at("list.quality"), 1u);
  EXPECT_EQ(list->summary.refused.at("list.row-without-hash"), 1u);
  EXPECT_EQ(list->summary.refusals.back(),
            (Refusal{3, Error::at(ErrorCode::malformed, "list.row-without-hash", 67)}));
}

TEST(ImportText, AnUnclosedQuoteCostsOneLine) {
  const auto list = import_text("name,md5\n\"open," + kMd5 + "\nb," + kMd5 + "\nc," + kMd5 +
                                "\n\"d\"x," + kMd5 + "\n");
  ASSERT_TRUE(list);
  EXPECT_EQ(list->entries.size(), 2u);
  EXPECT_EQ(list->summary.refused.at("csv.open-quote"), 1u);
  EXPECT_EQ(list->summary.refused.at("csv.text-after-quote"), 1u);
  EXPECT_EQ(list->summary.refusals.at(0).record_number, 2u);
  EXPECT_EQ(list->entries[0].record_number, 3u);
}

TEST(ImportText, LimitsRefuseTheLineOrTheList) {
  ImportOptions options;
  options.limits.max_line_bytes = 80;
  options.limits.max_columns = 3;
  options.limits.max_text_bytes = 4;
  options.limits.max_categories = 2;
  options.limits.max_refusals_kept = 2;
  const auto list = import_text("md5,category\n" + kMd5 + "," + std::string(100, 'x') + "\n" +
                                    kMd5 + ",1,2,3,4\n" + kMd5 + ",long code\n",
                                options);
  ASSERT_TRUE(list);
  EXPECT_EQ(list->summary.refused.at("limits.max_line_bytes"), 1u);
  EXPECT_EQ(list->summary.refused.at("limits.max_columns"), 1u);
  EXPECT_EQ(list->summary.refused.at("limits.max_text_bytes"), 1u);
  EXPECT_EQ(list->summary.refusals.size(), 2u);
  EXPECT_EQ(list->summary.refusals[0].error.code, ErrorCode::limit_exceeded);
  const auto many = import_text(
      hex_of(1, 32) + ",a\n" + hex_of(2, 32) + ",b\n" + hex_of(3, 32) + ",c\n", options);
  ASSERT_FALSE(many);
  EXPECT_EQ(many.error(), Error::at(ErrorCode::limit_exceeded, "limits.max_categories", 70));
}

TEST(ImportText, WhatIsNoListIsAnErrorAndAnEmptyOneIsNot) {
  EXPECT_EQ(import_text("just some words\nand more\n").error(),
            Error::at(ErrorCode::unsupported, "list.format", 0));
  std::string noise;
  for (int i = 0; i < 5'000; ++i) noise += "line " + std::to_string(i) + "\n";
  EXPECT_EQ(import_text(noise).error().rule, "list.format");
  for (const std::string_view text : {"", "\n\n", "# nothing\n", "\xef\xbb\xbf"}) {
    const auto list = import_text(text);
    ASSERT_TRUE(list);
    EXPECT_EQ(list->summary.format, ListFormat::empty);
    EXPECT_EQ(list->summary.records, 0u);
  }
  const auto header_only = import_text("md5,category\n");
  ASSERT_TRUE(header_only);
  EXPECT_EQ(header_only->summary.entries, 0u);
}

TEST(ImportText, EveryTruncationGivesTheWholeLinesBeforeIt) {
  const std::string text =
      "md5,sha1,category\n" + kMd5 + "," + kSha1 + ",1\n\"" + hex_of(8, 32) + "\",,\"2\"\n";
  for (size_t length = 0; length <= text.size(); ++length) {
    const auto list = import_text(text.substr(0, length));
    const auto whole = static_cast<size_t>(std::count(text.begin(), text.begin() + length, '\n'));
    if (!list) {
      EXPECT_LT(length, 18u);
      EXPECT_EQ(list.error().rule, "list.format");
      continue;
    }
    EXPECT_GE(list->entries.size() + 1, whole) << length;
  }
}

TEST(ImportText, ANameOfTheKindOf64IsRead) {
  EXPECT_EQ(*sixty_four_hex_from_text("pdq"), SixtyFourHex::pdq);
  EXPECT_EQ(*sixty_four_hex_from_text("sha256"), SixtyFourHex::sha256);
  EXPECT_FALSE(sixty_four_hex_from_text("md5"));
}

}  // namespace
}  // namespace safelight

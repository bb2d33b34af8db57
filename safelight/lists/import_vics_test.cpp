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

Result<Imported> import_json(std::string_view text, const ImportOptions& options = {}) {
  const MemorySource source = source_of(text);
  CollectingSink sink;
  SAFELIGHT_TRY(ImportSummary summary, import_list(source, options, sink));
  return Imported{std::move(summary), std::move(sink.entries)};
}

const std::string kMd5 = hex_of(1, 32);
const std::string kSha1 = hex_of(2, 40);
const std::string kContext20 =
    "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/US/$metadata#Media";

std::string media_list(const std::string& context, const std::string& media) {
  return R"({"@odata.context":")" + context + R"(","value":[)" + media + "]}";
}

TEST(ImportVics, AMediaListOfVersion2InAnyProfile) {
  for (const std::string profile : {"Default", "US", "UK", "CUSTOM"}) {
    const std::string context = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/" +
                                profile + "/$metadata#Media";
    const auto list = import_json(media_list(
        context, R"({"MediaID":17,"Category":1,"MD5":")" + kMd5 + R"(","SHA1":")" + kSha1 +
                     R"(","MediaSize":2048,"IsDistributed":true,"VictimIdentified":false})"));
    ASSERT_TRUE(list) << profile;
    EXPECT_EQ(list->summary.format, ListFormat::vics_json);
    EXPECT_EQ(list->summary.header, context);
    ASSERT_EQ(list->entries.size(), 1u);
    const ListEntry& entry = list->entries[0];
    EXPECT_EQ(entry.entry_id, "17");
    EXPECT_EQ(entry.category, "1");
    EXPECT_EQ(to_hex(*entry.md5), kMd5);
    EXPECT_EQ(to_hex(*entry.sha1), kSha1);
    EXPECT_EQ(entry.size_bytes, 2048u);
    EXPECT_EQ(entry.distributed, Stated::yes);
    EXPECT_EQ(entry.victim_identified, Stated::no);
    EXPECT_EQ(entry.offender_identified, Stated::not_stated);
  }
}

TEST(ImportVics, TheOldVersionsWithTheirKeysAndLinks) {
  for (const std::string version : {"1.1", "1.2", "1.3"}) {
    const std::string header =
        "http://github.com/ICMEC/ProjectVic/DataModels/" + version + ".xml#Media";
    const auto list = import_json(
        R"({"odata.metadata":")" + header +
        R"(","value":[{"odata.id":"x","Exifs@odata.navigationLinkUrl":"y","MediaID":"5",)"
        R"("MD5":")" +
        kMd5 + R"(","AlternativeHashes":[{"MD5":"","HashName":"PhotoDNA","HashValue":")" +
        std::string(288, 'a') + R"("},{"HashName":"SSDEEP","HashValue":"3:a:b"}]}]})");
    ASSERT_TRUE(list) << version;
    EXPECT_EQ(list->summary.header, header);
    EXPECT_EQ(list->entries.at(0).entry_id, "5");
    EXPECT_EQ(list->entries[0].photodna, std::string(144, '\xaa'));
    EXPECT_EQ(list->summary.other_signals, 1u);
  }
}

TEST(ImportVics, CasesHoldTheirMedia) {
  const auto list = import_json(
      R"({"@odata.context":"#Cases","value":[{"CaseID":"a","CaseNumber":"1","TotalMediaFiles":2,)"
      R"("Media":[{"MediaID":1,"Category":2,"MD5":")" +
      kMd5 + R"("},{"MediaID":2,"SHA1":")" + kSha1 +
      R"("}],"ContactName":"n"},{"CaseID":"b","Media":[]},{"CaseID":"c"}]})");
  ASSERT_TRUE(list);
  ASSERT_EQ(list->entries.size(), 2u);
  EXPECT_EQ(list->entries[0].category, "2");
  EXPECT_EQ(list->entries[1].category, "");
  EXPECT_EQ(list->entries[1].entry_id, "2");
  EXPECT_EQ(list->summary.records, 2u);
  EXPECT_TRUE(list->summary.refused.empty());
}

TEST(ImportVics, NumbersAndBooleansMayBeStringsAndAnythingNull) {
  const auto list = import_json(
      "\xef\xbb\xbf" +
      media_list(kContext20, R"({"MediaID":"7","Category":"1","MD5":")" + kMd5 +
                                 R"(","SHA1":null,"MediaSize":"99","IsDistributed":"True",)"
                                 R"("VictimIdentified":"false","PhotoDNA":"","Exifs":null},)"
                                 R"({"MediaID":8,"Category":null,"MD5":")" +
                                 hex_of(5, 32) + R"("},{"MediaID":9,"Category":2.0,"MD5":")" +
                                 hex_of(6, 32) + R"("})"));
  ASSERT_TRUE(list);
  ASSERT_EQ(list->entries.size(), 3u);
  EXPECT_EQ(list->entries[0].category, "1");
  EXPECT_EQ(list->entries[0].size_bytes, 99u);
  EXPECT_EQ(list->entries[0].distributed, Stated::yes);
  EXPECT_EQ(list->entries[0].victim_identified, Stated::no);
  EXPECT_EQ(list->entries[1].category, "");
  EXPECT_EQ(list->entries[2].category, "2");
  EXPECT_TRUE(list->summary.refused.empty());
}

TEST(ImportVics, OtherMd5OfItsFilesAreEntriesOfTheirOwn) {
  const std::string other = hex_of(7, 32);
  const auto list = import_json(media_list(
      kContext20, R"({"MediaID":1,"Category":1,"MD5":")" + kMd5 + R"(","MediaFiles":[{"MD5":")" +
                      kMd5 + R"(","FileName":"a"},{"MD5":")" + other + R"(","ParentMD5":")" +
                      hex_of(8, 32) + R"("},{"MD5":")" + kMd5 +
                      R"("}]},{"MediaID":2,"MediaFiles":[{"MD5":")" + other + R"("}]})"));
  ASSERT_TRUE(list);
  ASSERT_EQ(list->entries.size(), 3u);
  EXPECT_EQ(to_hex(*list->entries[0].md5), kMd5);
  EXPECT_EQ(to_hex(*list->entries[1].md5), other);
  EXPECT_EQ(list->entries[1].entry_id, "1");
  EXPECT_EQ(list->entries[1].category, "1");
  EXPECT_EQ(list->entries[2].entry_id, "2");
}

TEST(ImportVics, BadValuesAreRefusedWithLineAndOffset) {
  const std::string text =
      media_list(kContext20, "\n{\"MediaID\":1,\"MD5\":\"xyz\"},\n{\"MediaID\":2,\"MD5\":\"" +
                                 kMd5 + "\"},\n{\"MediaID\":3}\n");
  const auto list = import_json(text);
  ASSERT_TRUE(list);
  EXPECT_EQ(list->entries.size(), 1u);
  EXPECT_EQ(list->summary.records, 3u);
  ASSERT_EQ(list->summary.refusals.size(), 2u);
  EXPECT_EQ(list->summary.refusals[0],
            (Refusal{2, Error::at(ErrorCode::malformed, "list.md5", text.find("xyz") + 3)}));
  EXPECT_EQ(list->summary.refusals[1],
            (Refusal{4, Error::at(ErrorCode::malformed, "vics.entry-without-hash",
                                  text.find(":3}") + 2)}));
}

TEST(ImportVics, EveryTruncationIsAnErrorAndNeverHalfAList) {
  const std::string text =
      "{\"@odata.context\":\"" + kContext20 + "\",\"value\":[{\"MediaID\":1,\"MD5\":\"" + kMd5 +
      "\",\"MediaFiles\":[{\"MD5\":null,\"FileName\":\"caf\xc3\xa9\"}]},{\"Category\":-1,"
      "\"SHA1\":\"" +
      kSha1 + "\"}]}";
  ASSERT_TRUE(import_json(text));
  for (size_t length = 1; length < text.size(); ++length) {
    const auto list = import_json(text.substr(0, length));
    ASSERT_FALSE(list) << length;
    EXPECT_EQ(list.error().code, ErrorCode::truncated) << length;
    EXPECT_EQ(list.error().offset_bytes, length);
  }
}

TEST(ImportVics, ASyntaxErrorIsAtItsOffset) {
  const std::string text = R"({"value":[{"MD5":"a"} {"MD5":"b"}]})";
  const auto list = import_json(text);
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error(), Error::at(ErrorCode::malformed, "json.syntax", 22));
}

TEST(ImportVics, OtherJsonIsNotAList) {
  for (const std::string_view text : {R"({"a":1})", R"({"a":[{"MD5":"x"}]})", "{}"}) {
    const auto list = import_json(text);
    ASSERT_FALSE(list) << text;
    EXPECT_EQ(list.error().rule, "vics.structure");
  }
  const auto empty = import_json(R"({"value":[]})");
  ASSERT_TRUE(empty);
  EXPECT_EQ(empty->summary.entries, 0u);
}

TEST(ImportVics, LimitsHold) {
  ImportOptions options;
  options.limits.max_json_depth = 8;
  options.limits.max_media_files = 2;
  options.limits.max_json_token_bytes = 1'000'000;
  std::string deep = R"({"value":)" + std::string(20, '[');
  EXPECT_EQ(import_json(deep, options).error().rule, "limits.max_json_depth");
  EXPECT_EQ(import_json(deep, options).error().offset_bytes, 16u);
  const std::string huge = R"({"value":[{"Comments":")" + std::string(4'000'000, 'x') + R"("}]})";
  const auto too_long = import_json(huge, options);
  ASSERT_FALSE(too_long);
  EXPECT_EQ(too_long.error().code, ErrorCode::limit_exceeded);
  EXPECT_EQ(too_long.error().rule, "limits.max_json_token_bytes");
  std::string files;
  for (uint64_t i = 0; i < 5; ++i) {
    files += std::string(i > 0 ? "," : "") + R"({"MD5":")" + hex_of(i, 32) + R"("})";
  }
  const auto many = import_json(R"({"value":[{"MediaFiles":[)" + files + "]}]}", options);
  ASSERT_TRUE(many);
  EXPECT_EQ(many->entries.size(), 2u);
  EXPECT_EQ(many->summary.refused.at("limits.max_media_files"), 3u);
}

TEST(ImportVics, ATextThatIsNotUtf8IsReadAllTheSame) {
  const auto list =
      import_json(media_list(kContext20, R"({"MD5":")" + kMd5 + "\",\"Comments\":\"caf\xe9\"}"));
  ASSERT_TRUE(list);
  EXPECT_EQ(list->entries.size(), 1u);
  EXPECT_EQ(list->summary.replaced_bytes, 1u);
}

TEST(ImportVics, TheEmptyFilesDigestsAreDropped) {
  const auto list =
      import_json(media_list(kContext20, R"({"MediaID":1,"MD5":"D41D8CD98F00B204E9800998ECF8427E",)"
                                         R"("SHA1":"DA39A3EE5E6B4B0D3255BFEF95601890AFD80709"})"));
  ASSERT_TRUE(list);
  EXPECT_EQ(list->entries.size(), 0u);
  EXPECT_EQ(list->summary.dropped_empty_file, 2u);
  EXPECT_TRUE(list->summary.refused.empty());
}

}  // namespace
}  // namespace safelight

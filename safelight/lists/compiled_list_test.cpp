#include "safelight/lists/compiled_list.h"

#include <array>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <set>
#include <sys/stat.h>

#include "safelight/base/fault.h"
#include "safelight/digest/sha256_stream.h"
#include "safelight/lists/compile.h"
#include "safelight/lists/internal/collecting_sink.h"
#include "safelight/lists/internal/list_layout.h"
#include "safelight/lists/internal/memory_file.h"
#include "safelight/lists/internal/reseal.h"
#include "safelight/lists/internal/scratch_folder.h"

namespace safelight {
namespace {

using lists::hex_of;
using lists::ScratchFolder;
using lists::Section;

const std::string kPhotoDna(192, 'Q');

std::string sample_list() {
  std::string text = "md5;sha1;sha256;pdq;quality;photodna;image id;category;size;is distributed\n";
  text += hex_of(1, 32) + ";" + hex_of(2, 40) + ";" + hex_of(3, 64) + ";" + hex_of(4, 64) +
          ";80;;A-1;1;100;yes\n";
  text += hex_of(5, 32) + ";;;;;" + kPhotoDna + ";;2;;\n";
  text += ";" + hex_of(6, 40) + ";;" + hex_of(7, 64) + ";;;A-3;;7;no\n";
  // The first entry once more under another id, and its digests again under another category.
  text += hex_of(1, 32) + ";" + hex_of(2, 40) + ";" + hex_of(3, 64) + ";" + hex_of(4, 64) +
          ";80;;A-4;1;100;yes\n";
  text += hex_of(1, 32) + ";;;;;;A-5;2;;\n";
  text += "garbage;;;;;;;;;\n";
  return text;
}

class CompiledListTest : public testing::Test {
 protected:
  Result<CompileReport> compile(std::string_view text, const CompileOptions& options = {},
                                const std::string& name = "a.slist") {
    const auto path = folder_.write("source", text);
    SAFELIGHT_TRY(const FileSource file, FileSource::open(AT_FDCWD, path.c_str()));
    const ListInput input{file, "source.csv"};
    return compile_list(std::span(&input, 1), options, folder_.path() / name);
  }
  Result<CompiledList> open(const std::string& name = "a.slist") {
    return CompiledList::open(folder_.path() / name, "a");
  }

  ScratchFolder folder_;
};

TEST_F(CompiledListTest, HoldsWhatTheSourceSaid) {
  CompileOptions options;
  ASSERT_TRUE(options.mapping.set_from_text("1=known"));
  ASSERT_TRUE(options.mapping.set_from_text("9=ordinary"));
  options.default_disposition = Disposition::unknown;
  options.pdq_mode = PdqMode::full;
  const auto report = compile(sample_list(), options);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->merged, 1u);
  EXPECT_EQ(report->imports[0].refused_total(), 1u);

  const auto list = open();
  ASSERT_TRUE(list);
  const CompiledListInfo& info = list->info();
  EXPECT_EQ(info.entries, 4u);
  EXPECT_EQ(info.md5, 3u);
  EXPECT_EQ(info.sha1, 2u);
  EXPECT_EQ(info.sha256, 1u);
  EXPECT_EQ(info.pdq, 2u);
  EXPECT_EQ(info.photodna, 1u);
  EXPECT_EQ(info.merged, 1u);
  EXPECT_EQ(info.refused, 1u);
  ASSERT_EQ(info.sources.size(), 1u);
  EXPECT_EQ(info.sources[0].name, "source.csv");
  EXPECT_EQ(info.sources[0].bytes, sample_list().size());
  EXPECT_EQ(info.sources[0].format, "icse_csv");
  EXPECT_EQ(info.pdq_mode, PdqMode::full);
  EXPECT_EQ(info.default_disposition, Disposition::unknown);
  EXPECT_EQ(info.mapping, options.mapping);
  EXPECT_EQ(info.categories, (std::vector<ListCategory>{{"", Disposition::unknown, true, 1},
                                                        {"1", Disposition::known, true, 1},
                                                        {"2", Disposition::review, false, 2}}));

  const auto entries = list->find(*parse_hex<Md5>(hex_of(1, 32)));
  ASSERT_EQ(entries.size(), 2u);
  const CompiledEntry first = list->entry(entries[0]);
  EXPECT_EQ(first.entry_id, "A-1");
  EXPECT_EQ(first.category, "1");
  EXPECT_EQ(first.disposition, Disposition::known);
  EXPECT_EQ(first.size_bytes, 100u);
  EXPECT_EQ(first.repeats, 2u);
  EXPECT_EQ(first.source_record, 2u);
  EXPECT_EQ(first.source, "source.csv");
  EXPECT_EQ(first.distributed, Stated::yes);
  EXPECT_EQ(first.victim_identified, Stated::not_stated);
  EXPECT_EQ(list->entry(entries[1]).entry_id, "A-5");
  EXPECT_EQ(list->find(*parse_hex<Sha1>(hex_of(2, 40))).size(), 1u);
  EXPECT_EQ(list->find(*parse_hex<Sha256>(hex_of(3, 64))).size(), 1u);
  EXPECT_TRUE(list->find(*parse_hex<Md5>(hex_of(77, 32))).empty());

  ASSERT_EQ(list->fingerprint_rows(), 2u);
  EXPECT_EQ(to_hex(list->fingerprint(1)), hex_of(7, 64));
  EXPECT_EQ(list->entry(list->entry_of_row(1)).entry_id, "A-3");

  const auto unnamed = list->find(*parse_hex<Md5>(hex_of(5, 32)));
  ASSERT_EQ(unnamed.size(), 1u);
  EXPECT_EQ(list->entry(unnamed[0]).entry_id, "line 3");
  EXPECT_EQ(list->entry(unnamed[0]).source_record, 3u);
  EXPECT_EQ(list->photodna(unnamed[0]).size(), kPhotoDnaBytes);
  EXPECT_TRUE(list->photodna(entries[0]).empty());
}

TEST_F(CompiledListTest, IsReadableByItsOwnerAloneAndLeavesNothingBeside) {
  ASSERT_TRUE(compile(sample_list()));
  struct stat status {};
  ASSERT_EQ(::stat((folder_.path() / "a.slist").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  size_t files = 0;
  for ([[maybe_unused]] const auto& file : std::filesystem::directory_iterator(folder_.path())) {
    ++files;
  }
  EXPECT_EQ(files, 2u);
}

TEST_F(CompiledListTest, TheSameInputGivesTheSameBytesWhateverTheMemory) {
  std::string text;
  for (uint64_t i = 0; i < 3'000; ++i) {
    text +=
        hex_of(i % 2'500, 32) + "," + hex_of(i % 2'500, 40) + "," + std::to_string(i % 5) + "\n";
  }
  ASSERT_TRUE(compile(text, {}, "a.slist"));
  CompileOptions small;
  small.sort_memory_bytes = 4'096;
  const auto report = compile(text, small, "b.slist");
  ASSERT_TRUE(report);
  EXPECT_GT(report->merged, 0u);
  EXPECT_EQ(ScratchFolder::read(folder_.path() / "a.slist"),
            ScratchFolder::read(folder_.path() / "b.slist"));
}

TEST_F(CompiledListTest, EveryEntryOfAListIsFoundAgain) {
  std::string text = "md5,sha1,sha256,pdq\n";
  constexpr uint64_t kEntries = 2'000;
  for (uint64_t i = 0; i < kEntries; ++i) {
    text += hex_of(i, 32) + "," + hex_of(i, 40) + "," + hex_of(i, 64) + "," +
            hex_of(i + 9'000, 64) + "\n";
  }
  ASSERT_TRUE(compile(text));
  const auto list = open();
  ASSERT_TRUE(list);
  ASSERT_EQ(list->info().entries, kEntries);
  for (uint32_t i = 0; i < kEntries; ++i) {
    ASSERT_EQ(list->find(*parse_hex<Md5>(hex_of(i, 32))).size(), 1u);
    ASSERT_EQ(list->find(*parse_hex<Md5>(hex_of(i, 32)))[0], i);
    ASSERT_EQ(list->find(*parse_hex<Sha1>(hex_of(i, 40)))[0], i);
    ASSERT_EQ(list->find(*parse_hex<Sha256>(hex_of(i, 64)))[0], i);
    ASSERT_EQ(to_hex(list->fingerprint(i)), hex_of(i + 9'000, 64));
    ASSERT_EQ(list->entry(i).entry_id, "line " + std::to_string(i + 2));
  }
}

TEST_F(CompiledListTest, AnEmptyListAndAListOfOne) {
  ASSERT_TRUE(compile(""));
  const auto empty = open();
  ASSERT_TRUE(empty);
  EXPECT_EQ(empty->info().entries, 0u);
  EXPECT_TRUE(empty->find(Md5{}).empty());
  EXPECT_EQ(empty->fingerprint_rows(), 0u);
  ASSERT_TRUE(compile("pdq\n" + hex_of(1, 64)));
  const auto one = open();
  ASSERT_TRUE(one);
  EXPECT_EQ(one->fingerprint_rows(), 1u);
}

TEST_F(CompiledListTest, AnImportThatFailsLeavesTheOldListInPlace) {
  const auto before = compile(sample_list());
  ASSERT_TRUE(before);
  EXPECT_FALSE(compile(R"({"value":[{"MD5":")"));
  const auto list = open();
  ASSERT_TRUE(list);
  EXPECT_EQ(list->content_id(), before->info.content_id);
}

TEST_F(CompiledListTest, TheContentIdIsTheSha256ThatEndsTheFile) {
  const auto report = compile(sample_list());
  ASSERT_TRUE(report);
  const std::string bytes = ScratchFolder::read(folder_.path() / "a.slist");
  Sha256Stream hash;
  hash.update(std::as_bytes(std::span(bytes).first(bytes.size() - lists::kChecksumBytes)));
  EXPECT_EQ(hash.digest(), report->info.content_id);
  EXPECT_EQ(open()->content_id(), report->info.content_id);
  Sha256Stream source;
  const std::string text = sample_list();
  source.update(std::as_bytes(std::span(text)));
  EXPECT_EQ(source.digest(), report->info.sources[0].sha256);
}

TEST_F(CompiledListTest, TheWorkedExampleOfTheFormatHasNotChanged) {
  const auto path = folder_.write("source",
                                  "md5,category\nd41d8cd98f00b204e9800998ecf8427e,9\n"
                                  "00112233445566778899aabbccddeeff,1\n");
  const auto file = FileSource::open(AT_FDCWD, path.c_str());
  ASSERT_TRUE(file);
  const ListInput input{*file, "source"};
  const auto report =
      compile_list(std::span(&input, 1), CompileOptions{}, folder_.path() / "a.slist");
  ASSERT_TRUE(report);
  EXPECT_EQ(to_hex(report->info.content_id),
            "cb8e22dddb1f7b5413710dd030f86c3d706805a54206cd5b268ddcd5b4859296");
}

TEST_F(CompiledListTest, SeveralSourcesAreOneListAndEachEntryKnowsItsOwn) {
  const auto first_path = folder_.write("first", hex_of(1, 32) + "\n" + hex_of(2, 32) + "\n");
  const auto second_path =
      folder_.write("second", R"({"value":[{"MD5":")" + hex_of(2, 32) + R"("},{"MD5":")" +
                                  hex_of(3, 32) + R"("}]})");
  const auto first = FileSource::open(AT_FDCWD, first_path.c_str());
  const auto second = FileSource::open(AT_FDCWD, second_path.c_str());
  ASSERT_TRUE(first && second);
  const std::array inputs = {ListInput{*first, "first"}, ListInput{*second, "second"}};
  const auto report = compile_list(inputs, CompileOptions{}, folder_.path() / "a.slist");
  ASSERT_TRUE(report);
  EXPECT_EQ(report->imports.size(), 2u);
  EXPECT_EQ(report->merged, 1u);
  const auto list = open();
  ASSERT_TRUE(list);
  ASSERT_EQ(list->info().sources.size(), 2u);
  EXPECT_EQ(list->info().sources[1].format, "vics_json");
  const auto third = list->find(*parse_hex<Md5>(hex_of(3, 32)));
  ASSERT_EQ(third.size(), 1u);
  EXPECT_EQ(list->entry(third[0]).source, "second");
  EXPECT_EQ(list->entry(third[0]).entry_id, "record 2");
  EXPECT_EQ(list->entry(list->find(*parse_hex<Md5>(hex_of(2, 32)))[0]).entry_id, "line 2");
}

TEST_F(CompiledListTest, ManyFingerprintsGetAMultiIndexThatFindsTheSame) {
  // choose_index() decides; a list this large is of the other kind.
  std::string text = "pdq\n";
  constexpr uint64_t kRows = 150'001;
  for (uint64_t i = 0; i < kRows; ++i) text += hex_of(i, 64) + "\n";
  ASSERT_TRUE(compile(text));
  const auto list = open();
  ASSERT_TRUE(list);
  EXPECT_EQ(list->info().index_kind, IndexKind::multi);
  ASSERT_EQ(list->fingerprint_rows(), kRows);
  std::vector<Fingerprint> queries;
  for (uint64_t i = 0; i < 64; ++i) {
    queries.push_back(*parse_fingerprint(hex_of(i * 2'000, 64)));
    queries.back().words[1] ^= 0x5555;
  }
  Matches found;
  const std::vector<uint64_t> removed = {1};
  list->search(queries, {}, removed, found);
  for (size_t i = 0; i < queries.size(); ++i) {
    ASSERT_EQ(found.of(i).size(), i == 0 ? 0u : 1u) << i;
    if (i > 0) {
      EXPECT_EQ(found.of(i)[0].entry, i * 2'000);
    }
  }
}

TEST_F(CompiledListTest, RowsThatAreRemovedAreNeitherFoundNorCountedByAFlatIndex) {
  std::string text = "pdq\n";
  Fingerprint row = *parse_fingerprint(hex_of(1, 64));
  for (uint64_t i = 0; i < 20; ++i) {
    text += to_hex(row) + "\n";
    row.words[i / 10] ^= uint64_t{1} << (i % 10);
  }
  ASSERT_TRUE(compile(text));
  const auto list = open();
  const Fingerprint query = *parse_fingerprint(hex_of(1, 64));
  const std::vector<uint64_t> removed = {0b1'0000'0000'0000'0101};
  for (const uint32_t limit : {1u, 3u, 18u, 100u}) {
    Matches found;
    list->search(std::span(&query, 1), {.radius_bits = 31, .max_matches_per_query = limit}, removed,
                 found);
    ASSERT_EQ(found.of(0).size(), std::min(limit, 17u));
    EXPECT_EQ(found.cut[0], 17 - std::min(limit, 17u));
    EXPECT_EQ(found.of(0)[0].entry, 1u);
  }
}

TEST_F(CompiledListTest, AFolderThatIsNotThereIsAFault) {
  const auto path = folder_.write("source", sample_list());
  const auto file = FileSource::open(AT_FDCWD, path.c_str());
  ASSERT_TRUE(file);
  const ListInput input{*file, "s"};
  EXPECT_THROW((void)compile_list(std::span(&input, 1), CompileOptions{},
                                  folder_.path() / "absent" / "a.slist"),
               Fault);
}

class DamagedList : public CompiledListTest {
 protected:
  void SetUp() override {
    ASSERT_TRUE(compile(sample_list()));
    good_ = ScratchFolder::read(folder_.path() / "a.slist");
    CompiledListInfo info;
    uint64_t sum = 0;
    ASSERT_TRUE(lists::decode_header(std::as_bytes(std::span(good_)), info, places_, sum));
  }
  Error error_of(const std::string& bytes) {
    const auto list = CompiledList::open(lists::memory_file(bytes), "b");
    return list ? Error{ErrorCode::not_found, "opened"} : list.error();
  }
  std::string damaged(uint64_t offset, std::string_view bytes) {
    std::string text = good_;
    return text.replace(offset, bytes.size(), bytes);
  }
  /// Of bytes whose sums fit: of one field, the error at opening; of another, that of verify().
  Error error_with(uint64_t offset, std::string_view bytes) {
    return error_of(lists::reseal(damaged(offset, bytes)));
  }
  Error verify_error_with(uint64_t offset, std::string_view bytes) {
    const auto list =
        CompiledList::open(lists::memory_file(lists::reseal(damaged(offset, bytes))), "b");
    if (!list) return Error{ErrorCode::not_found, "not opened"};
    const auto verified = list->verify();
    return verified ? Error{ErrorCode::not_found, "verified"} : verified.error();
  }
  uint64_t offset_of(Section section) const {
    return places_[static_cast<size_t>(section)].offset_bytes;
  }

  std::string good_;
  lists::SectionPlaces places_;
};

TEST_F(DamagedList, EveryTruncationIsRefused) {
  for (size_t length = 0; length < good_.size(); ++length) {
    const Error error = error_of(good_.substr(0, length));
    ASSERT_EQ(error.code, ErrorCode::truncated) << length << ' ' << error.rule;
  }
}

TEST_F(DamagedList, AFlippedByteIsRefusedAtOpeningOrAFaultWhereItIsTouchedAndDoesNotVerify) {
  for (size_t i = 0; i < good_.size(); ++i) {
    std::string flipped = good_;
    flipped[i] = static_cast<char>(flipped[i] ^ 0x10);
    const auto list = CompiledList::open(lists::memory_file(flipped), "b");
    // The whole body of this list is one block, and its small tables are in it.
    const bool in_checksum = i >= good_.size() - lists::kChecksumBytes;
    const uint64_t sums_end = offset_of(Section::block_sums) + 8;
    const bool in_padding = i >= sums_end && !in_checksum;
    if (!in_checksum && !in_padding) {
      ASSERT_FALSE(list) << i;
      continue;
    }
    ASSERT_TRUE(list) << i;
    ASSERT_EQ(list->verify().error(),
              Error::at(ErrorCode::integrity_mismatch, "compiled-list.checksum",
                        good_.size() - lists::kChecksumBytes))
        << i;
  }
}

TEST_F(CompiledListTest, ADamagedBlockIsAFaultWhereItIsTouchedAndNowhereElse) {
  std::string text;
  for (uint64_t i = 0; i < 20'000; ++i) text += hex_of(i, 32) + "," + hex_of(i, 64) + ",\n";
  text.insert(0, "md5,pdq,category\n");
  ASSERT_TRUE(compile(text));
  const std::string good = ScratchFolder::read(folder_.path() / "a.slist");
  CompiledListInfo info;
  lists::SectionPlaces places;
  uint64_t sum = 0;
  ASSERT_TRUE(lists::decode_header(std::as_bytes(std::span(good)), info, places, sum));
  const auto with_damage_in = [&](Section section, uint64_t offset) {
    std::string bytes = good;
    bytes[places[static_cast<size_t>(section)].offset_bytes + offset] ^= 1;
    auto list = CompiledList::open(lists::memory_file(bytes), "b");
    EXPECT_TRUE(list);
    EXPECT_EQ(list->verify().error().code, ErrorCode::integrity_mismatch);
    return std::move(*list);
  };
  {
    const CompiledList list = with_damage_in(Section::entries, 15'000 * 32);
    EXPECT_THROW((void)list.entry(15'000), Fault);
    EXPECT_NO_THROW((void)list.entry(3));
  }
  {
    // The last of the digests.
    const uint64_t end = places[static_cast<size_t>(Section::md5)].length_bytes;
    const CompiledList list = with_damage_in(Section::md5, end - 20'000 * 4 - 64 - 1);
    size_t faults = 0;
    for (uint64_t i = 0; i < 20'000; ++i) {
      try {
        EXPECT_EQ(list.find(*parse_hex<Md5>(hex_of(i, 32))).size(), 1u);
      } catch (const Fault&) {
        ++faults;
      }
    }
    EXPECT_GT(faults, 0u);
    EXPECT_LT(faults, 10'000u);
  }
  {
    // What removes entries lies behind, and is read when the list is opened.
    const CompiledList list = with_damage_in(Section::fingerprint_entries, 4);
    EXPECT_THROW((void)list.entry_of_row(1), Fault);
    EXPECT_EQ(list.entry_of_row(19'999), 19'999u);
  }
  {
    const CompiledList list = with_damage_in(Section::fingerprints, 70'000);
    Matches found;
    const Fingerprint query{};
    EXPECT_THROW(list.search(std::span(&query, 1), {}, {}, found), Fault);
  }
}

TEST_F(DamagedList, EachFieldIsRefusedAtItsOffset) {
  using namespace std::string_view_literals;
  EXPECT_EQ(error_with(0, "X"), Error::at(ErrorCode::malformed, "compiled-list.magic", 0));
  EXPECT_EQ(error_with(8, "\x01"), Error::at(ErrorCode::unsupported, "compiled-list.version", 8));
  EXPECT_EQ(error_with(12, "\x0b"), Error::at(ErrorCode::malformed, "compiled-list.sections", 12));
  EXPECT_EQ(error_with(8, "\x00\x00\x00\x03"sv),
            Error::at(ErrorCode::unsupported, "compiled-list.byte-order", 8));
  EXPECT_EQ(error_with(8, "\x04"), Error::at(ErrorCode::unsupported, "compiled-list.version", 8));
  EXPECT_EQ(error_with(16, "\x02"), Error::at(ErrorCode::malformed, "compiled-list.pdq-mode", 16));
  EXPECT_EQ(error_with(17, "\x04"),
            Error::at(ErrorCode::malformed, "compiled-list.disposition", 17));
  EXPECT_EQ(error_with(18, "\x02"),
            Error::at(ErrorCode::malformed, "compiled-list.index-kind", 18));
  EXPECT_EQ(error_with(24, "\x40\x00"sv).rule, "compiled-list.length");
  EXPECT_EQ(error_with(32, "\xff\xff\xff\xff\xff"),
            Error::at(ErrorCode::limit_exceeded, "compiled-list.entries", 32));
  EXPECT_EQ(error_with(32, "\x09"),
            Error::at(ErrorCode::malformed, "compiled-list.section-length", 128 + 3 * 16 + 8));
  EXPECT_EQ(error_with(128, "\xc0"),
            Error::at(ErrorCode::malformed, "compiled-list.section-place", 128));
  EXPECT_EQ(error_with(128 + 8, "\xff\xff\xff\xff\xff\xff\xff\xff"),
            Error::at(ErrorCode::malformed, "compiled-list.section-place", 128));
  const uint64_t sources = offset_of(Section::sources);
  EXPECT_EQ(error_with(sources, "\xff\xff\xff\xff"),
            Error::at(ErrorCode::limit_exceeded, "compiled-list.sources", sources));
  EXPECT_EQ(error_with(sources + 4, "\xff\xff\xff\xff"),
            Error::at(ErrorCode::truncated, "read past the end", sources + 8));
  const uint64_t removals = offset_of(Section::removals);
  EXPECT_EQ(error_with(removals, "\x01"),
            Error::at(ErrorCode::truncated, "read past the end", removals + 4));
  EXPECT_EQ(error_of(damaged(40, "\x09")),
            Error::at(ErrorCode::integrity_mismatch, "compiled-list.header-sum",
                      lists::kHeaderSumOffset));
  const uint64_t sums = offset_of(Section::block_sums);
  EXPECT_EQ(error_of(damaged(sums, "\x09")),
            Error::at(ErrorCode::integrity_mismatch, "compiled-list.block-sums", sums));
  EXPECT_EQ(error_of(damaged(offset_of(Section::strings), "\x09")),
            Error::at(ErrorCode::integrity_mismatch, "block-check.sum", lists::kHeaderBytes));
}

TEST_F(DamagedList, WhatFitsItsSumsAndRefersToNothingDoesNotVerify) {
  const uint64_t entries = offset_of(Section::entries);
  EXPECT_EQ(verify_error_with(entries + 5, "\x01"),
            Error::at(ErrorCode::malformed, "compiled-list.entry-values", entries));
  EXPECT_EQ(verify_error_with(entries + 6, "\x01"),
            Error::at(ErrorCode::malformed, "compiled-list.source", entries + 6));
  EXPECT_EQ(verify_error_with(entries, "\xff"),
            Error::at(ErrorCode::malformed, "compiled-list.entry-id", entries));
  EXPECT_EQ(verify_error_with(entries + 22, "\x07"),
            Error::at(ErrorCode::malformed, "compiled-list.category", entries + 22));
  const uint64_t numbers = offset_of(Section::fingerprint_entries);
  EXPECT_EQ(verify_error_with(numbers + 4, "\x63"),
            Error::at(ErrorCode::malformed, "compiled-list.entry-number", numbers + 4));
  const uint64_t fingerprints = offset_of(Section::fingerprints);
  EXPECT_EQ(verify_error_with(fingerprints, "\x01\x02\x03").code, ErrorCode::integrity_mismatch);
}

TEST_F(DamagedList, ALookUpThatIsReferredToNothingIsAFault) {
  const auto list = CompiledList::open(
      lists::memory_file(lists::reseal(damaged(offset_of(Section::entries) + 22, "\x07"))), "b");
  ASSERT_TRUE(list);
  EXPECT_THROW((void)list->entry(0), Fault);
  EXPECT_THROW((void)list->disposition(0), Fault);
  EXPECT_NO_THROW((void)list->entry(1));
  EXPECT_THROW((void)list->entry(static_cast<uint32_t>(list->info().entries)), Fault);
}

TEST(CompiledListCompatibility, ListsOfVersions1And2AreRefusedByTheirVersion) {
  for (const std::string version : {"1", "2"}) {
    EXPECT_EQ(
        CompiledList::open("testdata/compat/list_v" + version + "/digests.slist", "x").error(),
        Error::at(ErrorCode::unsupported, "compiled-list.version", 8));
  }
}

TEST(CompiledListCompatibility, AListOfVersion3IsRead) {
  const auto list = CompiledList::open("testdata/compat/list_v3/digests.slist", "x");
  ASSERT_TRUE(list);
  EXPECT_TRUE(list->verify());
  EXPECT_EQ(list->info().entries, 4u);
  EXPECT_EQ(list->entry(0).entry_id, "A-1");
  EXPECT_EQ(list->find(*parse_hex<Md5>(hex_of(1, 32))).size(), 2u);
}

TEST(CompiledListPath, AFileThatIsNotThereIsNotFound) {
  EXPECT_EQ(CompiledList::open("/nonexistent/x.slist", "x").error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace safelight

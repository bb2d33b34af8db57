#include "safelight/lists/compiled_list.h"

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
    return compile_list(file, "source.csv", options, folder_.path() / name);
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
  EXPECT_EQ(report->import.refused_total(), 1u);

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
  EXPECT_EQ(info.source_name, "source.csv");
  EXPECT_EQ(info.source_bytes, sample_list().size());
  EXPECT_EQ(info.format, "icse_csv");
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
  EXPECT_EQ(first.distributed, Stated::yes);
  EXPECT_EQ(first.victim_identified, Stated::not_stated);
  EXPECT_EQ(list->entry(entries[1]).entry_id, "A-5");
  EXPECT_EQ(list->find(*parse_hex<Sha1>(hex_of(2, 40))).size(), 1u);
  EXPECT_EQ(list->find(*parse_hex<Sha256>(hex_of(3, 64))).size(), 1u);
  EXPECT_TRUE(list->find(*parse_hex<Md5>(hex_of(77, 32))).empty());

  ASSERT_EQ(list->fingerprints().size(), 2u);
  EXPECT_EQ(to_hex(list->fingerprints().fingerprint(1)), hex_of(7, 64));
  EXPECT_EQ(list->entry(list->fingerprint_entries()[1]).entry_id, "A-3");

  const auto unnamed = list->find(*parse_hex<Md5>(hex_of(5, 32)));
  ASSERT_EQ(unnamed.size(), 1u);
  EXPECT_EQ(list->entry(unnamed[0]).entry_id, "line 3");
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
    ASSERT_EQ(to_hex(list->fingerprints().fingerprint(i)), hex_of(i + 9'000, 64));
    ASSERT_EQ(list->entry(i).entry_id, "line " + std::to_string(i + 2));
  }
}

TEST_F(CompiledListTest, AnEmptyListAndAListOfOne) {
  ASSERT_TRUE(compile(""));
  const auto empty = open();
  ASSERT_TRUE(empty);
  EXPECT_EQ(empty->info().entries, 0u);
  EXPECT_TRUE(empty->find(Md5{}).empty());
  EXPECT_EQ(empty->fingerprints().size(), 0u);
  ASSERT_TRUE(compile("pdq\n" + hex_of(1, 64)));
  const auto one = open();
  ASSERT_TRUE(one);
  EXPECT_EQ(one->fingerprints().size(), 1u);
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
  EXPECT_EQ(source.digest(), report->info.source_sha256);
}

TEST_F(CompiledListTest, TheWorkedExampleOfTheFormatHasNotChanged) {
  const auto path = folder_.write("source",
                                  "md5,category\nd41d8cd98f00b204e9800998ecf8427e,9\n"
                                  "00112233445566778899aabbccddeeff,1\n");
  const auto file = FileSource::open(AT_FDCWD, path.c_str());
  ASSERT_TRUE(file);
  const auto report = compile_list(*file, "source", CompileOptions{}, folder_.path() / "a.slist");
  ASSERT_TRUE(report);
  EXPECT_EQ(to_hex(report->info.content_id),
            "9e12fcfc3b1c657d39ef5cf3aa4ca335b34e5462f66e907a25454803f236f08a");
}

TEST_F(CompiledListTest, RemappingChangesTheMeaningAndNothingElse) {
  ASSERT_TRUE(compile(sample_list()));
  const auto before = open();
  CategoryMapping mapping;
  mapping.set("2", Disposition::known);
  const auto info = remap_list(*before, mapping, Disposition::ordinary, folder_.path() / "b.slist");
  ASSERT_TRUE(info);
  const auto after = open("b.slist");
  ASSERT_TRUE(after);
  EXPECT_NE(after->content_id(), before->content_id());
  EXPECT_EQ(after->info().mapping, mapping);
  for (uint32_t i = 0; i < after->info().entries; ++i) {
    const CompiledEntry entry = after->entry(i);
    EXPECT_EQ(entry.entry_id, before->entry(i).entry_id);
    EXPECT_EQ(entry.disposition, entry.category.empty() ? Disposition::ordinary
                                                        : mapping.disposition_of(entry.category));
  }
  EXPECT_EQ(after->find(*parse_hex<Md5>(hex_of(1, 32))).size(), 2u);
}

TEST_F(CompiledListTest, AFolderThatIsNotThereIsAFault) {
  const auto path = folder_.write("source", sample_list());
  const auto file = FileSource::open(AT_FDCWD, path.c_str());
  ASSERT_TRUE(file);
  EXPECT_THROW(
      (void)compile_list(*file, "s", CompileOptions{}, folder_.path() / "absent" / "a.slist"),
      Fault);
}

class DamagedList : public CompiledListTest {
 protected:
  void SetUp() override {
    ASSERT_TRUE(compile(sample_list()));
    good_ = ScratchFolder::read(folder_.path() / "a.slist");
    CompiledListInfo info;
    lists::SectionSums sums;
    ASSERT_TRUE(lists::decode_list(std::as_bytes(std::span(good_)), info, places_, sums));
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

TEST_F(DamagedList, AFlippedByteIsRefusedAtOpeningOrIsOutsideAllSectionsAndDoesNotVerify) {
  const auto in_section = [&](size_t i) {
    return std::any_of(places_.begin(), places_.end(), [&](const lists::SectionPlace& place) {
      return i >= place.offset_bytes && i - place.offset_bytes < place.length_bytes;
    });
  };
  for (size_t i = 0; i < good_.size(); ++i) {
    std::string flipped = good_;
    flipped[i] = static_cast<char>(flipped[i] ^ 0x10);
    const auto list = CompiledList::open(lists::memory_file(flipped), "b");
    if (i < lists::kHeaderSumOffset + 8 || in_section(i)) {
      ASSERT_FALSE(list) << i;
    } else {
      ASSERT_TRUE(list) << i;
      ASSERT_EQ(list->verify().error(),
                Error::at(ErrorCode::integrity_mismatch, "compiled-list.checksum",
                          good_.size() - lists::kChecksumBytes))
          << i;
    }
  }
}

TEST_F(DamagedList, EachFieldIsRefusedAtItsOffset) {
  using namespace std::string_view_literals;
  EXPECT_EQ(error_with(0, "X"), Error::at(ErrorCode::malformed, "compiled-list.magic", 0));
  EXPECT_EQ(error_with(8, "\x01"), Error::at(ErrorCode::unsupported, "compiled-list.version", 8));
  EXPECT_EQ(error_with(12, "\x0b"), Error::at(ErrorCode::malformed, "compiled-list.sections", 12));
  EXPECT_EQ(error_with(16, "\x02"), Error::at(ErrorCode::malformed, "compiled-list.pdq-mode", 16));
  EXPECT_EQ(error_with(17, "\x04"),
            Error::at(ErrorCode::malformed, "compiled-list.disposition", 17));
  EXPECT_EQ(error_with(24, "\x40\x00"sv).rule, "compiled-list.length");
  EXPECT_EQ(error_with(32, "\xff\xff\xff\xff\xff"),
            Error::at(ErrorCode::limit_exceeded, "compiled-list.entries", 32));
  EXPECT_EQ(error_with(32, "\x09"),
            Error::at(ErrorCode::malformed, "compiled-list.section-length", 160 + 3 * 16 + 8));
  EXPECT_EQ(error_with(160, "\xc0"),
            Error::at(ErrorCode::malformed, "compiled-list.section-place", 160));
  EXPECT_EQ(error_with(160 + 8, "\xff\xff\xff\xff\xff\xff\xff\xff"),
            Error::at(ErrorCode::malformed, "compiled-list.section-place", 160));
  const uint64_t texts = offset_of(Section::texts);
  EXPECT_EQ(error_with(texts, "\xff\xff\xff\xff"),
            Error::at(ErrorCode::truncated, "read past the end", texts + 4));
  EXPECT_EQ(error_of(damaged(40, "\x09")),
            Error::at(ErrorCode::integrity_mismatch, "compiled-list.header-sum",
                      lists::kHeaderSumOffset));
  const uint64_t strings = offset_of(Section::strings);
  EXPECT_EQ(error_of(damaged(strings, "\x09")),
            Error::at(ErrorCode::integrity_mismatch, "compiled-list.section-sum", strings));
}

TEST_F(DamagedList, WhatFitsItsSumsAndRefersToNothingDoesNotVerify) {
  const uint64_t entries = offset_of(Section::entries);
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

TEST(CompiledListCompatibility, AListOfVersion1IsRefusedByItsVersion) {
  EXPECT_EQ(CompiledList::open("testdata/compat/list_v1/digests.slist", "x").error(),
            Error::at(ErrorCode::unsupported, "compiled-list.version", 8));
}

TEST(CompiledListPath, AFileThatIsNotThereIsNotFound) {
  EXPECT_EQ(CompiledList::open("/nonexistent/x.slist", "x").error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace safelight

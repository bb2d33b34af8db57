#include "safelight/intake/archive_reader.h"

#include <clocale>
#include <cstdlib>
#include <ctime>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "safelight/intake/internal/test_archives.h"

namespace safelight {
namespace {

using namespace intake_internal;
using namespace std::string_literals;
using namespace std::string_view_literals;

struct Reading {
  Result<ArchiveSummary> summary;
  std::vector<CollectingSink::Got> got;
};

Reading read(std::vector<std::byte> bytes, const ArchiveOptions& options = {}) {
  CollectingSink sink;
  auto summary = read_archive(MemorySource(std::move(bytes)), options, sink);
  return {std::move(summary), std::move(sink.got)};
}

std::vector<std::string> names(const Reading& reading) {
  std::vector<std::string> result;
  for (const auto& got : reading.got) result.push_back(got.member.name);
  return result;
}

const std::vector<WrittenMember> kMembers = {
    {"one.txt", "first"}, {"two/empty", ""}, {"three", sample_text(5000, 3)}};

void expect_members(const Reading& reading, ArchiveFormat format) {
  ASSERT_TRUE(reading.summary) << reading.summary.error().rule;
  EXPECT_EQ(reading.summary->format, format);
  EXPECT_FALSE(reading.summary->incomplete) << reading.summary->incomplete->rule;
  EXPECT_EQ(reading.summary->failed_members, 0u);
  EXPECT_EQ(reading.summary->members, kMembers.size());
  EXPECT_EQ(reading.summary->expanded_bytes, 5005u);
  ASSERT_EQ(reading.got.size(), kMembers.size());
  for (const auto& expected : kMembers) {
    // 7z puts empty files last.
    const auto got = std::find_if(reading.got.begin(), reading.got.end(),
                                  [&](const auto& g) { return g.member.name == expected.name; });
    ASSERT_NE(got, reading.got.end()) << expected.name;
    EXPECT_EQ(got->content, expected.content);
    EXPECT_EQ(got->member.kind, MemberKind::file);
    EXPECT_FALSE(got->error);
    EXPECT_FALSE(got->member.encrypted);
    EXPECT_EQ(got->member.modified_ns, 1'700'000'000'000'000'000);
    EXPECT_EQ(got->member.zone, TimeZoneKnown::utc);
  }
}

TEST(ArchiveReader, ReadsZipTarAndSevenZip) {
  expect_members(read(write_archive("zip", "", kMembers)), ArchiveFormat::zip);
  expect_members(read(write_archive("ustar", "", kMembers)), ArchiveFormat::tar);
  expect_members(read(write_archive("gnutar", "", kMembers)), ArchiveFormat::tar);
  expect_members(read(write_archive("pax", "", kMembers)), ArchiveFormat::tar);
  for (const auto* method : {"lzma1", "lzma2", "bzip2", "deflate", "ppmd", "copy"}) {
    const auto options = "7zip:compression="s + method;
    expect_members(read(write_archive("7zip", "", kMembers, options.c_str())),
                   ArchiveFormat::seven_zip);
  }
}

TEST(ArchiveReader, ReadsTarInEveryCompression) {
  for (const auto* filter : {"gzip", "bzip2", "xz", "zstd", "lz4"})
    expect_members(read(write_archive("ustar", filter, kMembers)), ArchiveFormat::compressed_tar);
}

TEST(ArchiveReader, ACompressedFileIsOneMember) {
  const auto text = sample_text(100'000, 1);
  for (const auto* filter : {"gzip", "bzip2", "xz", "zstd", "lz4"}) {
    const auto reading = read(write_archive("raw", filter, {{"x", text}}));
    ASSERT_TRUE(reading.summary) << filter;
    EXPECT_EQ(reading.summary->format, ArchiveFormat::compressed_file);
    ASSERT_EQ(reading.got.size(), 1u);
    EXPECT_EQ(reading.got[0].content, text);
    EXPECT_EQ(reading.got[0].member.name, "");
    EXPECT_FALSE(reading.got[0].error);
  }
}

TEST(ArchiveReader, ACompressedEmptyFileIsOneEmptyMember) {
  // What "gzip < /dev/null" writes.
  const auto reading = read(to_bytes(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00"s));
  ASSERT_TRUE(reading.summary);
  ASSERT_EQ(reading.got.size(), 1u);
  EXPECT_TRUE(reading.got[0].ended);
  EXPECT_EQ(reading.got[0].content, "");
}

TEST(ArchiveReader, CompressedZerosAreAFileAndNotATarWithoutMembers) {
  const std::string zeros(5000, '\0');
  const auto reading = read(write_archive("raw", "gzip", {{"x", zeros}}));
  ASSERT_TRUE(reading.summary);
  EXPECT_EQ(reading.summary->format, ArchiveFormat::compressed_file);
  ASSERT_EQ(reading.got.size(), 1u);
  EXPECT_EQ(reading.got[0].content, zeros);
}

TEST(ArchiveReader, AGzipNamesItsFileAndItsTime) {
  ByteWriter gzip;
  gzip.text("\x1f\x8b\x08\x08\x00\x00\x00\x01\x00\x03"sv);  // with a name, at 0x01000000
  gzip.text("caf\xe9.txt\0"sv);
  gzip.text("\x01\x03\x00\xfc\xff"sv);  // a last, stored block of 3 bytes
  gzip.text("abc");
  gzip.u32_le(crc32_of(to_bytes("abc")));
  gzip.u32_le(3);
  const auto reading = read(std::move(gzip).take());
  ASSERT_TRUE(reading.summary);
  ASSERT_EQ(reading.got.size(), 1u);
  EXPECT_EQ(reading.got[0].member.name, "caf\xe9.txt");
  EXPECT_EQ(reading.got[0].member.modified_ns, 0x01000000 * 1'000'000'000ll);
  EXPECT_EQ(reading.got[0].member.zone, TimeZoneKnown::utc);
  EXPECT_EQ(reading.got[0].content, "abc");
}

TEST(ArchiveReader, ReadsRar5WithItsNamesInUtf8) {
  const std::string name = "cafe\xcc\x81/\xe6\x97\xa5";
  const auto reading = read(make_rar5(name, "content", 1'700'000'000));
  ASSERT_TRUE(reading.summary);
  EXPECT_EQ(reading.summary->format, ArchiveFormat::rar5);
  EXPECT_FALSE(reading.summary->incomplete);
  ASSERT_EQ(reading.got.size(), 1u);
  EXPECT_EQ(reading.got[0].member.name, name);
  EXPECT_EQ(reading.got[0].content, "content");
  EXPECT_EQ(reading.got[0].member.modified_ns, 1'700'000'000'000'000'000);
  EXPECT_EQ(reading.got[0].member.zone, TimeZoneKnown::utc);
}

TEST(ArchiveReader, ReadsRar4WithItsTimesLocal) {
  const auto reading = read(make_rar4("dir\\caf\xe9", "content", 0x58216000));
  ASSERT_TRUE(reading.summary);
  EXPECT_EQ(reading.summary->format, ArchiveFormat::rar);
  EXPECT_FALSE(reading.summary->incomplete);
  ASSERT_EQ(reading.got.size(), 1u);
  EXPECT_EQ(reading.got[0].member.name, "dir/caf\xe9");
  EXPECT_EQ(reading.got[0].content, "content");
  EXPECT_EQ(reading.got[0].member.modified_ns, 1'704'110'400'000'000'000);
  EXPECT_EQ(reading.got[0].member.zone, TimeZoneKnown::local);
}

TEST(ArchiveReader, AZipInsideAZipIsAMember) {
  const auto inner = make_zip({{"inner.txt", "text"}});
  const std::string content(reinterpret_cast<const char*>(inner.data()), inner.size());
  const auto reading = read(make_zip({{"a.zip", content}, {"b", "b"}}));
  EXPECT_THAT(names(reading), testing::ElementsAre("a.zip", "b"));
  EXPECT_EQ(reading.got[0].content, content);
}

TEST(ArchiveReader, AZipInsideAGzipIsASingleMember) {
  const auto inner = make_zip({{"inner.txt", "text"}});
  const std::string content(reinterpret_cast<const char*>(inner.data()), inner.size());
  const auto reading = read(write_archive("raw", "gzip", {{"x", content}}));
  ASSERT_EQ(reading.got.size(), 1u);
  EXPECT_EQ(reading.got[0].content, content);
}

TEST(ArchiveReader, NamesKeepTheBytesThatAreStored) {
  constexpr uint16_t kUtf8 = 1 << 11;
  const std::string decomposed = "cafe\xcc\x81";
  const std::string latin1 = "caf\xe9";
  const auto zip = read(make_zip({{latin1, "1"},
                                  {decomposed, "2"},
                                  {decomposed, "3", kUtf8},
                                  {latin1, "4", kUtf8},
                                  {"a\\b", "5"},
                                  {"nul\0hidden"s, "6"},
                                  {"", "7"}}));
  ASSERT_TRUE(zip.summary);
  EXPECT_THAT(names(zip), testing::ElementsAre(latin1, decomposed, decomposed, latin1, "a\\b",
                                               "nul\0hidden"s, ""));
  EXPECT_TRUE(zip.got[5].member.unsafe_path);
  for (size_t i = 0; i < zip.got.size(); ++i) {
    EXPECT_EQ(zip.got[i].content, std::to_string(i + 1));
    EXPECT_FALSE(zip.got[i].error);
  }
  for (const auto* format : {"ustar", "gnutar", "pax"}) {
    std::string long_name(150, 'x');
    long_name += "/" + latin1;
    const auto tar =
        read(write_archive(format, "", {{latin1, "1"}, {decomposed, "2"}, {long_name, "3"}},
                           format == "pax"s ? "hdrcharset=BINARY" : nullptr));
    EXPECT_THAT(names(tar), testing::ElementsAre(latin1, decomposed, long_name)) << format;
  }
}

TEST(ArchiveReader, ThePaxNameStaysAsItIsWhateverItsForm) {
  // "path" records written by hand, since libarchive composes names on writing.
  const auto with_path = [](const std::string& path) {
    const std::string record = " path=" + path + "\n";
    auto size = std::to_string(record.size() + 2);
    return size + record;
  };
  for (const std::string name : {"cafe\xcc\x81", "caf\xc3\xa9", "\xe6\x97\xa5"}) {
    auto tar = write_archive("ustar", "", {{"h", with_path(name)}, {"plain", "content"}});
    const auto type = std::byte{'x'};
    tar[156] = type;
    int sum = 0;
    for (size_t i = 0; i < 512; ++i)
      sum += i >= 148 && i < 156 ? ' ' : std::to_integer<int>(tar[i]);
    char text[8];
    std::snprintf(text, sizeof text, "%06o", sum);
    for (size_t i = 0; i < 7; ++i) tar[148 + i] = static_cast<std::byte>(text[i]);
    tar[155] = std::byte{' '};
    const auto reading = read(tar);
    EXPECT_THAT(names(reading), testing::ElementsAre(name));
  }
}

TEST(ArchiveReader, SevenZipNamesAreUtf8) {
  ASSERT_STREQ(std::setlocale(LC_CTYPE, nullptr), "C");
  const std::string name = "caf\xc3\xa9/\xe6\x97\xa5\xe6\x9c\xac";
  std::vector<std::byte> archive;
  {
    // The writer turns names to UTF-16 by the locale.
    std::setlocale(LC_CTYPE, "C.UTF-8");
    archive = write_archive("7zip", "", {{name, "content"}});
    std::setlocale(LC_CTYPE, "C");
  }
  EXPECT_THAT(names(read(archive)), testing::ElementsAre(name));
}

TEST(ArchiveReader, PathTricksAreOnlyNames) {
  const auto reading = read(make_zip({{"../up", "1"},
                                      {"/abs", "2"},
                                      {"a/../../b", "3"},
                                      {"C:\\x", "4"},
                                      {"..\\up", "5"},
                                      {"ok/..b/c..", "6"},
                                      {"a/..", "7"}}));
  std::vector<bool> unsafe;
  for (const auto& got : reading.got) unsafe.push_back(got.member.unsafe_path);
  EXPECT_THAT(unsafe, testing::ElementsAre(true, true, true, true, true, false, true));
  EXPECT_EQ(reading.got[0].member.name, "../up");
}

TEST(ArchiveReader, ANameOverItsLimitIsCutAndSaysSo) {
  ArchiveOptions options;
  options.limits.max_name_bytes = 10;
  const auto reading = read(make_zip({{"0123456789", "1"}, {"0123456789a", "2"}}), options);
  EXPECT_THAT(names(reading), testing::ElementsAre("0123456789", "0123456789"));
  EXPECT_FALSE(reading.got[0].member.name_cut);
  EXPECT_TRUE(reading.got[1].member.name_cut);
}

TEST(ArchiveReader, ADosTimeIsLocalWhateverTheZoneOfThisProcess) {
  for (const char* zone : {"UTC0", "EST5EDT", "NZST-12NZDT"}) {
    ::setenv("TZ", zone, 1);
    ::tzset();
    const auto reading = read(make_zip({{"a", "1"}}));
    EXPECT_EQ(reading.got[0].member.zone, TimeZoneKnown::local);
    EXPECT_EQ(reading.got[0].member.modified_ns, 1'704'110'400'000'000'000) << zone;
  }
  ::unsetenv("TZ");
  ::tzset();
}

TEST(ArchiveReader, OffsetsPointAtTheHeaders) {
  const auto zip = make_zip({{"a", "12345"}, {"b", "1"}});
  const auto reading = read(zip);
  EXPECT_EQ(reading.got[0].member.offset_bytes, 0u);
  EXPECT_EQ(reading.got[1].member.offset_bytes, 36u);
  EXPECT_EQ(reading.got[1].member.offset_kind, OffsetKind::exact);
  const auto tar = read(write_archive("ustar", "gzip", kMembers));
  EXPECT_EQ(tar.got[1].member.offset_bytes, 1024u);
  EXPECT_EQ(tar.got[2].member.offset_bytes, 1536u);
}

TEST(ArchiveReader, MembersThatAreSkippedEndWithoutContent) {
  for (const auto* format : {"zip", "ustar", "7zip"}) {
    CollectingSink sink;
    sink.action = MemberAction::skip;
    const auto summary =
        read_archive(MemorySource(write_archive(format, "", kMembers)), ArchiveOptions{}, sink);
    ASSERT_TRUE(summary);
    EXPECT_FALSE(summary->incomplete) << format;
    ASSERT_EQ(sink.got.size(), 3u);
    for (const auto& got : sink.got) {
      EXPECT_TRUE(got.ended);
      EXPECT_EQ(got.content, "");
    }
  }
}

TEST(ArchiveReader, TheSinkMayStop) {
  CollectingSink sink;
  sink.action = MemberAction::stop;
  const auto summary =
      read_archive(MemorySource(write_archive("zip", "", kMembers)), ArchiveOptions{}, sink);
  ASSERT_TRUE(summary);
  EXPECT_TRUE(summary->stopped_by_sink);
  ASSERT_EQ(sink.got.size(), 1u);
  EXPECT_FALSE(sink.got[0].ended);
}

TEST(ArchiveReader, AMemberOverItsLimitIsCutAndTheRestGoesOn) {
  ArchiveOptions options;
  options.limits.max_member_bytes = 1000;
  const std::vector<WrittenMember> members = {
      {"a", "short"}, {"b", sample_text(200'000, 9)}, {"c", "after"}, {"d", sample_text(1000, 1)}};
  for (const auto* format : {"zip", "ustar", "7zip"}) {
    const auto reading = read(write_archive(format, "", members), options);
    ASSERT_TRUE(reading.summary) << format;
    EXPECT_FALSE(reading.summary->incomplete);
    EXPECT_EQ(reading.summary->failed_members, 1u);
    ASSERT_EQ(reading.got.size(), 4u);
    EXPECT_EQ(reading.got[1].content, members[1].content.substr(0, 1000));
    EXPECT_EQ(reading.got[1].error->code, ErrorCode::limit_exceeded);
    EXPECT_EQ(reading.got[1].error->rule, "max_member_bytes");
    EXPECT_EQ(reading.got[2].content, "after");
    EXPECT_EQ(reading.got[3].content.size(), 1000u);
    EXPECT_FALSE(reading.got[3].error);
  }
}

TEST(ArchiveReader, TooManyMembersStopTheArchive) {
  ArchiveOptions options;
  options.limits.max_archive_members = 2;
  const auto reading = read(make_zip({{"a", ""}, {"b", ""}, {"c", ""}}), options);
  ASSERT_TRUE(reading.summary);
  EXPECT_EQ(reading.got.size(), 2u);
  EXPECT_EQ(reading.summary->incomplete->code, ErrorCode::limit_exceeded);
  EXPECT_EQ(reading.summary->incomplete->rule, "max_archive_members");
  options.limits.max_archive_members = 3;
  EXPECT_FALSE(read(make_zip({{"a", ""}, {"b", ""}, {"c", ""}}), options).summary->incomplete);
}

TEST(ArchiveReader, TooManyBytesStopTheArchive) {
  ArchiveOptions options;
  options.limits.max_archive_bytes = 100;
  const auto reading = read(
      make_zip({{"a", std::string(60, 'a')}, {"b", std::string(60, 'b')}, {"c", "c"}}), options);
  ASSERT_TRUE(reading.summary);
  ASSERT_EQ(reading.got.size(), 2u);
  EXPECT_EQ(reading.got[1].content, std::string(40, 'b'));
  EXPECT_EQ(reading.got[1].error->rule, "max_archive_bytes");
  EXPECT_TRUE(reading.got[1].ended);
  EXPECT_EQ(reading.summary->incomplete->rule, "max_archive_bytes");
}

TEST(ArchiveReader, ABombIsStoppedByItsRatio) {
  const std::string zeros(20u << 20, '\0');
  for (const auto* format : {"zip", "7zip"}) {
    const auto bomb = write_archive(format, "", {{"a", "first"}, {"zeros", zeros}, {"z", "last"}});
    ASSERT_LT(bomb.size(), 40'000u);
    ArchiveOptions options;
    EXPECT_FALSE(read(bomb, options).summary->incomplete) << "32 MiB are free";
    options.free_expansion_bytes = 1 << 20;
    options.limits.max_expansion_ratio = 100;
    const auto reading = read(bomb, options);
    ASSERT_TRUE(reading.summary);
    EXPECT_EQ(reading.summary->incomplete->code, ErrorCode::limit_exceeded);
    EXPECT_EQ(reading.summary->incomplete->rule, "max_expansion_ratio");
    EXPECT_LE(reading.summary->expanded_bytes, std::max<uint64_t>(1 << 20, 100 * bomb.size()));
    EXPECT_EQ(reading.got[0].content, "first");
    EXPECT_EQ(reading.got.size(), 2u);
  }
}

TEST(ArchiveReader, APasswordOpensEncryptedMembers) {
  for (const auto* method : {"zip:encryption=zipcrypt", "zip:encryption=aes256"}) {
    const auto archive = write_archive("zip", "", kMembers, method, "right");
    ArchiveOptions options;
    auto reading = read(archive, options);
    ASSERT_TRUE(reading.summary);
    ASSERT_EQ(reading.got.size(), 3u);
    EXPECT_TRUE(reading.got[0].member.encrypted);
    EXPECT_EQ(reading.got[0].error->code, ErrorCode::encrypted);
    EXPECT_EQ(reading.got[0].content, "");
    options.passwords = {"wrong"};
    EXPECT_EQ(read(archive, options).got[2].error->code, ErrorCode::encrypted);
    options.passwords = {"", "wrong", "right", "also wrong"};
    reading = read(archive, options);
    ASSERT_EQ(reading.got.size(), 3u);
    for (size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(reading.got[i].content, kMembers[i].content) << method;
      EXPECT_FALSE(reading.got[i].error) << method;
      EXPECT_EQ(reading.got[i].member.ordinal, i);
    }
  }
}

TEST(ArchiveReader, AWrongPasswordThatTheOldCipherTakesIsPassedOver) {
  // Among 2,000 wrong passwords some eight pass the cipher's check of one byte.
  const auto archive = write_archive("zip", "", kMembers, "zip:encryption=zipcrypt", "right");
  ArchiveOptions options;
  for (int i = 0; i < 2000; ++i) options.passwords.push_back("wrong" + std::to_string(i));
  options.passwords.push_back("right");
  const auto reading = read(archive, options);
  ASSERT_EQ(reading.got.size(), 3u);
  EXPECT_EQ(reading.got[2].content, kMembers[2].content);
  EXPECT_FALSE(reading.got[2].error);
}

TEST(ArchiveReader, DamagedContentFailsItsMemberAndTheRestGoesOn) {
  auto archive =
      write_archive("zip", "", {{"a", "first"}, {"b", sample_text(20'000, 5)}, {"c", "last"}});
  const auto middle = archive.begin() + static_cast<ptrdiff_t>(archive.size() / 2);
  std::fill(middle, middle + 200, std::byte{0xff});
  const auto reading = read(archive);
  ASSERT_TRUE(reading.summary);
  EXPECT_EQ(reading.summary->failed_members, 1u);
  ASSERT_EQ(reading.got.size(), 3u);
  EXPECT_EQ(reading.got[0].content, "first");
  EXPECT_TRUE(reading.got[1].error);
  EXPECT_EQ(reading.got[1].error->offset_kind, OffsetKind::approximate);
  EXPECT_EQ(reading.got[2].content, "last");
  EXPECT_FALSE(reading.got[2].error);
}

TEST(ArchiveReader, AWrongChecksumIsAnIntegrityMismatch) {
  auto archive = make_zip({{"a", "content"}, {"b", "other"}});
  archive[31] = std::byte{'X'};
  const auto reading = read(archive);
  ASSERT_EQ(reading.got.size(), 2u);
  EXPECT_EQ(reading.got[0].error->code, ErrorCode::integrity_mismatch);
  EXPECT_FALSE(reading.got[1].error);
}

TEST(ArchiveReader, LinksAreRecordedAndHardLinksToo) {
  auto tar = write_archive("ustar", "", {{"link", ""}, {"hard", ""}, {"fifo", ""}, {"file", "x"}});
  const auto retype = [&](size_t header, char type, std::string_view target) {
    const size_t at = header * 512;
    tar[at + 156] = static_cast<std::byte>(type);
    for (size_t i = 0; i < target.size(); ++i)
      tar[at + 157 + i] = static_cast<std::byte>(target[i]);
    int sum = 0;
    for (size_t i = 0; i < 512; ++i)
      sum += i >= 148 && i < 156 ? ' ' : std::to_integer<int>(tar[at + i]);
    char text[8];
    std::snprintf(text, sizeof text, "%06o", sum);
    for (size_t i = 0; i < 7; ++i) tar[at + 148 + i] = static_cast<std::byte>(text[i]);
  };
  retype(0, '2', "/etc/passwd");
  retype(1, '1', "file");
  retype(2, '6', "");
  const auto reading = read(tar);
  ASSERT_EQ(reading.got.size(), 4u);
  EXPECT_EQ(reading.got[0].member.kind, MemberKind::link);
  EXPECT_EQ(reading.got[0].member.link_target, "/etc/passwd");
  EXPECT_EQ(reading.got[1].member.kind, MemberKind::link);
  EXPECT_EQ(reading.got[1].member.link_target, "file");
  EXPECT_EQ(reading.got[2].member.kind, MemberKind::other);
  EXPECT_EQ(reading.got[3].content, "x");
}

TEST(ArchiveReader, ADeclaredSizeAllocatesNothing) {
  auto tar = write_archive("ustar", "", {{"huge", ""}});
  const std::string_view size = "77777777777";  // 8 GiB in octal
  for (size_t i = 0; i < size.size(); ++i) tar[124 + i] = static_cast<std::byte>(size[i]);
  int sum = 0;
  for (size_t i = 0; i < 512; ++i) sum += i >= 148 && i < 156 ? ' ' : std::to_integer<int>(tar[i]);
  char text[8];
  std::snprintf(text, sizeof text, "%06o", sum);
  for (size_t i = 0; i < 7; ++i) tar[148 + i] = static_cast<std::byte>(text[i]);
  const auto reading = read(tar);
  ASSERT_EQ(reading.got.size(), 1u);
  EXPECT_EQ(reading.got[0].member.declared_size_bytes, (8ull << 30) - 1);
  EXPECT_EQ(reading.got[0].error->code, ErrorCode::truncated);
}

TEST(ArchiveReader, WhatIsNoArchiveIsMalformed) {
  for (const auto& text : {""s, "x"s, std::string(2000, 'x'), "PK\x03\x04"s, "\x1f\x8b"s, "BZh"s}) {
    const auto reading = read(to_bytes(text));
    EXPECT_FALSE(reading.summary) << text;
    EXPECT_TRUE(reading.got.empty()) << text;
  }
  EXPECT_EQ(read(to_bytes(std::string(2000, 'x'))).summary.error().code, ErrorCode::malformed);
}

TEST(ArchiveReader, RarVolumesAndEncryptedHeadersAreNamedAtTheirPlace) {
  const auto rar4 = [](uint16_t flags) {
    ByteWriter out;
    out.text("Rar!\x1a\x07\x00"sv);
    out.u16_le(0x1234);
    out.u8(0x73);
    out.u16_le(flags);
    out.u16_le(13);
    return std::move(out).take();
  };
  EXPECT_EQ(read(rar4(1)).summary.error(), Error::at(ErrorCode::unsupported, "rar.volume", 10));
  EXPECT_EQ(read(rar4(0x80)).summary.error(), Error::at(ErrorCode::encrypted, "rar.headers", 10));
  const auto rar5 = [](std::initializer_list<uint8_t> header) {
    ByteWriter out;
    out.text("Rar!\x1a\x07\x01\x00"sv);
    out.u32_le(0);
    for (const auto byte : header) out.u8(byte);
    return std::move(out).take();
  };
  EXPECT_EQ(read(rar5({5, 1, 0, 1})).summary.error(),
            Error::at(ErrorCode::unsupported, "rar.volume", 15));
  EXPECT_EQ(read(rar5({6, 1, 1, 9, 1})).summary.error(),
            Error::at(ErrorCode::unsupported, "rar.volume", 16));
  EXPECT_EQ(read(rar5({5, 4, 0, 1})).summary.error(),
            Error::at(ErrorCode::encrypted, "rar.headers", 13));
}

/// A source that cannot be read from some byte on.
class BadSectorSource final : public ByteSource {
 public:
  BadSectorSource(std::vector<std::byte> bytes, uint64_t bad)
      : bytes_(std::move(bytes)), bad_(bad) {}
  [[nodiscard]] uint64_t size_bytes() const override { return bytes_.size_bytes(); }
  Result<size_t> read_at(uint64_t offset_bytes, std::span<std::byte> out) const override {
    if (offset_bytes + std::min<uint64_t>(out.size(), size_bytes() - offset_bytes) > bad_)
      return Error::at(ErrorCode::unreadable, "file.read", bad_);
    return bytes_.read_at(offset_bytes, out);
  }

 private:
  MemorySource bytes_;
  uint64_t bad_;
};

TEST(ArchiveReader, ABadSectorIsUnreadableAndWhatCameBeforeStays) {
  std::vector<WrittenMember> members;
  for (uint32_t i = 0; i < 20; ++i) members.push_back({std::to_string(i), sample_text(50'000, i)});
  auto tar = write_archive("ustar", "", members);
  CollectingSink sink;
  const auto summary =
      read_archive(BadSectorSource(std::move(tar), 600'000), ArchiveOptions{}, sink);
  ASSERT_TRUE(summary);
  EXPECT_EQ(*summary->incomplete, Error::at(ErrorCode::unreadable, "file.read", 600'000));
  EXPECT_GE(sink.got.size(), 10u);
  EXPECT_EQ(sink.got[8].content, members[8].content);
}

// Truncation at every length: what is yielded is a beginning of what is there, and something says
// that it is not all.
void truncate_everywhere(const std::vector<std::byte>& archive, bool ends_at_last_byte) {
  for (size_t size = 0; size < archive.size(); ++size) {
    const auto reading = read({archive.begin(), archive.begin() + static_cast<ptrdiff_t>(size)});
    bool complete = reading.summary && !reading.summary->incomplete &&
                    reading.summary->failed_members == 0 && reading.got.size() == kMembers.size();
    for (const auto& got : reading.got) {
      EXPECT_TRUE(got.ended);
      const auto member = std::find_if(kMembers.begin(), kMembers.end(),
                                       [&](const auto& m) { return m.name == got.member.name; });
      if (member == kMembers.end()) {
        complete = false;
        continue;
      }
      EXPECT_EQ(member->content.substr(0, got.content.size()), got.content) << size;
      if (got.content.size() < member->content.size()) {
        EXPECT_TRUE(got.error) << size;
      }
      complete = complete && got.content.size() == member->content.size();
    }
    const bool all_said =
        reading.summary && !reading.summary->incomplete && reading.summary->failed_members == 0;
    EXPECT_EQ(all_said, complete) << size;
    if (ends_at_last_byte) {
      EXPECT_FALSE(complete) << size;
    }
  }
}

TEST(ArchiveReader, AZipTruncatedAtEveryLengthSaysSo) {
  truncate_everywhere(write_archive("zip", "", kMembers), false);
}
TEST(ArchiveReader, ATarGzTruncatedAtEveryLengthSaysSo) {
  truncate_everywhere(write_archive("ustar", "gzip", kMembers), false);
}
TEST(ArchiveReader, ATarTruncatedAtEveryLengthSaysSo) {
  truncate_everywhere(write_archive("ustar", "", kMembers), false);
}
TEST(ArchiveReader, ASevenZipTruncatedAtEveryLengthSaysSo) {
  truncate_everywhere(write_archive("7zip", "", kMembers), true);
}

}  // namespace
}  // namespace safelight

#include "api/index_file.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <numeric>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

#include "api/reseal_for_test.h"

#include "safelight/base/fault.h"

namespace safelight::api {
namespace {

namespace fs = std::filesystem;

/// Numbers of no picture, the same at every run.
std::vector<Fingerprint> some_fingerprints(size_t count) {
  std::vector<Fingerprint> out(count);
  uint64_t state = 1;
  for (Fingerprint& fingerprint : out) {
    for (uint64_t& word : fingerprint.words) {
      // Constants of Knuth's MMIX.
      state = state * 6364136223846793005u + 1442695040888963407u;
      word = state ^ state >> 29;
    }
  }
  return out;
}

std::vector<uint64_t> some_ids(size_t count) {
  std::vector<uint64_t> ids(count);
  std::iota(ids.begin(), ids.end(), uint64_t{1} << 40);
  std::reverse(ids.begin(), ids.end());
  return ids;
}

/// More than that are a multi-index where one query comes at a time.
constexpr size_t kMultiRows = 50'001;

constexpr size_t kBlock = BlockCheck::kBlockBytes;

/// What the header of a file says.
uint64_t layout_bytes_of(std::span<const std::byte> file) {
  uint64_t bytes = 0;
  std::memcpy(&bytes, file.data() + 32, sizeof bytes);
  return bytes;
}

AlignedBytes aligned(std::span<const std::byte> bytes) {
  AlignedBytes out(bytes.size());
  std::copy(bytes.begin(), bytes.end(), out.bytes().begin());
  return out;
}

class IndexFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "safelight_index_XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    path_ = folder_ / "index";
  }
  void TearDown() override { fs::remove_all(folder_); }

  AlignedBytes saved(const StoredIndex& index) {
    index.save(path_);
    std::ifstream in(path_, std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(in), {});
    return aligned(std::as_bytes(std::span(bytes)));
  }
  AlignedBytes small_file() {
    return saved(StoredIndex::build(some_fingerprints(2), some_ids(2), {}));
  }

  fs::path folder_;
  fs::path path_;
};

/// A search of a damaged file may do without the damaged part; it never answers out of it.
void expect_right_or_fault(const StoredIndex& index, std::span<const Fingerprint> queries,
                           const Matches& wanted) {
  Matches found;
  try {
    index.fingerprints().search(queries, {}, found);
    const auto wanted_ids = some_ids(index.fingerprints().size());
    for (const Match& match : found.matches) {
      EXPECT_EQ(index.id(match.entry), wanted_ids[match.entry]);
    }
  } catch (const Fault&) {
    return;
  }
  EXPECT_EQ(found.matches, wanted.matches);
}

void expect_same(const StoredIndex& a, const StoredIndex& b) {
  EXPECT_EQ(a.mode(), b.mode());
  EXPECT_EQ(a.kind(), b.kind());
  EXPECT_EQ(a.has_ids(), b.has_ids());
  EXPECT_EQ(a.radius_bits(), b.radius_bits());
  ASSERT_EQ(a.fingerprints().size(), b.fingerprints().size());
  for (uint32_t row = 0; row < a.fingerprints().size(); ++row) {
    ASSERT_EQ(a.fingerprints().fingerprint(row), b.fingerprints().fingerprint(row));
    ASSERT_EQ(a.id(row), b.id(row));
  }
}

TEST_F(IndexFile, ReadsBackForEitherKindAndWithOrWithoutIds) {
  for (const size_t rows : {size_t{0}, size_t{1}, size_t{513}, kMultiRows}) {
    for (const bool with_ids : {false, true}) {
      SCOPED_TRACE(rows);
      const auto ids = some_ids(with_ids ? rows : 0);
      const StoredIndex built =
          StoredIndex::build(some_fingerprints(rows), ids, {PdqMode::full, 40, 1, 2});
      EXPECT_EQ(built.kind(), rows == kMultiRows ? IndexKind::multi : IndexKind::flat);
      EXPECT_EQ(built.radius_bits(), rows == kMultiRows ? 40u : 31u);
      built.save(path_);
      const auto opened = StoredIndex::open(path_);
      ASSERT_TRUE(opened) << opened.error().rule;
      expect_same(built, *opened);
      EXPECT_EQ(opened->mode(), PdqMode::full);
      if (rows == 0) continue;
      EXPECT_EQ(opened->id(0), with_ids ? ids[0] : 0);
    }
  }
}

TEST_F(IndexFile, AnswersFromTheFileAsFromMemory) {
  for (const size_t rows : {size_t{600}, kMultiRows}) {
    const auto fingerprints = some_fingerprints(rows);
    const StoredIndex built = StoredIndex::build(fingerprints, {}, {});
    built.save(path_);
    const auto opened = StoredIndex::open(path_);
    ASSERT_TRUE(opened);
    std::vector<Fingerprint> queries(fingerprints.begin(), fingerprints.begin() + 20);
    for (Fingerprint& query : queries) query.words[1] ^= 0x1f;
    Matches from_memory;
    Matches from_file;
    built.fingerprints().search(queries, {}, from_memory);
    opened->fingerprints().search(queries, {}, from_file);
    EXPECT_EQ(from_memory.matches, from_file.matches);
    EXPECT_EQ(from_file.matches.size(), queries.size());
  }
}

TEST_F(IndexFile, AnIndexThatWasOpenedCanBeSavedOverItsFile) {
  const StoredIndex built = StoredIndex::build(some_fingerprints(700), some_ids(700), {});
  const AlignedBytes before = saved(built);
  const auto opened = StoredIndex::open(path_);
  ASSERT_TRUE(opened);
  const AlignedBytes after = saved(*opened);
  EXPECT_TRUE(std::ranges::equal(before.bytes(), after.bytes()));
  expect_same(built, *opened);
}

TEST_F(IndexFile, IsReadableByItsOwnerAlone) {
  small_file();
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600u);
}

TEST_F(IndexFile, IsTheOneOfItsDocumentation) {
  // docs/formats/index_file.md
  const StoredIndex index = StoredIndex::build(
      std::vector<Fingerprint>{{{1, 0, 0, 0}}, {{1, 0, uint64_t{1} << 13, uint64_t{1} << 63}}},
      std::vector<uint64_t>{7, 9}, {});
  const AlignedBytes file = saved(index);
  EXPECT_EQ(file.bytes().size(), 9'232u);
  const auto u64_at = [&](size_t offset) {
    uint64_t value = 0;
    std::memcpy(&value, file.bytes().data() + offset, sizeof value);
    return value;
  };
  EXPECT_EQ(u64_at(0), 0x0a58'4544'4e49'4c53u);  // "SLINDEX\n"
  EXPECT_EQ(u64_at(8), 0x0102'0304'0000'0001u);
  EXPECT_EQ(u64_at(16), 0x0000'0001'0001'0000u);
  EXPECT_EQ(u64_at(24), 2u);
  EXPECT_EQ(u64_at(32), 9'088u);
  EXPECT_EQ(u64_at(40), 9'232u);
  EXPECT_EQ(u64_at(9'152), 7u);
  EXPECT_EQ(u64_at(9'160), 9u);
  EXPECT_EQ(u64_at(48), 0x78d5'1cbe'3048'e113u);
  EXPECT_EQ(u64_at(56), 0xd5fe'7647'328c'244cu);
  EXPECT_EQ(u64_at(9'216), 0x337e'7f09'bd63'8786u);
  EXPECT_EQ(u64_at(9'224), 0xb47f'a3e6'404f'220bu);
}

TEST_F(IndexFile, IsTruncatedAtEveryLengthButItsOwn) {
  const AlignedBytes file = small_file();
  ASSERT_TRUE(StoredIndex::view(file.bytes()));
  for (size_t length = 0; length < file.bytes().size(); ++length) {
    const AlignedBytes cut = aligned(file.bytes().first(length));
    const auto index = StoredIndex::view(cut.bytes());
    ASSERT_FALSE(index) << length;
    ASSERT_EQ(index.error().code, ErrorCode::truncated) << length << index.error().rule;
    // Where the first of the fields that tell the file apart begins, then where the file ends.
    const size_t offset = length < 8 ? 0 : length < 12 ? 8 : length < 16 ? 12 : length;
    ASSERT_EQ(index.error().offset_bytes, offset) << length;
  }
}

TEST_F(IndexFile, EachFieldIsHeldToItsRule) {
  struct Case {
    size_t offset;
    uint8_t value;
    bool resealed;
    Error error;
  };
  const std::vector<Case> cases = {
      {0, 'X', true, Error::at(ErrorCode::malformed, "index_file.magic", 0)},
      {7, '\r', true, Error::at(ErrorCode::malformed, "index_file.magic", 0)},
      {8, 2, true, Error::at(ErrorCode::unsupported, "index_file.version", 8)},
      {8, 0, true, Error::at(ErrorCode::unsupported, "index_file.version", 8)},
      {12, 5, true, Error::at(ErrorCode::unsupported, "index_file.byte-order", 12)},
      {16, 2, true, Error::at(ErrorCode::malformed, "index_file.kind", 16)},
      {17, 2, true, Error::at(ErrorCode::malformed, "index_file.mode", 17)},
      {18, 2, true, Error::at(ErrorCode::malformed, "index_file.ids", 18)},
      {18, 0, true, Error::at(ErrorCode::malformed, "index_file.length", 40)},
      {19, 1, true, Error::at(ErrorCode::malformed, "index_file.reserved", 19)},
      {20, 2, true, Error::at(ErrorCode::unsupported, "index_file.layout-version", 20)},
      {24, 3, true, Error::at(ErrorCode::malformed, "fingerprint_planes.length", 64 + 9'088)},
      {28, 1, true, Error::at(ErrorCode::limit_exceeded, "index_file.rows", 24)},
      {32, 0x81, true, Error::at(ErrorCode::malformed, "index_file.length", 40)},
      {39, 0xff, true, Error::at(ErrorCode::limit_exceeded, "index_file.layout-bytes", 32)},
      {40, 0x11, true, Error::at(ErrorCode::malformed, "index_file.length", 40)},
      {16, 1, true, Error::at(ErrorCode::malformed, "multi_index.magic", 64)},
      {9'168, 1, true, Error::at(ErrorCode::malformed, "index_file.padding", 9'168)},
      // Damage, to which the sums were not fitted.
      {17, 1, false, Error::at(ErrorCode::integrity_mismatch, "index_file.header-sum", 56)},
      {56, 0x55, false, Error::at(ErrorCode::integrity_mismatch, "index_file.header-sum", 56)},
  };
  for (const Case& broken : cases) {
    AlignedBytes file = small_file();
    ASSERT_NE(file.bytes()[broken.offset], std::byte{broken.value});
    file.bytes()[broken.offset] = std::byte{broken.value};
    if (broken.resealed) reseal(file.bytes());
    const auto index = StoredIndex::view(file.bytes());
    ASSERT_FALSE(index) << broken.error.rule;
    EXPECT_EQ(index.error(), broken.error)
        << broken.error.rule << " " << index.error().rule << " " << index.error().offset_bytes;
  }
}

TEST_F(IndexFile, ABrokenTableOfSumsIsNoticed) {
  AlignedBytes file = small_file();
  const size_t table = file.bytes().size() - 2 * 8;
  file.bytes()[table] ^= std::byte{1};
  EXPECT_EQ(StoredIndex::view(file.bytes()).error(),
            Error::at(ErrorCode::integrity_mismatch, "index_file.table-sum", table));
}

TEST_F(IndexFile, AFileOfTheOtherByteOrderIsRefusedAsThat) {
  AlignedBytes file = small_file();
  // What a machine of the other order would write for the version and the order.
  std::ranges::reverse(file.bytes().subspan(8, 4));
  std::ranges::reverse(file.bytes().subspan(12, 4));
  EXPECT_EQ(StoredIndex::view(file.bytes()).error(),
            Error::at(ErrorCode::unsupported, "index_file.byte-order", 12));
}

TEST_F(IndexFile, BytesAfterTheEndAreRefused) {
  const AlignedBytes file = small_file();
  AlignedBytes longer(file.bytes().size() + 1);
  std::ranges::copy(file.bytes(), longer.bytes().begin());
  EXPECT_EQ(StoredIndex::view(longer.bytes()).error(),
            Error::at(ErrorCode::malformed, "index_file.trailing", file.bytes().size()));
}

TEST_F(IndexFile, DamageIsNamedByItsBlockAndNeverAnswersAQuery) {
  for (const size_t rows : {size_t{5'000}, kMultiRows}) {
    const auto fingerprints = some_fingerprints(rows);
    const StoredIndex built = StoredIndex::build(fingerprints, some_ids(rows), {});
    AlignedBytes file = saved(built);
    const size_t ids = (64 + layout_bytes_of(file.bytes()) + 63) / 64 * 64;
    const size_t ids_end = ids + rows * 8;
    Matches wanted;
    built.fingerprints().search(std::span(fingerprints).first(3), {}, wanted);
    for (size_t offset = 64; offset < ids_end; offset += (ids_end - 64) / 23) {
      file.bytes()[offset] ^= std::byte{0x10};
      const size_t part = offset < ids ? 64 : ids;
      const size_t block = part + (offset - part) / kBlock * kBlock;
      const auto index = StoredIndex::view(file.bytes());
      if (index) {
        const Error damage = index->verify().error();
        EXPECT_EQ(damage, Error::at(ErrorCode::integrity_mismatch, "block-check.sum", block));
        EXPECT_THROW(index->save(folder_ / "copy"), Fault);
        expect_right_or_fault(*index, std::span(fingerprints).first(3), wanted);
      } else {
        EXPECT_EQ(index.error().offset_bytes, block) << offset;
      }
      file.bytes()[offset] ^= std::byte{0x10};
    }
    EXPECT_TRUE(StoredIndex::view(file.bytes())->verify());
    EXPECT_FALSE(fs::exists(folder_ / "copy"));
  }
}

TEST_F(IndexFile, PlacesInTheLayoutOfAMultiIndexCountFromTheFile) {
  const AlignedBytes file = saved(StoredIndex::build(some_fingerprints(kMultiRows), {}, {}));
  AlignedBytes damaged = aligned(file.bytes());
  damaged.bytes()[64 + 8] = std::byte{9};
  reseal(damaged.bytes());
  EXPECT_EQ(StoredIndex::view(damaged.bytes()).error(),
            Error::at(ErrorCode::unsupported, "multi_index.version", 64 + 8));
  damaged = aligned(file.bytes());
  damaged.bytes()[24] ^= std::byte{1};
  reseal(damaged.bytes());
  EXPECT_EQ(StoredIndex::view(damaged.bytes()).error(),
            Error::at(ErrorCode::malformed, "index_file.rows", 64 + 16));
}

TEST_F(IndexFile, FilesThatAreNoneAreRefused) {
  EXPECT_EQ(StoredIndex::open(path_).error().code, ErrorCode::not_found);
  EXPECT_EQ(StoredIndex::open(folder_).error().rule, "file.not-regular");
  std::ofstream(path_) << "";
  EXPECT_EQ(StoredIndex::open(path_).error().code, ErrorCode::truncated);
  std::ofstream(path_) << "file,orientation,fingerprint,quality";
  EXPECT_EQ(StoredIndex::open(path_).error().rule, "index_file.magic");
}

TEST_F(IndexFile, APlaceThatCannotBeWrittenIsAFault) {
  const StoredIndex index = StoredIndex::build({}, {}, {});
  EXPECT_THROW(index.save(folder_ / "none" / "index"), Fault);
}

}  // namespace
}  // namespace safelight::api

#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <random>

#include "safelight/base/fault.h"
#include "safelight/casefile/canonical_export.h"
#include "safelight/casefile/internal/sample_case.h"
#include "safelight/casefile/reader.h"
#include "safelight/casefile/verify.h"
#include "safelight/casefile/writer.h"

namespace safelight::casefile {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string export_of(const std::filesystem::path& directory) {
  std::string out;
  export_canonical(Reader::open(directory), [&](std::string_view piece) { out += piece; });
  return out;
}

/// A case whose file is replaced by damaged ones.
class Damage : public testing::Test {
 protected:
  Damage() {
    sample::make_case(directory_, 30);
    const auto item = [](uint64_t number) { return sample::item(number, 0).id; };
    TriageBatch batch;
    batch.state = TriageState{3, {{"rule", "1"}}};
    batch.groups = {{GroupKind::near, PdqMode::full, item(0), item(1), 2}};
    for (uint64_t number = 0; number < 30; ++number) {
      batch.members.push_back({item(number), GroupKind::near, PdqMode::full, item(0), 3});
      batch.reviews.push_back(
          {item(number), {"review", "key", {{"hit", {{"list", "x"}}}}, item(0)}});
    }
    sample::store_triage(directory_, batch);
    good_ = read_file(directory_ / "case.db");
    exported_ = export_of(directory_);
    head_ = Reader::open(directory_).head();
  }

  /// Reads, verifies and writes to a case with this file. Whatever verifies against the head must
  /// hold what the good one holds.
  void check(const std::string& bytes) {
    for (const char* suffix : {"-wal", "-shm"}) {
      std::filesystem::remove(directory_ / (std::string("case.db") + suffix));
    }
    std::ofstream(directory_ / "case.db", std::ios::binary) << bytes;
    const Verification verification = verify_case(directory_, head_);
    verified_ += !verification.mismatch;
    try {
      const Reader reader = Reader::open(directory_);
      (void)reader.description();
      (void)reader.sources();
      (void)reader.runs();
      (void)reader.summary();
      reader.for_each_group([](const StoredGroup&) {});
      reader.for_each_member([](const StoredMember&) {});
      reader.for_each_review([](const ItemReview&) {});
      const std::string exported = export_of(directory_);
      if (!verification.mismatch) {
        ASSERT_EQ(exported, exported_);
      }
    } catch (const Fault& fault) {
      ++faults_;
      ASSERT_TRUE(verification.mismatch) << fault.what();
      ASSERT_THAT(fault.what(), testing::HasSubstr("case"));
    }
    try {
      const sample::TickingClock clock;
      sample::KeepingLog log;
      Writer::open(directory_, clock, log).note("test", {});
    } catch (const Fault&) {
      ++faults_;
    }
  }

  sample::Folder folder_;
  std::filesystem::path directory_ = folder_ / "case";
  std::string good_;
  std::string exported_;
  audit::TreeHead head_;
  int verified_ = 0;
  int faults_ = 0;
};

TEST_F(Damage, ChangedBytesAreAFaultOrAMismatchAndNeverWrongData) {
  std::mt19937_64 random(11);
  std::vector<size_t> used;
  for (size_t i = 0; i < good_.size(); ++i) {
    if (good_[i] != 0) used.push_back(i);
  }
  for (int round = 0; round < 150; ++round) {
    std::string bytes = good_;
    const size_t edits = 1 + random() % 4;
    for (size_t edit = 0; edit < edits; ++edit) {
      // Half of the edits go to the start of a page, where the tree's own fields are.
      const size_t at = random() % 2 == 0 ? random() % (bytes.size() / 4096) * 4096 + random() % 64
                                          : used[random() % used.size()];
      bytes[at] = static_cast<char>(random());
    }
    check(bytes);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(faults_, 20);
  EXPECT_GT(verified_, 0) << "some bytes of a database are free";
}

TEST_F(Damage, ATruncatedFileIsAFaultOrAMismatch) {
  std::mt19937_64 random(12);
  for (int round = 0; round < 40; ++round) {
    const size_t length =
        round % 2 == 0 ? random() % good_.size() : random() % (good_.size() / 4096) * 4096;
    check(good_.substr(0, length));
    if (HasFatalFailure()) return;
  }
  EXPECT_EQ(verified_, 0);
}

}  // namespace
}  // namespace safelight::casefile

#include "safelight/serve/reports/report_shelf.h"

#include <chrono>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include "safelight/casefile/reader.h"
#include "safelight/casefile/writer.h"
#include "safelight/digest/sha256_stream.h"

namespace safelight::serve {
namespace {

class StillClock final : public Clock {
 public:
  [[nodiscard]] int64_t now_ns() const override { return 1'700'000'000'000'000'000; }
};

class NoLog final : public LogSink {
 public:
  void log(Severity /*severity*/, std::string_view /*message*/) override {}
};

class ReportShelfTest : public ::testing::Test {
 protected:
  ReportShelfTest() {
    auto writer = casefile::Writer::create(case_, casefile::random_case_id(), {}, clock_, log_);
    const auto source = writer.add_source({casefile::SourceKind::folder, "/evidence", "f", 1});
    casefile::Item item;
    item.origin = {source, {{StepKind::directory_entry, 0, 0, "one.jpg"}}};
    item.id = {sha256_of(encode(item.origin))};
    casefile::Batch batch;
    batch.items.push_back(item);
    writer.commit(batch);
  }
  ~ReportShelfTest() override { std::filesystem::remove_all(folder_); }

  static std::filesystem::path new_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "shelf_XXXXXX").string();
    return mkdtemp(name.data());
  }

  std::filesystem::path folder_ = new_folder();
  std::filesystem::path case_ = folder_ / "case";
  StillClock clock_;
  NoLog log_;
};

TEST_F(ReportShelfTest, AReportIsMadeOfACaseThatTriageHasNotSeenYet) {
  ReportShelf shelf(case_, "1.2.3", clock_, log_);
  for (const auto format : {ReportFormat::html, ReportFormat::csv, ReportFormat::json}) {
    const auto made = shelf.make(format);
    ASSERT_TRUE(made);
    const auto file = shelf.open(made->name);
    ASSERT_TRUE(file);
    EXPECT_EQ(sha256_of(file->bytes()), made->sha256);
    const std::string text(reinterpret_cast<const char*>(file->bytes().data()),
                           file->bytes().size());
    EXPECT_NE(text.find("one.jpg"), std::string::npos);
  }
  EXPECT_EQ(shelf.all().size(), 3u);
  struct stat status {};
  ASSERT_EQ(stat((case_ / "reports").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700);
}

TEST_F(ReportShelfTest, KeepsTheLatestFewAndLeavesNothingBehind) {
  {
    ReportShelf shelf(case_, "1.2.3", clock_, log_);
    for (int i = 0; i < 8; ++i) ASSERT_TRUE(shelf.make(ReportFormat::csv));
    EXPECT_EQ(shelf.all().size(), 6u);
    EXPECT_FALSE(shelf.open("report-2.csv"));
    EXPECT_TRUE(shelf.open("report-3.csv"));
    EXPECT_FALSE(shelf.open("../case.db"));
  }
  EXPECT_FALSE(std::filesystem::exists(case_ / "reports"));
}

TEST_F(ReportShelfTest, AReportIsMadeWhileAScanWritesToTheCase) {
  ReportShelf shelf(case_, "1.2.3", clock_, log_);
  auto writer = casefile::Writer::open(case_, clock_, log_);
  writer.begin_run({"scan", {}, "1.2.3"});
  EXPECT_TRUE(shelf.make(ReportFormat::csv));
}

TEST_F(ReportShelfTest, AReportWaitsForAProgramThatPutsTheCaseInOrder) {
  ReportShelf shelf(case_, "1.2.3", clock_, log_);
  auto other = std::make_optional(casefile::TriageWriter::open(case_, clock_, log_));
  std::thread ends([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    other.reset();
  });
  EXPECT_TRUE(shelf.make(ReportFormat::csv));
  ends.join();
}

TEST(ReportFormat, ComesBackFromItsText) {
  for (const auto format : {ReportFormat::html, ReportFormat::csv, ReportFormat::json}) {
    EXPECT_EQ(report_format_from_text(to_text(format)), format);
  }
  EXPECT_FALSE(report_format_from_text("pdf"));
}

}  // namespace
}  // namespace safelight::serve

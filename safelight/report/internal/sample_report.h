#pragma once

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

#include "safelight/base/log.h"
#include "safelight/casefile/reader.h"
#include "safelight/casefile/writer.h"
#include "safelight/digest/sha256_stream.h"
#include "safelight/report/report.h"

/// What the tests of this module share: a small case with the texts that reports must not trip
/// over.
namespace safelight::report::sample {

inline constexpr size_t kItems = 4;

class StillClock final : public Clock {
 public:
  [[nodiscard]] int64_t now_ns() const override { return 1'700'000'000'000'000'000; }
};

class NoLog final : public LogSink {
 public:
  void log(Severity /*severity*/, std::string_view /*message*/) override {}
};

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Puts the case in order, and gives the review.
inline triage::Review reviewed(const std::filesystem::path& directory) {
  const StillClock clock;
  NoLog log;
  auto writer = casefile::TriageWriter::open(directory, clock, log);
  const auto reader = casefile::Reader::open(directory);
  triage::update_review(writer, reader, {}, 1);
  return *triage::stored_review(reader);
}

/// The item that stands at that rank.
inline triage::ItemNumber at_rank(const triage::Review& review, uint32_t rank) {
  triage::ItemNumber item = 0;
  while (review.places.at(item).rank != rank) ++item;
  return item;
}

/// A near group in each mode is made of the items named so.
inline constexpr const char* kPlain = "plain \"quoted\", name.jpg";
inline constexpr const char* kAlike = "<img src=x onerror=alert(1)>";

inline casefile::Item item(const std::string& name) {
  casefile::Item out;
  out.origin = {"S1", {{StepKind::directory_entry, 0, 0, name}}};
  out.id = {sha256_of(encode(out.origin))};
  out.coverage = Coverage::full;
  return out;
}

class Case : public testing::Test {
 protected:
  Case() {
    std::string name =
        (std::filesystem::temp_directory_path() / "safelight-report-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) folder_ = name;
    std::filesystem::create_directory(folder_ / "out");
    file_ = folder_ / "out" / "report";
    write_case();
    reader_ = std::make_unique<casefile::Reader>(casefile::Reader::open(folder_ / "case"));
    review_ = reviewed(folder_ / "case");
    acts_ = std::make_unique<casefile::ActReader>(casefile::ActReader::open(folder_ / "case"));
  }
  ~Case() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  std::filesystem::path folder_;
  std::filesystem::path file_;
  triage::Review review_;
  std::unique_ptr<casefile::Reader> reader_;
  std::unique_ptr<casefile::ActReader> acts_;

 private:
  static PdqHashes print(PdqMode mode, uint64_t word) {
    PdqHashes hashes{mode, 90, {}};
    hashes.fingerprints[0].words[0] = word;
    return hashes;
  }

  void write_case() {
    const StillClock clock;
    NoLog log;
    auto writer = casefile::Writer::create(
        folder_ / "case", "00000000-0000-4000-8000-000000000002",
        {"<Examiner>", "A & B", "1\"2", "</script><b>", "Europe/Berlin"}, clock, log);
    writer.add_source({casefile::SourceKind::folder, "/evidence/\xff", "fs", 2});
    writer.use_list({"charts", "v1", "{}", 10});
    writer.use_list({"other", "v1", "{}", 20});
    writer.begin_run({"scan", {{"jobs", "2"}}, "0.1.0"});

    casefile::ExaminedContent content;
    content.content.sha256.emplace().bytes.fill(0x11);
    content.content.key = casefile::content_key(*content.content.sha256);
    content.content.size_bytes = 100;
    content.examination.format = "jpeg";
    content.examination.media_type = "image/jpeg";
    content.examination.width = 64;
    content.examination.height = 48;
    content.examination.coverage = Coverage::full;
    content.examination.modes = {PdqMode::reference, PdqMode::full};
    content.examination.fingerprints = {print(PdqMode::reference, 7), print(PdqMode::full, 0x71)};
    content.examination.findings = {{"odd",
                                     Grade::declared,
                                     "It says </script><script>alert(1)</script>.",
                                     {},
                                     {{"raw",
                                       "a\xfe"
                                       "b"}}}};

    casefile::ExaminedContent alike = content;
    alike.content.sha256->bytes.fill(0x22);
    alike.content.key = casefile::content_key(*alike.content.sha256);
    alike.examination.fingerprints = {print(PdqMode::reference, 0xfff), print(PdqMode::full, 0x70)};
    alike.examination.findings.clear();

    casefile::Item plain = item(kPlain);
    plain.content = content.content.key;
    plain.size_bytes = 100;
    plain.times.modified =
        casefile::Timestamp{1'700'000'000'250'000'000, casefile::TimeZoneKnowledge::utc};
    plain.times.in_container =
        casefile::Timestamp{1'000'000'000'000'000'000, casefile::TimeZoneKnowledge::local_unknown};
    casefile::Item unread = item("un\xffread.png");
    const Error error = Error::at(ErrorCode::unreadable, "file.read", 4096);
    unread.coverage = Coverage::none;
    unread.error = casefile::stored(error);
    unread.findings = {coverage_finding(Coverage::none, "file", error)};

    casefile::Batch batch;
    batch.contents = {content, alike};
    casefile::Item beside = item(kAlike);
    beside.content = alike.content.key;
    batch.items = {plain, unread, item("=cmd|'/c calc'!A0"), beside};
    Hit near{"charts",
             "=1+1",
             "1",
             Disposition::known,
             MatchKind::pdq,
             12,
             Orientation::rotate90,
             PdqMode::reference};
    Hit exact{
        "other",           "5", "", Disposition::ordinary, MatchKind::md5, 0, Orientation::original,
        PdqMode::reference};
    near.entry_id = "'=1+1";
    batch.hits = {{content.content.key, near, "v1", casefile::HitState::added},
                  {content.content.key, exact, "v1", casefile::HitState::added}};
    writer.commit(batch);
    writer.end_run("done");
  }
};

}  // namespace safelight::report::sample

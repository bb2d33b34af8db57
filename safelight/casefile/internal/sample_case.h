#pragma once

#include <array>
#include <atomic>
#include <filesystem>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "safelight/base/clock.h"
#include "safelight/base/log.h"
#include "safelight/casefile/act_writer.h"
#include "safelight/casefile/triage_writer.h"
#include "safelight/casefile/writer.h"
#include "safelight/digest/sha256_stream.h"

/// What the tests of this module share: a folder that goes, a clock that only tests move, and
/// made-up rows that depend on nothing but a seed.
namespace safelight::casefile::sample {

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "safelight-case-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) path_ = name;
  }
  explicit Folder(std::filesystem::path path) : path_(std::move(path)) {}
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path operator/(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// One second later each time it is asked.
class TickingClock final : public Clock {
 public:
  [[nodiscard]] int64_t now_ns() const override {
    return (1'700'000'000 + ticks_.fetch_add(1)) * 1'000'000'000;
  }

 private:
  mutable std::atomic<int64_t> ticks_{0};
};

class KeepingLog final : public LogSink {
 public:
  void log(Severity /*severity*/, std::string_view message) override {
    const std::lock_guard lock(mutex_);
    messages_.emplace_back(message);
  }
  [[nodiscard]] std::vector<std::string> messages() const { return messages_; }

 private:
  std::mutex mutex_;
  std::vector<std::string> messages_;
};

inline CaseInfo info() {
  return {"E. Xaminer", "Agency of Examples", "2026/17", "Exhibit 3", "Europe/Berlin"};
}

inline Sha256 digest_of(std::string_view text) { return sha256_of(std::as_bytes(std::span(text))); }

inline Origin origin(const std::string& path) {
  return {"S1", {{StepKind::directory_entry, 0, 0, path}}};
}

inline ItemId id_of(const Origin& origin) { return {sha256_of(encode(origin))}; }

inline ListUse list() { return {"charts", "v1", R"({"1":"known","2":"review"})", 2}; }

/// A picture with two fingerprints, a finding and, for every third number, a member.
inline ExaminedContent content(uint64_t number) {
  std::mt19937_64 random(number);
  ExaminedContent out;
  out.content.sha256 = digest_of("content " + std::to_string(number));
  out.content.key = content_key(*out.content.sha256);
  out.content.sha1.emplace();
  out.content.md5.emplace();
  for (uint8_t& byte : out.content.sha1->bytes) byte = static_cast<uint8_t>(random());
  for (uint8_t& byte : out.content.md5->bytes) byte = static_cast<uint8_t>(random());
  out.content.size_bytes = 1000 + number;
  Examination& examination = out.examination;
  examination.format = number % 4 == 0 ? "png" : "jpeg";
  examination.media_type = "image/" + examination.format;
  examination.width = 640;
  examination.height = 480;
  examination.coverage = number % 5 == 0 ? Coverage::partial : Coverage::full;
  examination.modes = {PdqMode::reference, PdqMode::full};
  for (const PdqMode mode : examination.modes) {
    PdqHashes hashes{mode, static_cast<uint8_t>(random() % 101), {}};
    for (Fingerprint& fingerprint : hashes.fingerprints) {
      for (uint64_t& word : fingerprint.words) word = random();
    }
    examination.fingerprints.push_back(hashes);
  }
  if (number % 5 == 0) {
    const Error error = Error::near(ErrorCode::truncated, "jpeg.data", 512 + number);
    examination.error = stored(error);
    examination.findings.push_back(coverage_finding(Coverage::partial, "picture", error));
  }
  return out;
}

inline Item item(uint64_t number, uint64_t content_number) {
  Item out;
  out.origin = origin("folder " + std::to_string(number % 7) + "/picture\xff " +
                      std::to_string(number) + ".jpg");
  out.id = id_of(out.origin);
  const ExaminedContent what = content(content_number);
  out.content = what.content.key;
  out.size_bytes = what.content.size_bytes;
  out.times.modified = Timestamp{static_cast<int64_t>(1'600'000'000 + number) * 1'000'000'000,
                                 TimeZoneKnowledge::utc};
  if (number % 2 == 0) out.times.in_container = Timestamp{5, TimeZoneKnowledge::local_unknown};
  out.file_state = FileState{0xfd00000000000001u, 77 + number, 1000 + content_number, 1, 2};
  out.coverage = what.examination.coverage;
  if (number % 6 == 0) {
    out.findings.push_back({"type_mismatch",
                            Grade::fact,
                            "The name says jpg, the bytes say png.",
                            {0, 8, OffsetKind::exact},
                            {{"extension", "jpg"}}});
  }
  return out;
}

inline HitChange hit(uint64_t content_number, HitState state = HitState::added) {
  HitChange out;
  out.content = content(content_number).content.key;
  out.hit = {"charts",
             "entry " + std::to_string(content_number),
             "1",
             Disposition::known,
             MatchKind::pdq,
             12,
             Orientation::rotate90,
             PdqMode::reference};
  out.list_content_id = "v1";
  out.state = state;
  return out;
}

/// Items `first` to `first + count - 1`; each content is shared by two items, every fourth has a
/// hit.
inline Batch batch(uint64_t first, uint64_t count) {
  Batch out;
  for (uint64_t number = first; number < first + count; ++number) {
    const uint64_t content_number = number / 2;
    if (number % 2 == 0) {
      out.contents.push_back(content(content_number));
      if (content_number % 4 == 0) out.hits.push_back(hit(content_number));
    }
    out.items.push_back(item(number, content_number));
  }
  return out;
}

inline constexpr const char* kCaseId = "00000000-0000-4000-8000-000000000001";

/// A case of `items` items in `directory`, written in batches of ten by one finished run.
inline void make_case(const std::filesystem::path& directory, uint64_t items) {
  const TickingClock clock;
  KeepingLog log;
  Writer writer = Writer::create(directory, kCaseId, info(), clock, log);
  writer.add_source({SourceKind::folder, "/evidence/one", "fs-1", 2});
  writer.use_list(list());
  writer.begin_run({"scan", {{"jobs", "2"}}, "0.1.0"});
  for (uint64_t first = 0; first < items; first += 10) {
    writer.commit(batch(first, std::min<uint64_t>(10, items - first)));
  }
  writer.end_run("done");
}

inline void store_triage(const std::filesystem::path& directory, const TriageBatch& batch) {
  const TickingClock clock;
  KeepingLog log;
  TriageWriter::open(directory, clock, log).commit(batch);
}

/// Adds rows to a case of make_case() until there is one in every table, by a run and a reviewer.
inline void fill_every_table(const std::filesystem::path& directory) {
  ExaminedContent file = content(90);
  MemberContent member;
  member.step = {StepKind::embedded_picture, 1, 2, "frame"};
  member.content = content(0).content.key;
  file.examination.members.push_back(member);
  const TickingClock clock;
  KeepingLog log;
  Writer writer = Writer::open(directory, clock, log);
  HitChange further = hit(1);
  further.hit.source_record = 3;
  writer.commit({{file}, {}, {further}});
  const ItemId one = item(0, 0).id;
  const ItemId other = item(1, 0).id;
  store_triage(directory, {{{GroupKind::near, PdqMode::full, one, other, 2}},
                           {{one, GroupKind::near, PdqMode::full, one, 0}},
                           {{one, {"review", "k", {}, other}}},
                           TriageState{}});
  ActWriter acts = ActWriter::open(directory, clock, log);
  acts.act({ActKind::category, "ada", "1", "", {}}, std::array{one});
  acts.expose({one, "ada", "grey", 1, 2, "asked for"});
  acts.set("scheme", "{}", "ada");
}

}  // namespace safelight::casefile::sample

#pragma once

#include <filesystem>
#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <vector>

#include "safelight/base/clock.h"
#include "safelight/base/log.h"
#include "safelight/casefile/reader.h"
#include "safelight/casefile/triage_writer.h"
#include "safelight/casefile/writer.h"
#include "safelight/digest/sha256_stream.h"

/// What the tests of this module share: made-up items, and a case that they are in.
namespace safelight::triage::sample {

class StillClock final : public Clock {
 public:
  [[nodiscard]] int64_t now_ns() const override { return 1'700'000'000'000'000'000; }
};

class NoLog final : public LogSink {
 public:
  void log(Severity /*severity*/, std::string_view /*message*/) override {}
};

inline Origin origin_of(const std::string& path) {
  return {"S1", {{StepKind::directory_entry, 0, 0, path}}};
}

inline ItemId id_of(const std::string& path) { return {sha256_of(encode(origin_of(path)))}; }

inline casefile::ContentKey key_of(uint8_t number) {
  casefile::ContentKey key;
  key.value.bytes.fill(number);
  return key;
}

/// A picture that has a fingerprint with `word` in `mode`.
inline casefile::ExaminedContent picture(uint8_t number, uint64_t word,
                                         PdqMode mode = PdqMode::reference) {
  casefile::ExaminedContent out;
  out.content.key = key_of(number);
  out.content.sha256 = key_of(number).value;
  out.examination.format = "jpeg";
  out.examination.media_type = "image/jpeg";
  out.examination.width = out.examination.height = 100;
  out.examination.coverage = Coverage::full;
  out.examination.modes = {mode};
  PdqHashes hashes{mode, 100, {}};
  hashes.fingerprints[0].words[0] = word;
  out.examination.fingerprints = {hashes};
  return out;
}

/// A picture that looks like no other of these.
inline casefile::ExaminedContent unlike(uint8_t number) {
  casefile::ExaminedContent out = picture(number, 0);
  Fingerprint& fingerprint = out.examination.fingerprints[0].fingerprints[0];
  const Sha256 digest = sha256_of(std::as_bytes(std::span(&number, 1)));
  for (size_t i = 0; i < 32; ++i) {
    fingerprint.words[i / 8] |= uint64_t{digest.bytes[i]} << (8 * (i % 8));
  }
  return out;
}

inline casefile::Item item(const std::string& path, std::optional<uint8_t> content,
                           Coverage coverage = Coverage::full) {
  casefile::Item out;
  out.id = id_of(path);
  out.origin = origin_of(path);
  if (content) out.content = key_of(*content);
  out.coverage = coverage;
  return out;
}

inline Hit hit(Disposition disposition, MatchKind kind, uint32_t distance_bits = 0) {
  Hit out;
  out.list = "charts";
  out.entry_id = "5";
  out.category = "1";
  out.disposition = disposition;
  out.kind = kind;
  out.distance_bits = distance_bits;
  return out;
}

inline casefile::HitChange change(uint8_t content, const Hit& hit,
                                  casefile::HitState state = casefile::HitState::added) {
  return {key_of(content), hit, "v1", state};
}

class Case : public testing::Test {
 protected:
  Case() {
    std::string name =
        (std::filesystem::temp_directory_path() / "safelight-triage-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) folder_ = name;
    writer_.emplace(casefile::Writer::create(
        folder_ / "case", "00000000-0000-4000-8000-000000000003", {}, clock_, log_));
    writer_->use_list({"charts", "v1", "{}", 1});
  }
  ~Case() override {
    writer_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  [[nodiscard]] casefile::TriageWriter triage_writer() {
    return casefile::TriageWriter::open(directory(), clock_, log_);
  }
  [[nodiscard]] casefile::Reader reader() const { return casefile::Reader::open(folder_ / "case"); }
  [[nodiscard]] std::filesystem::path directory() const { return folder_ / "case"; }

  const StillClock clock_;
  NoLog log_;
  std::filesystem::path folder_;
  std::optional<casefile::Writer> writer_;
};

}  // namespace safelight::triage::sample

// Time, size and memory of reports on cases whose items carry evidence of origin as in a mixed
// seizure: 40 % nothing but facts, 30 % EXIF of 60 cameras, 20 % settings of generators with 40
// models, 10 % signed manifests, some of them contradicted, half of them beside EXIF. Argument:
// items. As it was scanned, and reviewed: two persons decided half of the items in acts on 50 each,
// a tenth of them both, and opened 1,000.

#include <algorithm>
#include <benchmark/benchmark.h>
#include <filesystem>
#include <random>
#include <string>
#include <sys/resource.h>
#include <vector>

#include "safelight/base/log.h"
#include "safelight/casefile/act_writer.h"
#include "safelight/casefile/reader.h"
#include "safelight/casefile/writer.h"
#include "safelight/digest/sha256_stream.h"
#include "safelight/report/report.h"

namespace safelight::report {
namespace {

class StillClock final : public Clock {
 public:
  [[nodiscard]] int64_t now_ns() const override { return 1'700'000'000'000'000'000; }
};

class NoLog final : public LogSink {
 public:
  void log(Severity /*severity*/, std::string_view /*message*/) override {}
};

class CaseMaker {
 public:
  casefile::Batch batch(uint64_t first, uint64_t items) {
    casefile::Batch batch;
    for (uint64_t i = first; i < first + items; ++i) {
      casefile::Item item;
      item.origin = {"S1", {{StepKind::directory_entry, 0, 0, name_of(i)}}};
      item.id = {sha256_of(encode(item.origin))};
      item.coverage = random_() % 50 == 0 ? Coverage::partial : Coverage::full;
      item.size_bytes = 100'000 + random_() % 4'000'000;
      casefile::ExaminedContent content;
      content.content.sha256 = item.id.value;
      content.content.key = casefile::content_key(item.id.value);
      content.content.size_bytes = item.size_bytes;
      content.examination.format = "jpeg";
      content.examination.media_type = "image/jpeg";
      content.examination.width = 4000;
      content.examination.height = 3000;
      content.examination.coverage = item.coverage;
      content.examination.modes = {PdqMode::reference};
      PdqHashes hashes{PdqMode::reference, 100, {}};
      for (uint64_t& word : hashes.fingerprints[0].words) word = random_();
      content.examination.fingerprints = {hashes};
      content.examination.origin = random_() % 8 == 0 ? OriginScope::pixels : OriginScope::metadata;
      content.examination.findings = findings();
      item.content = content.content.key;
      batch.contents.push_back(std::move(content));
      batch.items.push_back(std::move(item));
    }
    return batch;
  }

 private:
  using Fields = std::vector<std::pair<std::string, std::string>>;

  static std::string name_of(uint64_t i) {
    return "pictures/" + std::to_string(i / 500) + "/IMG_" + std::to_string(i) + ".jpg";
  }
  std::string number(uint64_t below) { return std::to_string(random_() % below); }
  std::string digest(uint64_t below) {
    const std::string text = number(below);
    return to_hex(sha256_of(std::as_bytes(std::span(text))));
  }

  std::vector<Finding> findings() {
    std::vector<Finding> out = {
        {"jpeg_structure",
         Grade::fact,
         "The JPEG is baseline; its quantisation tables are those of the common library at quality "
         "90. Many cameras and programs write such files.",
         {},
         {{"process", "baseline"},
          {"subsampling", "4:2:0"},
          {"markers", "SOI APP0 DQT SOF0 DHT"}}}};
    const uint64_t kind = random_() % 10;
    if (kind >= 4 && kind < 7) out.push_back(camera());
    if (kind >= 7 && kind < 9) out.push_back(generator());
    if (kind == 9) signed_manifest(out);
    if (random_() % 20 == 0) {
      out.push_back({"resampled", Grade::weak, "The pixels repeat as after enlarging.", {}, {}});
    }
    return out;
  }

  Finding camera() {
    return {"camera_metadata",
            Grade::declared,
            "EXIF holds fields that cameras fill when they take a picture. They are not signed: "
            "anybody can write them, and copy them from another picture.",
            {30, 900, OffsetKind::exact},
            {{"make", "Example"},
             {"model", "Example D" + number(60)},
             {"lens_model", "18-55"},
             {"taken", "2026:03:04 10:" + number(60) + ":" + number(60)},
             {"taken_zone", "not stated"},
             {"gps", "absent"},
             {"maker_note", "present"}}};
  }

  Finding generator() {
    const std::string model = number(40);
    Fields fields = {{"rule", "a1111.infotext"},
                     {"generator", "Stable Diffusion web UI"},
                     {"model", "model " + model},
                     {"model_hash", "abc" + model},
                     {"seed", number(1'000'000'000)},
                     {"sampler", "Euler a"},
                     {"steps", "30"},
                     {"cfg_scale", "7"},
                     {"size", "512x768"}};
    for (uint64_t lora = random_() % 3; lora > 0; --lora) {
      fields.emplace_back("lora", "lora " + number(300));
    }
    fields.emplace_back("prompt_sha256", digest(500'000));
    fields.emplace_back("prompt_bytes", "230");
    return {
        "generator_mark",
        Grade::declared,
        "The file carries settings in the form that Stable Diffusion web UI writes. Anybody can "
        "write it.",
        {41, 812, OffsetKind::exact},
        std::move(fields)};
  }

  void signed_manifest(std::vector<Finding>& out) {
    const bool fits = random_() % 4 != 0;
    if (random_() % 2 == 0) out.push_back(camera());
    const Grade grade = fits ? Grade::verified : Grade::contradicted;
    Finding manifest{"c2pa_manifest",
                     grade,
                     fits ? "The file's Content Credentials are signed and bound to its bytes; the "
                            "signer is \"Example\", who is on none of the lists used."
                          : "The file holds Content Credentials whose signature does not fit what "
                            "they say.",
                     {600, 12'000, OffsetKind::exact},
                     {}};
    for (const char* name : {"structure", "signature", "binding_fits", "signer", "issuer",
                             "certificate_valid", "clock", "generator"}) {
      manifest.fields.emplace_back(name, "Example");
    }
    manifest.fields.emplace_back("list", "signers, 2026-01-01, SHA-256 00, 30 certificates");
    manifest.fields.emplace_back("list", "authorities, 2026-01-01, SHA-256 01, 9 certificates");
    out.push_back(std::move(manifest));
    out.push_back({"c2pa_source_type",
                   fits ? Grade::verified : Grade::declared,
                   "The Content Credentials declare the picture as: taken by a camera.",
                   {},
                   {{"source_type", random_() % 2 == 0 ? "digitalCapture"
                                                       : "compositeWithTrainedAlgorithmicMedia"}}});
  }

  std::mt19937_64 random_{11};
};

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "safelight-bench-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

void make_case(const std::filesystem::path& directory, uint64_t items) {
  const StillClock clock;
  NoLog log;
  auto writer =
      casefile::Writer::create(directory, "00000000-0000-4000-8000-000000000006", {}, clock, log);
  writer.add_source({casefile::SourceKind::folder, "/evidence", "fs", 2});
  CaseMaker maker;
  constexpr uint64_t kItemsOfACommit = 500;
  for (uint64_t first = 0; first < items; first += kItemsOfACommit) {
    writer.commit(maker.batch(first, std::min(kItemsOfACommit, items - first)));
  }
}

double peak_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1000;
}

void review_case(const std::filesystem::path& directory, const std::vector<ItemId>& items) {
  const StillClock clock;
  NoLog log;
  auto writer = casefile::ActWriter::open(directory, clock, log);
  constexpr size_t kItemsOfAnAct = 50;
  const auto decide = [&](std::string_view person, size_t end) {
    for (size_t first = 0; first < end; first += kItemsOfAnAct) {
      const std::string code(1, static_cast<char>('1' + first / kItemsOfAnAct % 5));
      writer.act({casefile::ActKind::category, std::string(person), code, "", {}},
                 std::span(items).subspan(first, std::min(kItemsOfAnAct, end - first)));
    }
  };
  decide("ada", items.size() / 2);
  decide("bo", items.size() / 20);
  constexpr size_t kOpened = 1'000;
  for (size_t i = 0; i < std::min(kOpened, items.size()); ++i) {
    writer.expose({items[i], i % 3 == 0 ? "ada" : "bo", "grey", static_cast<int64_t>(i), 900, ""});
  }
}

enum class Stage { scanned, reviewed };

template <auto Write, Stage kStage>
void write_report(benchmark::State& state) {
  const Folder folder;
  make_case(folder.path() / "case", static_cast<uint64_t>(state.range(0)));
  const auto reader = casefile::Reader::open(folder.path() / "case");
  {
    const StillClock clock;
    NoLog log;
    auto writer = casefile::TriageWriter::open(folder.path() / "case", clock, log);
    triage::update_review(writer, reader, {}, 2);
  }
  const triage::Review review = *triage::stored_review(reader);
  if constexpr (kStage == Stage::reviewed) review_case(folder.path() / "case", review.items);
  const auto acts = casefile::ActReader::open(folder.path() / "case");
  const std::filesystem::path file = folder.path() / "report";
  state.counters["peak_MB_before"] = peak_mb();
  for (auto _ : state) Write({reader, acts, review, 0, "bench"}, file);
  state.counters["peak_MB"] = peak_mb();
  state.counters["file_MB"] = static_cast<double>(std::filesystem::file_size(file)) / 1e6;
}

void html(const ReportInput& input, const std::filesystem::path& file) { write_html(input, file); }

BENCHMARK(write_report<html, Stage::scanned>)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(write_report<write_csv, Stage::scanned>)->Arg(100'000)->Unit(benchmark::kMillisecond);
BENCHMARK(write_report<write_json, Stage::scanned>)->Arg(100'000)->Unit(benchmark::kMillisecond);
BENCHMARK(write_report<html, Stage::reviewed>)->Arg(100'000)->Unit(benchmark::kMillisecond);
BENCHMARK(write_report<write_csv, Stage::reviewed>)->Arg(100'000)->Unit(benchmark::kMillisecond);
BENCHMARK(write_report<write_json, Stage::reviewed>)->Arg(100'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace safelight::report

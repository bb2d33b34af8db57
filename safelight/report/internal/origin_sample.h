#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "safelight/report/internal/sample_report.h"

/// A small case with evidence of origin of every grade, for the tests of this module.
namespace safelight::report::sample {

using Fields = std::vector<std::pair<std::string, std::string>>;

inline Finding generator_mark(Fields fields) {
  return {"generator_mark",
          Grade::declared,
          "The file carries what a generator writes.",
          {41, 812, OffsetKind::exact},
          std::move(fields)};
}

inline Finding camera_metadata(std::string model) {
  return {"camera_metadata",
          Grade::declared,
          "EXIF says with which camera.",
          {12, 300, OffsetKind::exact},
          {{"make", "Canon"}, {"model", std::move(model)}}};
}

inline Finding source_type(Grade grade, std::string type) {
  return {"c2pa_source_type",
          grade,
          "The Content Credentials declare the picture.",
          {},
          {{"source_type", std::move(type)}, {"list", "a"}, {"list", "b"}}};
}

inline Finding contradicted_manifest() {
  return {
      "c2pa_manifest", Grade::contradicted, "The signature of \"\x1b[1mX\" does not fit.", {}, {}};
}

inline Finding fact() {
  return {"jpeg_structure", Grade::fact, "The JPEG is baseline.", {}, {{"process", "baseline"}}};
}

/// Items by their names; "copy.png" holds the bytes of "second.png".
class OriginCase : public testing::Test {
 protected:
  OriginCase() {
    std::string name =
        (std::filesystem::temp_directory_path() / "safelight-report-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) folder_ = name;
    file_ = folder_ / "report";
    const Fields shared = {{"rule", "a1111.infotext"},
                           {"model", "m <1>\xe2\x80\xae"},
                           {"lora", "one"},
                           {"lora", "two"},
                           {"seed", "17"}};
    Fields second = shared;
    second.back().second = "18";
    add("camera.jpg", OriginScope::pixels, {fact(), camera_metadata("Canon EOS 5D")});
    add("both.jpg", OriginScope::metadata,
        {camera_metadata("Canon EOS 6D"),
         source_type(Grade::verified, "compositeWithTrainedAlgorithmicMedia")});
    add("first.png", OriginScope::metadata, {generator_mark(shared), generator_mark(shared)});
    add("second.png", OriginScope::metadata, {generator_mark(second)});
    add("forged.jpg", OriginScope::pixels, {fact(), contradicted_manifest()});
    add("plain.jpg", OriginScope::metadata, {fact()});
    add("deep.jpg", OriginScope::pixels, {});
    add("other.bin", OriginScope::none, {});
    casefile::Item copy = item("copy.png");
    copy.content = content_of_["second.png"];
    batch_.items.push_back(copy);
    write_case();
  }
  ~OriginCase() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  ReportInput input() { return {*reader_, *acts_, review_, 1'700'000'000'000'000'000, "0.1.0"}; }

  std::filesystem::path folder_;
  std::filesystem::path file_;
  triage::Review review_;
  std::unique_ptr<casefile::Reader> reader_;
  std::unique_ptr<casefile::ActReader> acts_;

 private:
  void add(const std::string& name, OriginScope scope, std::vector<Finding> findings) {
    casefile::ExaminedContent content;
    content.content.sha256 = sha256_of(std::as_bytes(std::span(name)));
    content.content.key = casefile::content_key(*content.content.sha256);
    content.examination.format = "jpeg";
    content.examination.coverage = Coverage::full;
    content.examination.origin = scope;
    content.examination.findings = std::move(findings);
    casefile::Item one = item(name);
    one.content = content_of_[name] = content.content.key;
    batch_.contents.push_back(std::move(content));
    batch_.items.push_back(std::move(one));
  }

  void write_case() {
    const StillClock clock;
    NoLog log;
    {
      auto writer = casefile::Writer::create(
          folder_ / "case", "00000000-0000-4000-8000-000000000005", {}, clock, log);
      writer.add_source({casefile::SourceKind::folder, "/evidence", "fs", 2});
      writer.commit(batch_);
    }
    reader_ = std::make_unique<casefile::Reader>(casefile::Reader::open(folder_ / "case"));
    review_ = reviewed(folder_ / "case");
    acts_ = std::make_unique<casefile::ActReader>(casefile::ActReader::open(folder_ / "case"));
  }

  casefile::Batch batch_;
  std::map<std::string, casefile::ContentKey> content_of_;
};

}  // namespace safelight::report::sample

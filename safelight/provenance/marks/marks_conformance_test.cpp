#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <map>

#include "safelight/provenance/marks/marks_for_test.h"

/// Against files that others made.
namespace safelight::marks {
namespace {

namespace fs = std::filesystem;

class MarksConformance : public testing::Test {
 protected:
  void SetUp() override {
    const char* given = std::getenv("SAFELIGHT_CONFORMANCE");
    folder_ = given == nullptr ? "../shared/data" : given;
    if (!fs::is_directory(folder_ / "generators")) {
      GTEST_SKIP() << "no conformance material in " << folder_;
    }
  }

  static std::string read(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  /// The generators that a file names, in the order of their names.
  static std::set<std::string> generators_in(const std::string& file) {
    std::set<std::string> names;
    for (const Finding& finding : findings_in(file)) {
      EXPECT_NE(finding.kind, "partly_examined");
      if (finding.kind == "generator_mark") names.insert(field(finding, "generator"));
    }
    return names;
  }

  fs::path folder_;
};

TEST_F(MarksConformance, EachGeneratorIsNamed) {
  const std::map<std::string, std::set<std::string>> truth = {
      {"automatic1111_cropped.jpg", {"AUTOMATIC1111;"}},
      {"automatic1111_cropped.png", {"AUTOMATIC1111;"}},
      {"empty_image.jpg", {}},
      {"empty_image.png", {}},
      {"img2img_cropped.png", {"ComfyUI;"}},
      {"night_evening_day_morning_cropped.png", {"ComfyUI;"}},
      {"text_after_idat.png", {"AUTOMATIC1111;"}},
  };
  for (const auto& [name, generators] : truth) {
    EXPECT_EQ(generators_in(read(folder_ / "generators" / name)), generators) << name;
  }
}

TEST_F(MarksConformance, GraphsOfPublishedExamplesAreRead) {
  size_t with_mark = 0;
  for (const auto& entry : fs::directory_iterator(folder_ / "generated")) {
    const std::string file = read(entry.path());
    const auto generators = generators_in(file);
    if (generators.empty()) continue;
    EXPECT_EQ(generators, std::set<std::string>{"ComfyUI;"}) << entry.path();
    EXPECT_FALSE(prompts_in(file).empty()) << entry.path();
    ++with_mark;
  }
  EXPECT_EQ(with_mark, 20u);
}

TEST_F(MarksConformance, CamerasAreNoGenerators) {
  size_t files = 0;
  size_t cameras = 0;
  for (const std::string folder : {"camera", "exif", "pdq"}) {
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / folder)) {
      if (!entry.is_regular_file()) continue;
      ++files;
      for (const Finding& finding : findings_in(read(entry.path()))) {
        EXPECT_NE(finding.kind, "generator_mark") << entry.path();
        EXPECT_NE(finding.kind, "declared_origin") << entry.path();
        EXPECT_NE(finding.kind, "partly_examined") << entry.path();
        cameras += finding.kind == "camera_metadata" ? 1 : 0;
      }
    }
  }
  EXPECT_GE(files, 100u);
  EXPECT_GE(cameras, 60u);
}

}  // namespace
}  // namespace safelight::marks

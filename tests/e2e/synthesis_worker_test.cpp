/// The synthesis worker's program, with a plug-in that a script in the repository writes.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "safelight/codec/still/jpeg/encode_jpeg.h"
#include "safelight/digest/sha256_stream.h"
#include "safelight/sandbox/memory_file.h"
#include "safelight/synthesis/cues/cue_detector.h"
#include "safelight/synthesis/cues/cue_panel.h"
#include "safelight/synthesis/plugins/runtime_for_test.h"
#include "safelight/synthesis/workers/assessor.h"
#include "safelight/synthesis/workers/model_places.h"

namespace safelight::synthesis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// A folder with one model, whose probability is the mean of red, and a card that is none.
class PluginFolder {
 public:
  PluginFolder()
      : path_(std::filesystem::temp_directory_path() /
              ("safelight-synthesis-worker-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
    const auto model = model_bytes("mean_of_red");
    write("mean_of_red.onnx", {reinterpret_cast<const char*>(model.data()), model.size()});
    write("mean_of_red.json", R"({"card": 1, "name": "mean of red", "model": "mean_of_red.onnx",
      "sha256": ")" + to_hex(sha256_of(model)) +
                                  R"(", "licence": "Apache-2.0", "source": "a script",
      "input": {"name": "picture", "width": 8, "height": 8, "layout": "nchw",
                "channel_order": "rgb"},
      "resize": {"policy": "none"}, "crop": {"policy": "centre"},
      "normalisation": {"value_range": "0..1", "mean": [0, 0, 0], "std": [1, 1, 1]},
      "output": {"name": "score", "proposition": "synthetic", "form": "probability", "values": 1,
                 "index": 0}})");
    write("broken.json", "{");
  }
  ~PluginFolder() { std::filesystem::remove_all(path_); }
  PluginFolder(const PluginFolder&) = delete;
  PluginFolder& operator=(const PluginFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  void write(const std::string& name, const std::string& text) {
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  std::filesystem::path path_;
};

AssessorOptions options(const ModelPlaces& places) {
  AssessorOptions out;
  out.program = SAFELIGHT_SYNTHESIS_WORKER;
  out.arguments = to_arguments(places);
  return out;
}

FileSource jpeg(const Picture& picture, int quality) {
  const auto file = codec::encode_jpeg(picture, {quality, codec::Chroma::full});
  return std::move(*FileSource::from_descriptor(
      Descriptor(::dup(sandbox::MemoryFile::copy_of(*file).descriptor()))));
}

Picture grey(uint8_t value) { return {{320, 240, 1}, std::vector<uint8_t>(320 * 240, value)}; }

/// Seeded noise in which neighbours are alike, as in a photograph.
Picture noise() {
  Picture picture{{640, 480, 3}, std::vector<uint8_t>(640 * 480 * 3)};
  uint32_t state = 1;
  int value = 128;
  for (uint8_t& sample : picture.samples) {
    state = state * 1'664'525 + 1'013'904'223;
    value = std::clamp(value + static_cast<int>(state >> 27) - 15, 20, 235);
    sample = static_cast<uint8_t>(value);
  }
  return picture;
}

TEST(SynthesisWorker, AsksTheBuiltInDetectorAndLosesNoWordOfIt) {
  auto assessor = Assessor::start(options({}));
  EXPECT_TRUE(assessor.remarks().empty());
  ASSERT_EQ(assessor.detectors().size(), 1U);
  EXPECT_EQ(assessor.detectors()[0].name, "built-in cues");
  const Picture picture = noise();
  auto detector = CueDetector::create(built_in_cue_model());
  ASSERT_TRUE(detector);
  EXPECT_EQ(assessor.detectors()[0], detector->identity());
  const auto here = detector->assess({picture, {Storage::jpeg, 100}});
  const auto file = jpeg(picture, 100);
  const auto there = assessor.assess({file, 0, file.size_bytes(), codec::Format::jpeg}, "clean");
  ASSERT_TRUE(there);
  ASSERT_TRUE(there->by_detector[0].score) << there->by_detector[0].not_assessable;
  ASSERT_EQ(there->by_detector[0].cues.size(), here.cues.size());
  // The panel in full follows the terms that moved the score, which may be others after a JPEG.
  for (size_t i = 5; i < here.cues.size(); ++i)
    EXPECT_EQ(there->by_detector[0].cues[i].name, here.cues[i].name);
  for (size_t i = 0; i < 5; ++i) {
    const std::string& name = there->by_detector[0].cues[i].name;
    EXPECT_TRUE(std::ranges::any_of(cue_definitions(), [&](const CueDefinition& cue) {
      return name.ends_with(": " + std::string(cue.meaning));
    })) << name;
  }
}

TEST(SynthesisWorker, ArgumentsThatAreNoneAreAFault) {
  AssessorOptions wrong = options({});
  wrong.arguments = {"--models", "/x"};
  EXPECT_ANY_THROW(Assessor::start(wrong));
}

class SynthesisWorkerWithRuntime : public WithRuntime {};

TEST_F(SynthesisWorkerWithRuntime, AsksThePluginsOfAFolder) {
  const PluginFolder folder;
  auto assessor = Assessor::start(options({folder.path(), {runtime().library()}}));
  EXPECT_THAT(assessor.remarks(), ElementsAre(HasSubstr("broken.json")));
  ASSERT_FALSE(assessor.detectors().empty());
  EXPECT_EQ(assessor.detectors().back().name, "mean of red");
  const auto file = jpeg(grey(51), 95);
  for (const char* condition : {"clean", "jpeg_30", "resize_50_lanczos"}) {
    const auto said = assessor.assess({file, 0, file.size_bytes(), codec::Format::jpeg}, condition);
    ASSERT_TRUE(said) << said.error().rule;
    ASSERT_TRUE(said->by_detector.back().score) << said->by_detector.back().not_assessable;
    // The log odds of 51 / 255.
    EXPECT_NEAR(*said->by_detector.back().score, std::log(0.25), 0.05) << condition;
  }
}

}  // namespace
}  // namespace safelight::synthesis

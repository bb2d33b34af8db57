/// The synthesis worker's program, with a plug-in that a script in the repository writes.
#include <cmath>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "safelight/codec/still/jpeg/encode_jpeg.h"
#include "safelight/digest/sha256_stream.h"
#include "safelight/sandbox/memory_file.h"
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

FileSource grey_jpeg(uint8_t grey) {
  const Picture picture{{320, 240, 1}, std::vector<uint8_t>(320 * 240, grey)};
  const auto jpeg = codec::encode_jpeg(picture, {.quality = 95});
  return std::move(*FileSource::from_descriptor(
      Descriptor(::dup(sandbox::MemoryFile::copy_of(*jpeg).descriptor()))));
}

TEST(SynthesisWorker, StartsWithoutPluginsAndConfined) {
  const auto assessor = Assessor::start(options({}));
  EXPECT_TRUE(assessor.remarks().empty());
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
  const auto file = grey_jpeg(51);
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

#include "safelight/synthesis/workers/load_detectors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "safelight/synthesis/cues/cue_detector.h"
#include "safelight/synthesis/plugins/runtime_for_test.h"

namespace safelight::synthesis {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

TEST(LoadDetectors, WithoutAFolderNothingIsAskedOfARuntime) {
  const auto loaded = load_detectors({.plugin_folder = {}, .runtimes = {"/nowhere/runtime.so"}});
  EXPECT_TRUE(loaded.remarks.empty());
  ASSERT_EQ(loaded.detectors.size(), 1u);
  EXPECT_EQ(loaded.detectors[0]->identity(), CueDetector::create(built_in_cue_model())->identity());
}

TEST(LoadDetectors, AMissingRuntimeIsARemark) {
  const auto loaded =
      load_detectors({.plugin_folder = "testdata/onnx", .runtimes = {"/nowhere/runtime.so"}});
  EXPECT_EQ(loaded.detectors.size(), 1u) << "the built-in one";
  EXPECT_THAT(loaded.remarks, ElementsAre(StartsWith("plug-ins are not used: ")));
}

class LoadDetectorsWithRuntime : public WithRuntime {};

TEST_F(LoadDetectorsWithRuntime, AMissingFolderIsARemark) {
  const auto loaded =
      load_detectors({.plugin_folder = "/nowhere/models", .runtimes = {runtime().library()}});
  EXPECT_EQ(loaded.detectors.size(), 1u) << "the built-in one";
  EXPECT_THAT(loaded.remarks, ElementsAre(StartsWith("the folder of plug-ins cannot be used: ")));
}

}  // namespace
}  // namespace safelight::synthesis

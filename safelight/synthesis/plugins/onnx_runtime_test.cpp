#include "safelight/synthesis/plugins/onnx_runtime.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "safelight/base/sanitizers.h"
#include "safelight/synthesis/plugins/internal/self_test.h"
#include "safelight/synthesis/plugins/runtime_for_test.h"

namespace safelight::synthesis {
namespace {

using testing::HasSubstr;

Result<OnnxRuntime> load_from(const std::filesystem::path& place, std::string& complaint) {
  return OnnxRuntime::load(std::span(&place, 1), complaint);
}

TEST(OnnxRuntime, SaysWhatIsMissingAndHowToGetIt) {
  std::string complaint;
  const auto runtime = load_from("/nowhere/libonnxruntime.so.1", complaint);
  ASSERT_FALSE(runtime);
  EXPECT_EQ(runtime.error(), (Error{ErrorCode::not_found, "onnx.runtime-missing"}));
  EXPECT_THAT(complaint, HasSubstr("/nowhere/libonnxruntime.so.1"));
  EXPECT_THAT(complaint, HasSubstr("tools/fetch_onnxruntime"));
  EXPECT_EQ(load_from("libonnxruntime.so.no-such", complaint).error().code, ErrorCode::not_found);
}

TEST(OnnxRuntime, AFileThatDoesNotLoadIsBrokenAndNotMissing) {
  std::string complaint;
  EXPECT_EQ(load_from("testdata/onnx/self_test.onnx", complaint).error(),
            (Error{ErrorCode::malformed, "onnx.runtime-not-loadable"}));
  EXPECT_THAT(complaint, HasSubstr("cannot load ONNX Runtime"));
}

TEST(OnnxRuntime, AnotherLibraryIsNotTakenForIt) {
  std::string complaint;
  EXPECT_EQ(load_from("libm.so.6", complaint).error(),
            (Error{ErrorCode::malformed, "onnx.runtime-not-loadable"}));
}

TEST(OnnxRuntime, OnlyTestedVersionsAreTaken) {
  for (const char* version : {"1.23.0", "1.24.3", "1.27.0", "1.27"}) {
    EXPECT_TRUE(is_tested_runtime_version(version)) << version;
  }
  for (const char* version :
       {"1.22.9", "1.28.0", "1.30.0", "1.270.0", "1.2", "2.24.0", "1.x", "1.", "1", "", "1.24-x"}) {
    EXPECT_FALSE(is_tested_runtime_version(version)) << version;
  }
}

TEST(OnnxRuntime, TheVariableNamesTheOnlyPlace) {
  const char* before = std::getenv("SAFELIGHT_ONNXRUNTIME");
  const std::string kept = before == nullptr ? "" : before;
  ::setenv("SAFELIGHT_ONNXRUNTIME", "/a/b.so", 1);
  EXPECT_EQ(default_runtime_places(), (std::vector<std::filesystem::path>{"/a/b.so"}));
  ::unsetenv("SAFELIGHT_ONNXRUNTIME");
  EXPECT_EQ(default_runtime_places().size(), 2U);
  EXPECT_TRUE(default_runtime_places()[0].is_absolute());
  if (!kept.empty()) ::setenv("SAFELIGHT_ONNXRUNTIME", kept.c_str(), 1);
}

TEST(OnnxRuntime, TheSelfTestModelIsTheOneOfTheScript) {
  const auto written = model_bytes("self_test");
  EXPECT_TRUE(std::ranges::equal(self_test_model(), written));
}

TEST(OnnxRuntime, TheStatusNamesWhatIsMissing) {
  const std::filesystem::path place = "/nowhere/at-all.so";
  EXPECT_THAT(runtime_status(std::span(&place, 1)), HasSubstr("/nowhere/at-all.so"));
}

using LoadedOnnxRuntime = WithRuntime;

TEST_F(LoadedOnnxRuntime, TellsItsVersionAndPlace) {
  EXPECT_TRUE(is_tested_runtime_version(runtime().version()));
  EXPECT_THAT(runtime_status(default_runtime_places()),
              HasSubstr("ONNX Runtime " + runtime().version()));
}

TEST_F(LoadedOnnxRuntime, LoadingStartsNoThread) {
  if (kSanitizerBuild) GTEST_SKIP() << "a sanitizer may have threads of its own";
  const std::filesystem::directory_iterator tasks("/proc/self/task");
  EXPECT_EQ(std::distance(begin(tasks), end(tasks)), 1);
}

}  // namespace
}  // namespace safelight::synthesis

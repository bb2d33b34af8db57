#pragma once

#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <string>
#include <vector>

#include "safelight/synthesis/plugins/onnx_runtime.h"

namespace safelight::synthesis {

/// A file of testdata/onnx, whose models tools/make_onnx_models.py writes.
inline std::vector<std::byte> model_bytes(const std::string& name) {
  std::ifstream in("testdata/onnx/" + name + ".onnx", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  EXPECT_FALSE(text.empty()) << name;
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

/// Tests that need ONNX Runtime, skipped with the reason where it is missing.
class WithRuntime : public testing::Test {
 protected:
  void SetUp() override {
    static std::string complaint;
    static const auto loaded = OnnxRuntime::load(default_runtime_places(), complaint);
    if (!loaded && loaded.error().code == ErrorCode::not_found) GTEST_SKIP() << complaint;
    ASSERT_TRUE(loaded) << complaint;
    runtime_ = &*loaded;
  }
  [[nodiscard]] const OnnxRuntime& runtime() const { return *runtime_; }

 private:
  const OnnxRuntime* runtime_ = nullptr;
};

}  // namespace safelight::synthesis

#include "safelight/synthesis/plugins/load_plugins.h"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "safelight/digest/sha256_stream.h"
#include "safelight/hash/digests.h"
#include "safelight/synthesis/plugins/runtime_for_test.h"

namespace safelight::synthesis {
namespace {

using testing::HasSubstr;

class LoadPlugins : public WithRuntime {
 protected:
  LoadPlugins() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() /
              ("safelight-plugins-" + std::to_string(::getpid()) + "-" + test->name());
    std::filesystem::create_directories(folder_);
  }
  ~LoadPlugins() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  /// Lays a model of the script into the folder, and a card for it.
  void add(const std::string& model, const std::string& card, const std::string& name,
           const std::string& proposition = "synthetic", std::string digest = {}) {
    const auto bytes = model_bytes(model);
    write(model + ".onnx", {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    if (digest.empty()) digest = to_hex(sha256_of(bytes));
    write(card, R"({"card": 1, "name": ")" + name + R"(", "model": ")" + model +
                    R"(.onnx", "sha256": ")" + digest +
                    R"(", "licence": "Apache-2.0", "source": "a script",
      "input": {"name": "picture", "width": 8, "height": 8, "layout": "nchw",
                "channel_order": "rgb"},
      "resize": {"policy": "none"}, "crop": {"policy": "centre"},
      "normalisation": {"value_range": "0..1", "mean": [0, 0, 0], "std": [1, 1, 1]},
      "output": {"name": "score", "proposition": ")" +
                    proposition + R"(", "form": "logit", "values": 1, "index": 0}})");
  }
  LoadedPlugins load(const PluginOptions& options = {}) {
    auto plugins = load_plugins(runtime(), folder_, options);
    EXPECT_TRUE(plugins);
    return plugins ? std::move(*plugins) : LoadedPlugins{};
  }
  /// The only card of the folder, refused.
  RefusedPlugin refusal(const PluginOptions& options = {}) {
    LoadedPlugins plugins = load(options);
    EXPECT_TRUE(plugins.detectors.empty());
    EXPECT_EQ(plugins.refused.size(), 1U);
    return plugins.refused.empty() ? RefusedPlugin{} : plugins.refused.front();
  }

  std::filesystem::path folder_;
};

TEST_F(LoadPlugins, EveryGoodCardBecomesADetectorInTheOrderOfNames) {
  add("mean_of_red", "b.json", "second");
  add("edges", "a.json", "first");
  write("readme.txt", "no card");
  const LoadedPlugins plugins = load();
  EXPECT_TRUE(plugins.refused.empty());
  ASSERT_EQ(plugins.detectors.size(), 2U);
  EXPECT_EQ(plugins.detectors[0].identity().name, "first");
  EXPECT_EQ(plugins.detectors[1].identity().name, "second");
}

TEST_F(LoadPlugins, OneBadCardDoesNotKeepTheOthersOut) {
  add("mean_of_red", "a.json", "good");
  add("unknown_operator", "b.json", "bad");
  write("c.json", "{");
  const LoadedPlugins plugins = load();
  EXPECT_EQ(plugins.detectors.size(), 1U);
  ASSERT_EQ(plugins.refused.size(), 2U);
  EXPECT_EQ(plugins.refused[0].card_file, "b.json");
  EXPECT_EQ(plugins.refused[0].error.rule, "onnx.invalid-graph");
  EXPECT_EQ(plugins.refused[1].error, Error::at(ErrorCode::truncated, "card.json", 1));
  EXPECT_THAT(plugins.refused[1].reason, HasSubstr("truncated, card.json at byte 1"));
}

TEST_F(LoadPlugins, AClassifierOfAnythingElseIsRefusedWithAStatement) {
  add("mean_of_red", "a.json", "other", "nudity");
  EXPECT_EQ(refusal().reason, kOtherOutputRefused);
}

TEST_F(LoadPlugins, ACardWithoutAPropositionIsRefusedWithTheSameStatement) {
  write("a.json", R"({"card": 1, "output": {"classes": 2}})");
  EXPECT_EQ(refusal().reason, kOtherOutputRefused);
}

TEST_F(LoadPlugins, AWrongHashIsRefused) {
  add("mean_of_red", "a.json", "other", "synthetic", std::string(64, '0'));
  EXPECT_EQ(refusal().error, (Error{ErrorCode::integrity_mismatch, "plugin.model-digest"}));
}

TEST_F(LoadPlugins, AMissingModelIsRefused) {
  add("mean_of_red", "a.json", "good");
  std::filesystem::remove(folder_ / "mean_of_red.onnx");
  const RefusedPlugin refused = refusal();
  EXPECT_EQ(refused.error.code, ErrorCode::not_found);
  EXPECT_THAT(refused.reason, HasSubstr("mean_of_red.onnx cannot be read"));
}

TEST_F(LoadPlugins, ALinkIsNoModel) {
  add("mean_of_red", "a.json", "good");
  std::filesystem::rename(folder_ / "mean_of_red.onnx", folder_ / "elsewhere");
  std::filesystem::create_symlink("elsewhere", folder_ / "mean_of_red.onnx");
  EXPECT_THAT(refusal().reason, HasSubstr("cannot be read"));
}

TEST_F(LoadPlugins, AModelOverTheLimitIsRefused) {
  add("mean_of_red", "a.json", "good");
  EXPECT_EQ(refusal({{}, 100}).error, (Error{ErrorCode::limit_exceeded, "plugin.model-bytes"}));
}

TEST_F(LoadPlugins, ACardOverTheLimitIsRefused) {
  write("a.json", std::string(kMaxCardBytes + 1, ' '));
  EXPECT_EQ(refusal().error, (Error{ErrorCode::limit_exceeded, "card.bytes"}));
}

TEST_F(LoadPlugins, TwoDetectorsOfOneNameAreRefused) {
  add("mean_of_red", "a.json", "same");
  add("edges", "b.json", "same");
  const LoadedPlugins plugins = load();
  EXPECT_EQ(plugins.detectors.size(), 1U);
  ASSERT_EQ(plugins.refused.size(), 1U);
  EXPECT_EQ(plugins.refused[0].error.rule, "plugin.name-twice");
}

TEST_F(LoadPlugins, AnEmptyFolderHasNoneAndAMissingOneIsAnError) {
  EXPECT_TRUE(load().detectors.empty());
  const auto plugins = load_plugins(runtime(), folder_ / "missing", {});
  ASSERT_FALSE(plugins);
  EXPECT_EQ(plugins.error(), (Error{ErrorCode::not_found, "plugin.folder"}));
  EXPECT_EQ(load_plugins(runtime(), "testdata/MANIFEST.tsv", {}).error().code,
            ErrorCode::unreadable);
}

TEST_F(LoadPlugins, MoreCardsThanTheLimitAreRefused) {
  for (size_t i = 0; i <= kMaxPlugins; ++i) write(std::to_string(i) + ".json", "{}");
  EXPECT_EQ(load_plugins(runtime(), folder_, {}).error(),
            (Error{ErrorCode::limit_exceeded, "plugin.cards"}));
}

}  // namespace
}  // namespace safelight::synthesis

#include "safelight/codec/still/still.h"

#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "safelight/codec/conformance_for_test.h"
#include "safelight/codec/decode_for_test.h"

namespace safelight::codec {
namespace {

TEST(Still, RefusesFormatsThatAnotherWorkerOpens) {
  const std::string bytes = "anything";
  const auto file = std::as_bytes(std::span(bytes));
  for (int i = 0; i <= static_cast<int>(Format::text); ++i) {
    const auto format = static_cast<Format>(i);
    if (handling_of(format) == Handling::still_worker) continue;
    EXPECT_EQ(still_layout(format, file, {}).error().rule, "still.format") << to_text(format);
    EXPECT_EQ(decode_still(format, file, std::nullopt, {}).error().code, ErrorCode::unsupported);
  }
}

TEST(Still, IsAnErrorOfItsOwnForEveryFormatOfOtherBytes) {
  for (const Format format :
       {Format::png, Format::webp, Format::gif, Format::tiff, Format::bmp, Format::jxl}) {
    const std::string bytes = "anything that is no picture at all, of any kind";
    const auto file = std::as_bytes(std::span(bytes));
    const auto layout = still_layout(format, file, {});
    ASSERT_FALSE(layout) << to_text(format);
    EXPECT_TRUE(layout.error().rule.starts_with(to_text(format))) << layout.error().rule;
    const auto decoded = decode_still(format, file, std::nullopt, {});
    ASSERT_FALSE(decoded) << to_text(format);
    EXPECT_TRUE(decoded.error().rule.starts_with(to_text(format))) << decoded.error().rule;
    EXPECT_EQ(still_layout(format, {}, {}).error().code, ErrorCode::truncated);
    EXPECT_EQ(decode_still(format, {}, std::nullopt, {}).error().code, ErrorCode::truncated);
  }
}

/// Files of the conformance data that are broken on purpose, and how they are refused.
std::string_view expected_refusal(const std::filesystem::path& path) {
  return path.filename() == "tiff_poc.tiff" ? "tiff.no-size" : "";
}

TEST(StillConformance, DecodesWhatOthersWrote) {
  const auto wanted = [](Format format) {
    // JPEG has a conformance test of its own.
    return handling_of(format) == Handling::still_worker && format != Format::jpeg;
  };
  const auto count = for_each_file_of_others(wanted, [](const auto& path, const auto file) {
    const Format format = sniff(file);
    const auto layout = still_layout(format, file, {});
    const auto whole = decode_whole([&](const DecodeRequest& request) {
      return decode_still(format, file, std::nullopt, request);
    });
    const std::string_view refusal = expected_refusal(path);
    if (!refusal.empty()) {
      ASSERT_FALSE(whole) << path;
      EXPECT_EQ(whole.error().rule, refusal) << path;
      return;
    }
    ASSERT_TRUE(whole) << path << ' ' << whole.error().rule;
    EXPECT_FALSE(whole->decoded.incomplete) << path;
    ASSERT_TRUE(layout) << path;
    EXPECT_EQ(layout->width, whole->picture.shape.width) << path;
    EXPECT_EQ(layout->height, whole->picture.shape.height) << path;
    if (path.extension() == ".jpg") return;  // Misnamed, as one of them is.
    EXPECT_TRUE(extension_fits(path.extension().string().substr(1), format)) << path;
  });
  if (!count) GTEST_SKIP() << "no conformance material: SAFELIGHT_CONFORMANCE names its folder";
  EXPECT_GT(*count, 0u);
}

}  // namespace
}  // namespace safelight::codec

#include "safelight/codec/still/still.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <string>
#include <vector>

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

std::vector<char> read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {(std::istreambuf_iterator<char>(in)), {}};
}

/// Files of the conformance data that are broken on purpose, and how they are refused.
std::string_view expected_refusal(const std::filesystem::path& path) {
  return path.filename() == "tiff_poc.tiff" ? "tiff.no-size" : "";
}

TEST(StillConformance, DecodesWhatOthersWrote) {
  const char* named = std::getenv("SAFELIGHT_CONFORMANCE");
  const std::filesystem::path root = named != nullptr ? named : "../shared/data";
  if (!std::filesystem::is_directory(root)) GTEST_SKIP() << root << " is not there";
  int decoded = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    // JPEG, which most of them are, has a conformance test of its own.
    const auto extension = entry.path().extension();
    if (!entry.is_regular_file() || extension == ".jpg" || extension == ".mp4") continue;
    const std::vector<char> bytes = read_file(entry.path());
    const auto file = std::as_bytes(std::span(bytes));
    const Format format = sniff(file);
    if (handling_of(format) != Handling::still_worker || format == Format::jpeg) continue;
    const auto layout = still_layout(format, file, {});
    const auto whole = decode_whole([&](const DecodeRequest& request) {
      return decode_still(format, file, std::nullopt, request);
    });
    const std::string_view refusal = expected_refusal(entry.path());
    if (!refusal.empty()) {
      ASSERT_FALSE(whole) << entry.path();
      EXPECT_EQ(whole.error().rule, refusal) << entry.path();
      continue;
    }
    ASSERT_TRUE(whole) << entry.path() << ' ' << whole.error().rule;
    EXPECT_FALSE(whole->decoded.incomplete) << entry.path();
    ASSERT_TRUE(layout) << entry.path();
    EXPECT_EQ(layout->width, whole->picture.shape.width) << entry.path();
    EXPECT_EQ(layout->height, whole->picture.shape.height) << entry.path();
    EXPECT_TRUE(extension_fits(extension.string().substr(1), format)) << entry.path();
    ++decoded;
  }
  EXPECT_GT(decoded, 0);
}

}  // namespace
}  // namespace safelight::codec

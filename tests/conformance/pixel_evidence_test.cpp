/// What the pixels of files that others made say.
#include <cstdio>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "tests/examine_pixels.h"

#include "safelight/codec/conformance_for_test.h"
#include "safelight/provenance/watermark/known_marks.h"

namespace safelight::scan {
namespace {

namespace fs = std::filesystem;

fs::path conformance_folder() {
  const char* set = std::getenv("SAFELIGHT_CONFORMANCE");
  return set != nullptr ? set : "../shared/data";
}

bool is_still(codec::Format format) {
  return codec::handling_of(format) == codec::Handling::still_worker;
}

/// Calls `take` for the pictures in a folder of the material; false where there is none.
bool for_each_picture(const fs::path& folder,
                      const std::function<void(const fs::path&, const PixelEvidence&)>& take) {
  if (!fs::is_directory(folder)) return false;
  std::set<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder)) paths.insert(entry.path());
  for (const fs::path& path : paths) {
    std::ifstream in(path, std::ios::binary);
    const std::vector<char> chars((std::istreambuf_iterator<char>(in)), {});
    const auto file = std::as_bytes(std::span(chars));
    if (is_still(codec::sniff(file.first(std::min(file.size(), codec::kSniffBytes))))) {
      take(path, examine_pixels(file));
    }
  }
  return true;
}

size_t count_of(const PixelEvidence& evidence, std::string_view kind) {
  size_t count = 0;
  for (const Finding& finding : evidence.findings) count += finding.kind == kind ? 1 : 0;
  return count;
}

void print(const char* what, const std::map<std::string, size_t>& kinds) {
  std::printf("%s:", what);
  for (const auto& [kind, count] : kinds) std::printf(" %s %zu", kind.c_str(), count);
  std::printf("\n");
}

TEST(PixelEvidenceConformance, CameraPhotographsCarryNoWatermarkOrHiddenText) {
  std::map<std::string, size_t> kinds;
  const bool there = for_each_picture(
      conformance_folder() / "camera", [&](const fs::path& path, const PixelEvidence& evidence) {
        ASSERT_EQ(count_of(evidence, "pixels_examined"), 1u) << path;
        EXPECT_EQ(count_of(evidence, "watermark"), 0u) << path;
        EXPECT_EQ(count_of(evidence, "stealth_text"), 0u) << path;
        EXPECT_EQ(count_of(evidence, "partly_examined"), 0u) << path;
        for (const Finding& finding : evidence.findings) ++kinds[finding.kind];
      });
  if (!there) GTEST_SKIP() << "no photographs in " << conformance_folder();
  print("camera", kinds);
  EXPECT_GT(kinds["pixels_examined"], 0u);
}

/// How many bits of the payload the better of the upstream decoders gets right, by file name.
std::map<std::string, std::pair<std::string, uint32_t>> upstream_bits(const fs::path& table) {
  std::map<std::string, std::pair<std::string, uint32_t>> out;
  std::ifstream in(table);
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::istringstream fields(line);
    std::string image;
    std::string scheme;
    uint32_t bits = 0;
    uint32_t integer = 0;
    uint32_t floating = 0;
    fields >> image >> scheme >> bits >> integer >> floating;
    if (image.empty() || scheme.find('@') != std::string::npos) continue;
    out[image + "__" + scheme + ".png"] = {scheme, std::max(integer, floating)};
  }
  return out;
}

TEST(PixelEvidenceConformance, MarkedPicturesAreFoundWhereUpstreamReadsThem) {
  const fs::path folder = conformance_folder() / "watermark";
  const auto truth = upstream_bits(folder / "upstream-decoder.tsv");
  if (truth.empty()) GTEST_SKIP() << "no upstream decoder results in " << folder;
  size_t found = 0;
  for_each_picture(folder, [&](const fs::path& path, const PixelEvidence& evidence) {
    const auto row = truth.find(path.filename().string());
    ASSERT_NE(row, truth.end()) << path;
    size_t expected = 0;
    for (const provenance::KnownMark& mark : provenance::known_marks()) {
      const auto& [scheme, bits] = row->second;
      if (mark.name == scheme && bits >= mark.found_bits) expected = 1;
    }
    EXPECT_EQ(count_of(evidence, "watermark"), expected) << path;
    found += expected;
  });
  EXPECT_GT(found, 0u);
}

TEST(PixelEvidenceConformance, GeneratedPicturesAreExamined) {
  std::map<std::string, size_t> kinds;
  bool there = false;
  for (const char* name : {"generated", "generators"}) {
    there |= for_each_picture(conformance_folder() / name,
                              [&](const fs::path& path, const PixelEvidence& evidence) {
                                ASSERT_EQ(count_of(evidence, "pixels_examined"), 1u) << path;
                                EXPECT_EQ(count_of(evidence, "partly_examined"), 0u) << path;
                                for (const Finding& f : evidence.findings) ++kinds[f.kind];
                              });
  }
  if (!there) GTEST_SKIP() << "no generated pictures in " << conformance_folder();
  print("generated", kinds);
}

}  // namespace
}  // namespace safelight::scan

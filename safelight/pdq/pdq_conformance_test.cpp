/// Every row of the golden files that Meta's C++ made, in both modes, fingerprint and quality.
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <map>
#include <png.h>
#include <sstream>
#include <string>
#include <vector>

#include "safelight/pdq/full.h"
#include "safelight/pdq/reference.h"
#include "safelight/picture/jpeg_for_test.h"
#include "safelight/picture/nearest.h"

namespace safelight::pdq {
namespace {

namespace fs = std::filesystem;

fs::path conformance_folder() {
  const char* set = std::getenv("SAFELIGHT_CONFORMANCE");
  return fs::path(set != nullptr ? set : "../shared/data") / "pdq";
}

Picture decode_jpeg(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::vector<char> file((std::istreambuf_iterator<char>(in)), {});
  return plain_pixels(std::as_bytes(std::span(file)));
}

/// Three channels; alpha is dropped, as the reference's pipe through PNM does.
Picture decode_png(const fs::path& path) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  EXPECT_NE(png_image_begin_read_from_file(&image, path.c_str()), 0) << image.message;
  image.format = PNG_FORMAT_RGBA;
  std::vector<uint8_t> rgba(PNG_IMAGE_SIZE(image));
  EXPECT_NE(png_image_finish_read(&image, nullptr, rgba.data(), 0, nullptr), 0) << image.message;
  Picture picture;
  picture.shape = {image.width, image.height, 3};
  for (size_t i = 0; i < rgba.size(); i += 4) {
    picture.samples.insert(picture.samples.end(), &rgba[i], &rgba[i + 3]);
  }
  return picture;
}

Picture decode(const fs::path& path) {
  return path.extension() == ".png" ? decode_png(path) : decode_jpeg(path);
}

struct Row {
  std::string orientation;
  std::string fingerprint;
  int quality = 0;
};

std::map<std::string, std::vector<Row>> read_golden(const fs::path& path) {
  std::map<std::string, std::vector<Row>> golden;
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  EXPECT_EQ(line, "file,orientation,fingerprint,quality");
  while (std::getline(in, line)) {
    std::istringstream fields(line);
    std::string file;
    Row row;
    std::string quality;
    std::getline(fields, file, ',');
    std::getline(fields, row.orientation, ',');
    std::getline(fields, row.fingerprint, ',');
    std::getline(fields, quality);
    row.quality = std::stoi(quality);
    golden[file].push_back(row);
  }
  return golden;
}

template <class Hash>
void expect_golden(const char* golden_name, size_t expected_files, Hash hash) {
  const fs::path folder = conformance_folder();
  if (!fs::exists(folder / golden_name)) {
    GTEST_SKIP() << "no " << (folder / golden_name).string()
                 << ": set SAFELIGHT_CONFORMANCE to the conformance material to run this";
  }
  const auto golden = read_golden(folder / golden_name);
  EXPECT_EQ(golden.size(), expected_files);
  for (const auto& [file, rows] : golden) {
    const Picture picture = decode(folder / file);
    for (const SimdLevel level : {SimdLevel::scalar, detect_simd_level()}) {
      const Result<OrientationHashes> hashes = hash(level, picture);
      ASSERT_TRUE(hashes.has_value()) << file;
      ASSERT_EQ(rows.size(), kOrientations) << file;
      for (size_t i = 0; i < kOrientations; ++i) {
        EXPECT_EQ(to_text(static_cast<Orientation>(i)), rows[i].orientation) << file;
        EXPECT_EQ(to_hex((*hashes)[i].fingerprint), rows[i].fingerprint)
            << file << ' ' << rows[i].orientation;
        EXPECT_EQ((*hashes)[i].quality, rows[i].quality) << file << ' ' << rows[i].orientation;
      }
    }
  }
}

TEST(PdqConformance, ReferenceModeAgreesWithEveryGoldenRow) {
  expect_golden("golden.csv", 27, [](SimdLevel level, const Picture& picture) {
    NearestSink sink;
    sink.begin(picture.shape);
    sink.rows(0, picture.samples);
    return ReferenceHasher(level).hash_all_orientations(sink.picture());
  });
}

TEST(PdqConformance, FullModeAgreesWithEveryGoldenRow) {
  expect_golden("golden-full.csv", 26, [](SimdLevel level, const Picture& picture) {
    FullHasher hasher(level);
    hasher.begin(picture.shape);
    hasher.rows(0, picture.samples);
    return hasher.finish();
  });
}

}  // namespace
}  // namespace safelight::pdq

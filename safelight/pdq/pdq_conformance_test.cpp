/// Every row of the golden files that Meta's C++ made, in both modes, fingerprint and quality.
#include <cstdio>
#include <cstdlib>
// jpeglib.h needs cstdio before it.
#include <array>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <jpeglib.h>
#include <map>
#include <memory>
#include <png.h>
#include <sstream>
#include <string>
#include <vector>

#include "safelight/pdq/full.h"
#include "safelight/pdq/reference.h"
#include "safelight/picture/nearest.h"

namespace safelight::pdq {
namespace {

namespace fs = std::filesystem;

fs::path conformance_folder() {
  const char* set = std::getenv("SAFELIGHT_CONFORMANCE");
  return fs::path(set != nullptr ? set : "../shared/data") / "pdq";
}

/// With default settings; the files are trusted, so an error may exit.
Picture decode_jpeg(const fs::path& path) {
  const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  jpeg_error_mgr errors;
  jpeg_decompress_struct in;
  in.err = jpeg_std_error(&errors);
  jpeg_create_decompress(&in);
  jpeg_stdio_src(&in, file.get());
  jpeg_read_header(&in, TRUE);
  in.out_color_space = in.num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_start_decompress(&in);
  Picture picture;
  picture.shape = {in.output_width, in.output_height, static_cast<uint32_t>(in.output_components)};
  picture.samples.resize(picture.shape.height * picture.shape.row_bytes());
  while (in.output_scanline < in.output_height) {
    uint8_t* row = picture.samples.data() + in.output_scanline * picture.shape.row_bytes();
    jpeg_read_scanlines(&in, &row, 1);
  }
  jpeg_finish_decompress(&in);
  jpeg_destroy_decompress(&in);
  return picture;
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

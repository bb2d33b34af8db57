/// Every row of what the upstream decoders say of pictures that the upstream encoders marked, on
/// the PNG and after JPEG.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <png.h>
#include <sstream>
#include <string>
#include <vector>

#include "safelight/picture/jpeg_for_test.h"
#include "safelight/provenance/watermark/dwt_mark.h"

namespace safelight::provenance {
namespace {

namespace fs = std::filesystem;

fs::path conformance_folder() {
  const char* set = std::getenv("SAFELIGHT_CONFORMANCE");
  return fs::path(set != nullptr ? set : "../shared/data") / "watermark";
}

Picture decode_png(const fs::path& path) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  EXPECT_NE(png_image_begin_read_from_file(&image, path.c_str()), 0) << image.message;
  image.format = PNG_FORMAT_RGB;
  Picture picture;
  picture.shape = {image.width, image.height, 3};
  picture.samples.resize(PNG_IMAGE_SIZE(image));
  EXPECT_NE(png_image_finish_read(&image, nullptr, picture.samples.data(), 0, nullptr), 0);
  return picture;
}

/// What is left after one JPEG of that quality, with the library's defaults.
Picture through_jpeg(const Picture& picture, int quality) {
  return plain_pixels(plain_jpeg(
      picture.shape, picture.samples,
      [&](jpeg_compress_struct& library) { jpeg_set_quality(&library, quality, TRUE); }));
}

struct Row {
  std::string image;
  std::string scheme;    ///< The payload, or "none".
  int jpeg_quality = 0;  ///< 0 for the PNG itself.
  uint32_t bits = 0;
  uint32_t integer = 0;
  uint32_t floating = 0;
};

std::vector<Row> read_rows(const fs::path& path) {
  std::ifstream in(path);
  std::vector<Row> rows;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::istringstream fields(line);
    Row row;
    fields >> row.image >> row.scheme >> row.bits >> row.integer >> row.floating;
    if (const size_t at = row.scheme.find("@q"); at != std::string::npos) {
      row.jpeg_quality = std::stoi(row.scheme.substr(at + 2));
      row.scheme.resize(at);
    }
    if (!row.image.empty()) rows.push_back(row);
  }
  return rows;
}

MarkReading read(const Picture& picture) {
  DwtMarkReader reader;
  reader.begin(picture.shape);
  reader.rows(0, picture.samples);
  return reader.finish();
}

uint32_t matched(const MarkReading& reading, std::string_view mark, ColourPath path) {
  for (const MarkScore& score : reading.scores) {
    if (score.mark->name == mark && score.path == path) return score.matched_bits;
  }
  ADD_FAILURE() << "no score for " << mark;
  return 0;
}

TEST(DwtMarkConformance, AgreesWithUpstreamOnEveryRow) {
  const fs::path folder = conformance_folder();
  if (!fs::exists(folder / "upstream-decoder.tsv")) {
    GTEST_SKIP() << "no upstream decoder results in " << folder;
  }
  const std::vector<Row> rows = read_rows(folder / "upstream-decoder.tsv");
  ASSERT_FALSE(rows.empty());
  for (const Row& row : rows) {
    Picture picture = decode_png(folder / (row.image + "__" + row.scheme + ".png"));
    if (row.jpeg_quality != 0) picture = through_jpeg(picture, row.jpeg_quality);
    const MarkReading reading = read(picture);
    ASSERT_FALSE(reading.not_readable) << row.image << " " << row.scheme;
    const std::string_view mark = row.scheme == "none" ? "sdxl" : std::string_view(row.scheme);
    EXPECT_EQ(matched(reading, mark, ColourPath::integer), row.integer)
        << row.image << " " << row.scheme << " " << row.jpeg_quality;
    EXPECT_EQ(matched(reading, mark, ColourPath::floating), row.floating)
        << row.image << " " << row.scheme << " " << row.jpeg_quality;
  }
}

}  // namespace
}  // namespace safelight::provenance

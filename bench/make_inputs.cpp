// Makes the ordinary pictures and the lists of random numbers that bench/scan_bench.py scans:
// charts with noise, seeded, the same bytes from the same arguments on the same libraries.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <jpeglib.h>
#include <memory>
#include <png.h>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

File create(const std::filesystem::path& path) {
  File file(std::fopen(path.c_str(), "wb"));
  if (!file) throw std::runtime_error("cannot write " + path.string());
  return file;
}

/// A chart, row by row: slow waves in each channel, patches with edges, fine texture and noise.
class Chart {
 public:
  Chart(uint32_t width, uint32_t height, uint32_t seed, uint32_t noise)
      : width_(width),
        noise_(noise),
        random_(seed),
        scale_(6.0 / std::max(width, height)),
        phase_(0.37 * seed),
        patch_width_(width / 11 + 3 + seed % 5),
        patch_height_(height / 9 + 3 + seed % 7),
        wave_(size_t{width} * 3),
        texture_(width),
        row_(size_t{width} * 3) {
    for (uint32_t x = 0; x < width; ++x) {
      texture_[x] = static_cast<float>(9 * std::sin(x * 0.9));
      for (uint32_t c = 0; c < 3; ++c)
        wave_[size_t{x} * 3 + c] = static_cast<float>(75 * std::sin(phase_ + x * scale_ + c));
    }
  }

  /// The samples of row `y`, RGB. Ask in order.
  std::vector<uint8_t>& row(uint32_t y) {
    const auto slow = static_cast<float>(std::cos(phase_ * 1.7 + y * scale_ * 1.3));
    const auto fast = static_cast<float>(std::sin(y * 0.31));
    for (uint32_t x = 0; x < width_; ++x) {
      const uint32_t patch = (x / patch_width_ * 7 + y / patch_height_ * 5) % 4;
      const float base = 118 + 14 * static_cast<float>(patch) + texture_[x] * fast;
      for (uint32_t c = 0; c < 3; ++c) {
        const float grain =
            static_cast<float>(random_() % (noise_ + 1)) - static_cast<float>(noise_) * 0.5f;
        const float value = base + wave_[size_t{x} * 3 + c] * slow + grain;
        row_[size_t{x} * 3 + c] = static_cast<uint8_t>(std::clamp(value, 0.0f, 255.0f));
      }
    }
    return row_;
  }

 private:
  uint32_t width_;
  uint32_t noise_;
  std::minstd_rand random_;
  double scale_;
  double phase_;
  uint32_t patch_width_;
  uint32_t patch_height_;
  std::vector<float> wave_;
  std::vector<float> texture_;
  std::vector<uint8_t> row_;
};

/// A picture, row by row, that is like no other of another seed: random colours at the corners of a
/// lattice, smooth between them, and noise.
class Field {
 public:
  Field(uint32_t width, uint32_t height, uint32_t seed, uint32_t noise)
      : noise_(noise),
        random_(seed),
        columns_(width / kStep + 2),
        corners_(size_t{columns_} * (height / kStep + 2) * 3),
        row_(size_t{width} * 3) {
    for (float& corner : corners_) corner = static_cast<float>(20 + random_() % 216);
  }

  /// The samples of row `y`, RGB. Ask in order.
  std::vector<uint8_t>& row(uint32_t y) {
    const float down = static_cast<float>(y % kStep) / kStep;
    for (size_t i = 0; i < row_.size(); ++i) {
      const size_t x = i / 3;
      const float right = static_cast<float>(x % kStep) / kStep;
      const float* const above =
          corners_.data() + (size_t{y / kStep} * columns_ + x / kStep) * 3 + i % 3;
      const float* const below = above + size_t{columns_} * 3;
      const float grain =
          static_cast<float>(random_() % (noise_ + 1)) - static_cast<float>(noise_) * 0.5f;
      const float value = (above[0] * (1 - right) + above[3] * right) * (1 - down) +
                          (below[0] * (1 - right) + below[3] * right) * down + grain;
      row_[i] = static_cast<uint8_t>(std::clamp(value, 0.0f, 255.0f));
    }
    return row_;
  }

 private:
  static constexpr uint32_t kStep = 74;
  uint32_t noise_;
  std::minstd_rand random_;
  uint32_t columns_;
  std::vector<float> corners_;
  std::vector<uint8_t> row_;
};

template <typename Rows = Chart>
void write_jpeg(const std::filesystem::path& path, uint32_t width, uint32_t height, uint32_t seed,
                uint32_t noise, int quality) {
  const File file = create(path);
  jpeg_compress_struct library{};
  jpeg_error_mgr errors{};
  library.err = jpeg_std_error(&errors);
  jpeg_create_compress(&library);
  jpeg_stdio_dest(&library, file.get());
  library.image_width = width;
  library.image_height = height;
  library.input_components = 3;
  library.in_color_space = JCS_RGB;
  jpeg_set_defaults(&library);
  jpeg_set_quality(&library, quality, TRUE);
  jpeg_start_compress(&library, TRUE);
  Rows rows(width, height, seed, noise);
  while (library.next_scanline < height) {
    JSAMPROW row = rows.row(library.next_scanline).data();
    jpeg_write_scanlines(&library, &row, 1);
  }
  jpeg_finish_compress(&library);
  jpeg_destroy_compress(&library);
}

void write_png(const std::filesystem::path& path, uint32_t width, uint32_t height, uint32_t seed,
               uint32_t noise) {
  const File file = create(path);
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_init_io(png, file.get());
  png_set_IHDR(png, info, width, height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_compression_level(png, 1);
  png_write_info(png, info);
  Chart chart(width, height, seed, noise);
  for (uint32_t y = 0; y < height; ++y) png_write_row(png, chart.row(y).data());
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
}

uint32_t number(std::string_view text) {
  uint32_t value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end.ec != std::errc() || end.ptr != text.data() + text.size())
    throw std::runtime_error("not a number: " + std::string(text));
  return value;
}

/// JPEGs of 4000 x 3000, 4:2:0.
void make_photos(const std::filesystem::path& folder, uint32_t count, uint32_t noise,
                 uint32_t quality) {
  for (uint32_t i = 0; i < count; ++i)
    write_jpeg(folder / ("photo" + std::to_string(i) + ".jpg"), 4000, 3000, i + 1, noise,
               static_cast<int>(quality));
}

/// JPEGs of 1184 x 888, 4:2:0, no two of which show the same.
void make_references(const std::filesystem::path& folder, uint32_t count, uint32_t noise,
                     uint32_t quality) {
  for (uint32_t i = 0; i < count; ++i)
    write_jpeg<Field>(folder / ("reference" + std::to_string(i) + ".jpg"), 1184, 888, i + 1, noise,
                      static_cast<int>(quality));
}

/// One JPEG each of 1, 4 and 12 megapixels, 4:2:0.
void make_sizes(const std::filesystem::path& folder, uint32_t noise, uint32_t quality) {
  const auto write = [&](const char* name, uint32_t width, uint32_t height) {
    write_jpeg(folder / name, width, height, 1, noise, static_cast<int>(quality));
  };
  write("01mp.jpg", 1155, 866);
  write("04mp.jpg", 2309, 1732);
  write("12mp.jpg", 4000, 3000);
}

/// Pictures of 64 x 64, three JPEGs for each PNG, 500 to a folder.
void make_thumbs(const std::filesystem::path& folder, uint32_t count) {
  for (uint32_t i = 0; i < count; ++i) {
    const auto below = folder / std::to_string(i / 500);
    if (i % 500 == 0) std::filesystem::create_directories(below);
    std::string stem = std::to_string(i);
    if (i % 4 == 3) {
      write_png(below / (stem + ".png"), 64, 64, i + 1, 12);
    } else {
      write_jpeg(below / (stem + ".jpg"), 64, 64, i + 1, 12, 85);
    }
  }
}

void write_hex(std::FILE* out, std::mt19937_64& random, uint32_t digits) {
  for (uint32_t i = 0; i < digits; i += 8)
    std::fprintf(out, "%08x", static_cast<uint32_t>(random()));
}

/// CSV of random fingerprints, each with three random digests and one of four categories.
void make_list(const std::filesystem::path& path, uint32_t entries) {
  const File file = create(path);
  std::mt19937_64 random(1);
  std::fputs("md5,sha1,sha256,pdq,category\n", file.get());
  for (uint32_t i = 0; i < entries; ++i) {
    for (const uint32_t digits : {32u, 40u, 64u, 64u}) {
      write_hex(file.get(), random, digits);
      std::fputc(',', file.get());
    }
    std::fprintf(file.get(), "%u\n", i % 4);
  }
}

/// 100 megapixels, as a baseline JPEG and as a PNG.
void make_huge(const std::filesystem::path& folder) {
  write_jpeg(folder / "huge.jpg", 11'600, 8'700, 1, 12, 85);
  write_png(folder / "huge.png", 11'600, 8'700, 1, 3);
}

void run(const std::vector<std::string>& arguments) {
  const auto is = [&](std::string_view what, size_t count) {
    return arguments.size() == count && arguments[0] == what;
  };
  if (is("photos", 5)) {
    make_photos(arguments[1], number(arguments[2]), number(arguments[3]), number(arguments[4]));
  } else if (is("references", 5)) {
    make_references(arguments[1], number(arguments[2]), number(arguments[3]), number(arguments[4]));
  } else if (is("sizes", 4)) {
    make_sizes(arguments[1], number(arguments[2]), number(arguments[3]));
  } else if (is("thumbs", 3)) {
    make_thumbs(arguments[1], number(arguments[2]));
  } else if (is("list", 3)) {
    make_list(arguments[1], number(arguments[2]));
  } else if (is("huge", 2)) {
    make_huge(arguments[1]);
  } else {
    throw std::runtime_error(
        "usage: bench_make_inputs photos FOLDER COUNT NOISE QUALITY | "
        "references FOLDER COUNT NOISE QUALITY | sizes FOLDER NOISE QUALITY | "
        "thumbs FOLDER COUNT | list FILE ENTRIES | huge FOLDER");
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run({argv + 1, argv + argc});
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}

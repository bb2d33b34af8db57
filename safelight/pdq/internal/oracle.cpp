#include "safelight/pdq/internal/oracle.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <numbers>

namespace safelight::pdq::internal::oracle {
namespace {

using Grid = std::array<std::array<float, 64>, 64>;
using Terms = std::array<std::array<float, 16>, 16>;

void box_1d(const float* in, float* out, size_t length, size_t stride, size_t window) {
  const size_t half = (window + 2) / 2;
  float sum = 0;
  size_t count = 0;
  size_t left = 0;
  size_t right = 0;
  size_t at = 0;
  for (size_t i = 0; i < half - 1; ++i) {
    sum += in[stride * right++];
    ++count;
  }
  for (size_t i = 0; i < window - half + 1; ++i) {
    sum += in[stride * right++];
    ++count;
    out[stride * at++] = sum / static_cast<float>(count);
  }
  for (size_t i = 0; i < length - window; ++i) {
    sum += in[stride * right++];
    sum -= in[stride * left++];
    out[stride * at++] = sum / static_cast<float>(count);
  }
  for (size_t i = 0; i < half - 1; ++i) {
    sum -= in[stride * left++];
    --count;
    out[stride * at++] = sum / static_cast<float>(count);
  }
}

void blur(std::vector<float>& luma, size_t width, size_t height) {
  const size_t row_window = (width + 127) / 128;
  const size_t column_window = (height + 127) / 128;
  std::vector<float> other(luma.size());
  for (int round = 0; round < 2; ++round) {
    for (size_t y = 0; y < height; ++y) {
      box_1d(&luma[y * width], &other[y * width], width, 1, row_window);
    }
    for (size_t x = 0; x < width; ++x) box_1d(&other[x], &luma[x], height, width, column_window);
  }
}

Grid decimate(const std::vector<float>& luma, size_t width, size_t height) {
  Grid grid;
  for (size_t i = 0; i < 64; ++i) {
    const auto y =
        static_cast<size_t>((static_cast<double>(i) + 0.5) * static_cast<double>(height) / 64);
    for (size_t j = 0; j < 64; ++j) {
      const auto x =
          static_cast<size_t>((static_cast<double>(j) + 0.5) * static_cast<double>(width) / 64);
      grid[i][j] = luma[y * width + x];
    }
  }
  return grid;
}

int gradient(float u, float v) { return std::abs(static_cast<int>((u - v) * 100.0f / 255.0f)); }

uint8_t quality(const Grid& grid) {
  int sum = 0;
  for (size_t i = 0; i < 63; ++i) {
    for (size_t j = 0; j < 64; ++j) sum += gradient(grid[i][j], grid[i + 1][j]);
  }
  for (size_t i = 0; i < 64; ++i) {
    for (size_t j = 0; j < 63; ++j) sum += gradient(grid[i][j], grid[i][j + 1]);
  }
  return static_cast<uint8_t>(std::min(sum / 90, 100));
}

float cosine(size_t i, size_t j) {
  const auto scale = static_cast<float>(std::sqrt(2.0 / 64.0));
  return static_cast<float>(scale *
                            std::cos(std::numbers::pi / 2.0 / 64.0 * static_cast<double>(i + 1) *
                                     static_cast<double>(2 * j + 1)));
}

Terms transform(const Grid& grid) {
  std::array<std::array<float, 64>, 16> matrix;
  for (size_t i = 0; i < 16; ++i) {
    for (size_t j = 0; j < 64; ++j) matrix[i][j] = cosine(i, j);
  }
  std::array<std::array<float, 64>, 16> half;
  for (size_t i = 0; i < 16; ++i) {
    for (size_t j = 0; j < 64; ++j) {
      float sum = 0;
      for (size_t k = 0; k < 64; ++k) sum += matrix[i][k] * grid[k][j];
      half[i][j] = sum;
    }
  }
  Terms terms;
  for (size_t i = 0; i < 16; ++i) {
    for (size_t j = 0; j < 16; ++j) {
      float sum = 0;
      for (size_t k = 0; k < 64; ++k) sum += half[i][k] * matrix[j][k];
      terms[i][j] = sum;
    }
  }
  return terms;
}

Fingerprint bits(const Terms& terms) {
  std::vector<float> sorted;
  for (const auto& row : terms) sorted.insert(sorted.end(), row.begin(), row.end());
  std::sort(sorted.begin(), sorted.end());
  const float median = sorted[127];
  Fingerprint fingerprint;
  for (size_t k = 0; k < 256; ++k) {
    if (terms[k / 16][k % 16] > median) fingerprint.words[k / 64] |= uint64_t{1} << (k % 64);
  }
  return fingerprint;
}

Terms reorient(const Terms& a, Orientation orientation) {
  Terms b;
  for (size_t i = 0; i < 16; ++i) {
    for (size_t j = 0; j < 16; ++j) {
      switch (orientation) {
        case Orientation::original:
          b[i][j] = a[i][j];
          break;
        case Orientation::rotate90:
          b[j][i] = j % 2 == 1 ? a[i][j] : -a[i][j];
          break;
        case Orientation::rotate180:
          b[i][j] = (i + j) % 2 == 1 ? -a[i][j] : a[i][j];
          break;
        case Orientation::rotate270:
          b[j][i] = i % 2 == 1 ? a[i][j] : -a[i][j];
          break;
        case Orientation::flip_x:
          b[i][j] = i % 2 == 1 ? a[i][j] : -a[i][j];
          break;
        case Orientation::flip_y:
          b[i][j] = j % 2 == 1 ? a[i][j] : -a[i][j];
          break;
        case Orientation::flip_plus1:
          b[j][i] = a[i][j];
          break;
        case Orientation::flip_minus1:
          b[j][i] = (i + j) % 2 == 1 ? -a[i][j] : a[i][j];
          break;
      }
    }
  }
  return b;
}

}  // namespace

std::vector<float> luma_reference(const Picture& picture) {
  std::vector<float> luma(size_t{picture.shape.width} * picture.shape.height);
  for (size_t i = 0; i < luma.size(); ++i) {
    if (picture.shape.channels == 1) {
      luma[i] = static_cast<float>(picture.samples[i]);
      continue;
    }
    const uint8_t* rgb = &picture.samples[3 * i];
    const float red = 0.299f * static_cast<float>(rgb[0]);
    const float green = 0.587f * static_cast<float>(rgb[1]);
    const float blue = 0.114f * static_cast<float>(rgb[2]);
    luma[i] = (red + green) + blue;
  }
  return luma;
}

std::vector<float> luma_full(const Picture& picture) {
  std::vector<float> luma(size_t{picture.shape.width} * picture.shape.height);
  for (size_t i = 0; i < luma.size(); ++i) {
    const bool grey = picture.shape.channels == 1;
    const size_t at = grey ? i : 3 * i;
    const double red = picture.samples[at];
    const double green = picture.samples[grey ? at : at + 1];
    const double blue = picture.samples[grey ? at : at + 2];
    luma[i] = static_cast<float>((red * 0.299 + green * 0.587) + blue * 0.114);
  }
  return luma;
}

PdqHash hash(std::vector<float> luma, uint32_t width, uint32_t height, PdqMode mode) {
  if (width != 64 || height != 64) blur(luma, width, height);
  const Grid grid = decimate(luma, width, height);
  return {bits(transform(grid)), mode, quality(grid)};
}

OrientationHashes hash_all_orientations(std::vector<float> luma, uint32_t width, uint32_t height,
                                        PdqMode mode) {
  blur(luma, width, height);
  const Grid grid = decimate(luma, width, height);
  const Terms terms = transform(grid);
  OrientationHashes hashes;
  for (size_t i = 0; i < kOrientations; ++i) {
    hashes[i] = {bits(reorient(terms, static_cast<Orientation>(i))), mode, quality(grid)};
  }
  return hashes;
}

}  // namespace safelight::pdq::internal::oracle

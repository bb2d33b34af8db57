#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "safelight/base/simd.h"
#include "safelight/picture/jpeg_for_test.h"
#include "safelight/picture/nearest.h"

namespace safelight::codec {

/// How a test picture is coded.
struct EncodeOptions {
  uint32_t width = 64;
  uint32_t height = 64;
  uint32_t channels = 3;  ///< 1 grey, 3 RGB, 4 CMYK.
  int h_samples = 2;      ///< Of the first component; the others have 1 each.
  int v_samples = 2;
  int quality = 85;
  bool progressive = false;
  bool optimise = false;
  bool arithmetic = false;
  bool separate_scans = false;  ///< Sequential, but a scan for each component.
  bool keep_rgb = false;        ///< Store RGB without turning it into YCC.
  int restart_interval = 0;     ///< In MCUs.
  bool adobe = true;            ///< With CMYK: an Adobe marker (and YCCK) or none.
  uint32_t flat_quantiser = 0;  ///< Every entry of every table, where not 0.
  bool grey = false;            ///< Each pixel has its first channel's value in all of them.
};

enum class Content { smooth, noise, natural, extremes };

/// Seeded samples of an ordinary test chart: gradients, noise, gradients with texture and edges, or
/// black and white noise.
inline std::vector<uint8_t> test_samples(Content content, const EncodeOptions& options,
                                         uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<uint8_t> samples(size_t{options.width} * options.height * options.channels);
  const double phase = static_cast<double>(seed % 17);
  // Waves across, by channel, and fine texture: made once, because sines cost more than all else.
  std::vector<float> wave(size_t{options.width} * options.channels);
  std::vector<float> texture(options.width);
  for (uint32_t x = 0; x < options.width; ++x) {
    texture[x] = static_cast<float>(12 * std::sin(x * 0.9));
    for (uint32_t c = 0; c < options.channels; ++c) {
      wave[size_t{x} * options.channels + c] =
          static_cast<float>(90 * std::sin(phase + x * 0.013 + c));
    }
  }
  size_t at = 0;
  for (uint32_t y = 0; y < options.height; ++y) {
    const auto slow = static_cast<float>(std::cos(y * 0.009));
    const auto fast = static_cast<float>(std::sin(y * 0.31));
    for (uint32_t x = 0; x < options.width; ++x) {
      const float patch = ((x / 37 + y / 53) & 3) == 0 ? 35.0f : 0.0f;
      for (uint32_t c = 0; c < options.channels; ++c, ++at) {
        const float gradient = wave[size_t{x} * options.channels + c] * slow;
        float value = 128;
        switch (content) {
          case Content::smooth:
            value += gradient;
            break;
          case Content::noise:
            value = static_cast<float>(random() & 255);
            break;
          case Content::natural:
            value += 0.7f * gradient + patch + texture[x] * fast +
                     static_cast<float>(random() & 15) - 7.5f;
            break;
          case Content::extremes:
            value = (random() & 1) != 0 ? 255.0f : 0.0f;
            break;
        }
        samples[at] = static_cast<uint8_t>(std::clamp(value, 0.0f, 255.0f));
        if (options.grey) samples[at] = samples[at - c];
      }
    }
  }
  return samples;
}

inline std::vector<std::byte> encode_jpeg(std::span<const uint8_t> samples,
                                          const EncodeOptions& options) {
  std::vector<jpeg_scan_info> scans;
  const auto configure = [&](jpeg_compress_struct& library) {
    if (options.keep_rgb) jpeg_set_colorspace(&library, JCS_RGB);
    if (options.channels == 4 && options.adobe) jpeg_set_colorspace(&library, JCS_YCCK);
    if (options.channels == 4 && !options.adobe) library.write_Adobe_marker = FALSE;
    jpeg_set_quality(&library, options.quality, TRUE);
    if (options.flat_quantiser != 0) {
      std::vector<unsigned int> table(64, options.flat_quantiser);
      jpeg_add_quant_table(&library, 0, table.data(), 100, FALSE);
      jpeg_add_quant_table(&library, 1, table.data(), 100, FALSE);
    }
    library.comp_info[0].h_samp_factor = options.h_samples;
    library.comp_info[0].v_samp_factor = options.v_samples;
    for (int i = 1; i < library.num_components; ++i) {
      library.comp_info[i].h_samp_factor = 1;
      library.comp_info[i].v_samp_factor = 1;
    }
    library.optimize_coding = options.optimise ? TRUE : FALSE;
    library.arith_code = options.arithmetic ? TRUE : FALSE;
    library.restart_interval = static_cast<unsigned int>(options.restart_interval);
    if (options.progressive) jpeg_simple_progression(&library);
    if (options.separate_scans) {
      for (int i = 0; i < library.num_components; ++i) {
        scans.push_back(
            {.comps_in_scan = 1, .component_index = {i}, .Ss = 0, .Se = 63, .Ah = 0, .Al = 0});
      }
      library.scan_info = scans.data();
      library.num_scans = static_cast<int>(scans.size());
    }
  };
  return plain_jpeg({options.width, options.height, options.channels}, samples, configure);
}

inline std::vector<std::byte> test_jpeg(Content content, const EncodeOptions& options,
                                        uint32_t seed) {
  return encode_jpeg(test_samples(content, options, seed), options);
}

/// The nearest-neighbour reduction of what libjpeg-turbo itself makes of an intact grey or colour
/// picture, by the plainest use of its interface.
inline Picture plain_nearest(std::span<const std::byte> file) {
  PlainJpegReader reader(file);
  NearestSink sink;
  reader.decode(&sink);
  return std::move(sink).take();
}

/// Every instruction set that this processor has.
inline std::vector<SimdLevel> available_simd_levels() {
  std::vector<SimdLevel> levels;
  for (const SimdLevel level : {SimdLevel::scalar, SimdLevel::avx2, SimdLevel::avx512}) {
    if (level <= detect_simd_level()) levels.push_back(level);
  }
  return levels;
}

}  // namespace safelight::codec

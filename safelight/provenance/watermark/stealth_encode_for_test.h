#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <zlib.h>

#include "safelight/provenance/watermark/stealth.h"

namespace safelight::provenance {

/// A name, a length and a text as the public writers put them together.
inline std::string stealth_bytes(std::string_view name, std::string_view text) {
  std::string out(name);
  const auto bits = static_cast<uint32_t>(text.size() * 8);
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(bits >> shift));
  return out.append(text);
}

/// Puts bytes into the lowest bits of the carrier, for as far as there are pixels.
inline void hide(std::string_view bytes, StealthCarrier carrier, uint32_t width, uint32_t height,
                 StealthPixels pixels, std::span<uint8_t> samples) {
  const auto samples_in_pixel = static_cast<size_t>(pixels);
  size_t bit = 0;
  const auto put = [&](uint8_t& sample) {
    if (bit >= bytes.size() * 8) return;
    const int value = static_cast<uint8_t>(bytes[bit / 8]) >> (7 - bit % 8) & 1;
    sample = static_cast<uint8_t>((sample & 0xfe) | value);
    ++bit;
  };
  for (size_t x = 0; x < width; ++x) {
    for (size_t y = 0; y < height; ++y) {
      uint8_t* pixel = &samples[(y * width + x) * samples_in_pixel];
      if (carrier == StealthCarrier::alpha) {
        put(pixel[3]);
      } else {
        for (size_t s = 0; s < 3; ++s) put(pixel[s]);
      }
    }
  }
}

inline std::string gzip(std::string_view text) {
  z_stream stream{};
  deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace safelight::provenance

#include "safelight/codec/still/tiff/tiff_pixels.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "safelight/codec/picture_output.h"

namespace safelight::codec {
namespace {

constexpr uint32_t kMax = 0xffff;

template <typename T>
T load(std::span<const uint8_t> row, size_t index) {
  T value;
  std::memcpy(&value, row.data() + index * sizeof(T), sizeof(T));
  return value;
}

/// Undoes a multiplication by alpha in double precision as ImageMagick does, whose last bit decides
/// over halves: 5 of 50 is 25, not 26. Full where nothing is left to divide by.
uint32_t without_alpha(uint32_t value, uint32_t alpha) {
  if (alpha == 0) return value == 0 ? 0 : kMax;
  const double reciprocal = 1 / (1.0 / kMax * alpha);
  return static_cast<uint32_t>(std::min<double>(kMax, reciprocal * value + 0.5));
}

/// 0 to 1 as 0 to 65,535; what lies outside is cut, and what is no number is 0.
uint32_t wide_of_float(double value) {
  if (!(value > 0)) return 0;
  return value >= 1 ? kMax : static_cast<uint32_t>(value * kMax + 0.5);
}

/// IEEE 754 binary16.
double half_to_double(uint32_t bits) {
  const int exponent = static_cast<int>(bits >> 10 & 31);
  const double fraction = bits & 1023;
  double value =
      exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(fraction + 1024, exponent - 25);
  if (exponent == 31) value = fraction == 0 ? HUGE_VAL : std::nan("");
  return (bits & 0x8000) != 0 ? -value : value;
}

uint32_t colours_of(TiffColour colour) {
  switch (colour) {
    case TiffColour::rgb:
    case TiffColour::converted:
      return 3;
    case TiffColour::cmyk:
      return 4;
    default:
      return 1;
  }
}

}  // namespace

TiffPixels::TiffPixels(const TiffHeader& header)
    : header_(header), colours_(colours_of(header.colour)) {}

PictureShape TiffPixels::shape() const {
  const bool grey =
      header_.colour == TiffColour::white_is_zero || header_.colour == TiffColour::black_is_zero;
  return {header_.width, header_.height, grey ? 1u : 3u};
}

uint32_t TiffPixels::raw(TiffSession::Planes planes, size_t x, uint32_t sample) const {
  const auto row = header_.separate ? planes[sample] : planes[0];
  const size_t index = header_.separate ? x : x * header_.samples + sample;
  switch (header_.bits) {
    case 8:
      return row[index];
    case 16:
      return load<uint16_t>(row, index);
    case 32:
      return load<uint32_t>(row, index);
    default: {  // packed from the highest bit, at most 15 of them: three bytes hold any
      const size_t bit = index * header_.bits;
      uint32_t window = 0;
      for (size_t i = 0; i < 3; ++i) {
        const size_t byte = bit / 8 + i;
        window = window << 8 | (byte < row.size() ? row[byte] : 0u);
      }
      const uint32_t shift = 24 - header_.bits - static_cast<uint32_t>(bit % 8);
      return window >> shift & ((1u << header_.bits) - 1);
    }
  }
}

uint32_t TiffPixels::wide(TiffSession::Planes planes, size_t x, uint32_t sample) const {
  if (header_.numbers == TiffNumbers::floating) {
    const auto row = header_.separate ? planes[sample] : planes[0];
    const size_t index = header_.separate ? x : x * header_.samples + sample;
    if (header_.bits == 16) return wide_of_float(half_to_double(load<uint16_t>(row, index)));
    return header_.bits == 64 ? wide_of_float(load<double>(row, index))
                              : wide_of_float(double{load<float>(row, index)});
  }
  const uint32_t value = raw(planes, x, sample);
  // ImageMagick takes signed samples of 8 bits for unsigned ones, and moves only wider ones.
  const bool moved = header_.numbers == TiffNumbers::signed_integer && header_.bits >= 16;
  switch (header_.bits) {
    case 8:
      return value * 257;
    case 16:
      return moved ? value ^ 0x8000 : value;
    case 32:
      return static_cast<uint32_t>(uint64_t{moved ? value ^ 0x80000000u : value} * kMax /
                                   UINT32_MAX);
    default:
      return value * kMax / ((1u << header_.bits) - 1);
  }
}

uint8_t TiffPixels::narrow(uint32_t value) const {
  return header_.bits > 8 ? narrow_16_to_8(value) : round_16_to_8(value);
}

void TiffPixels::convert(TiffSession::Planes planes, std::span<uint8_t> out) const {
  if (header_.colour == TiffColour::converted) {
    std::copy(planes[0].begin(), planes[0].begin() + static_cast<std::ptrdiff_t>(out.size()),
              out.begin());
    return;
  }
  const bool plain_bytes = header_.bits == 8 && header_.alpha != TiffAlpha::associated &&
                           header_.numbers != TiffNumbers::floating;
  const bool negative =
      header_.colour == TiffColour::white_is_zero && header_.alpha == TiffAlpha::none;
  uint8_t* pixel = out.data();
  for (size_t x = 0; x < header_.width; ++x) {
    if (header_.colour == TiffColour::palette) {
      for (const uint16_t value : header_.palette[raw(planes, x, 0)]) {
        *pixel++ = header_.bits == 8 ? round_16_to_8(value) : narrow_16_to_8(value);
      }
      continue;
    }
    if (header_.colour == TiffColour::cmyk) {
      // ImageMagick's `-depth 8` narrows the inks but not the black.
      const uint64_t black = kMax - wide(planes, x, 3);
      for (uint32_t c = 0; c < 3; ++c) {
        const uint64_t ink = 255u - narrow(wide(planes, x, c));
        *pixel++ = static_cast<uint8_t>((ink * black + kMax / 2) / kMax);
      }
      continue;
    }
    const uint32_t alpha =
        header_.alpha == TiffAlpha::associated ? wide(planes, x, colours_) : kMax;
    for (uint32_t c = 0; c < colours_; ++c) {
      if (plain_bytes && !negative) {
        *pixel++ = static_cast<uint8_t>(raw(planes, x, c));
        continue;
      }
      uint32_t value = wide(planes, x, c);
      if (negative) value = kMax - value;
      if (header_.alpha == TiffAlpha::associated) {
        value = without_alpha(value, alpha);
      }
      *pixel++ = narrow(value);
    }
  }
}

}  // namespace safelight::codec

#include "safelight/synthesis/cues/equalised.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <vector>

namespace safelight::synthesis {
namespace {

/// Along one side: which pixels of the equalised picture are made, of which source pixels. All is
/// counted in units of 1 / `scaled` source pixels, so that every weight is a whole number.
struct Side {
  uint64_t source = 0;  ///< Pixels of the whole picture, and units that a new pixel covers.
  uint64_t scaled = 0;  ///< Pixels of the equalised picture, and units that a source pixel covers.
  uint64_t offset = 0;  ///< Of the part in the whole, in source pixels.
  uint64_t first = 0;   ///< New pixel that is made first.
  uint32_t count = 0;   ///< New pixels that are made.

  Side(uint32_t whole, uint32_t equalised, uint32_t part_begin, uint32_t part_size,
       uint32_t max_side)
      : source(whole), scaled(equalised), offset(part_begin) {
    const uint64_t begin = (offset * scaled + source - 1) / source;
    const uint64_t end = (offset + part_size) * scaled / source;
    if (end <= begin) return;
    count = static_cast<uint32_t>(std::min<uint64_t>(end - begin, max_side));
    first = begin + (end - begin - count) / 2;
  }

  /// Calls `take(source pixel of the part, weight)` for what new pixel `i` covers.
  template <typename Take>
  void each(uint32_t i, const Take& take) const {
    const uint64_t begin = (first + i) * source;
    const uint64_t end = begin + source;
    for (uint64_t at = begin / scaled; at * scaled < end; ++at) {
      const uint64_t weight = std::min(end, (at + 1) * scaled) - std::max(begin, at * scaled);
      take(static_cast<uint32_t>(at - offset), static_cast<uint32_t>(weight));
    }
  }
};

/// The channels of a pixel side by side, each by itself, so that it changes no value.
using Pixel = float __attribute__((vector_size(16)));

/// Of each new pixel of a row, which source pixels make it and how much each counts, all to 1.
struct Pieces {
  struct Piece {
    uint32_t column;
    float share;
  };
  std::vector<Piece> all;
  std::vector<size_t> ends;  ///< Of the pieces of each new pixel.

  explicit Pieces(const Side& across) {
    for (uint32_t x = 0; x < across.count; ++x) {
      across.each(x, [&](uint32_t column, uint32_t weight) {
        all.push_back({column, static_cast<float>(weight) / static_cast<float>(across.source)});
      });
      ends.push_back(all.size());
    }
  }

  /// `T` is the sums of the channels of a pixel, or a vector of at least as many.
  template <typename T>
  void means_of(const float* row, size_t channels, size_t begin, uint8_t* out) const {
    size_t i = 0;
    for (const size_t end : ends) {
      T mean{};
      for (; i < end; ++i) {
        T sums;
        std::memcpy(&sums, row + all[i].column * channels - begin, sizeof sums);
        mean += sums * all[i].share;
      }
      mean += 0.5f;
      std::array<float, sizeof(T) / sizeof(float)> rounded;
      std::memcpy(rounded.data(), &mean, sizeof mean);
      for (size_t c = 0; c < channels; ++c) *out++ = static_cast<uint8_t>(rounded[c]);
    }
  }
};

}  // namespace

PictureShape equalised_shape(const PictureShape& whole) {
  const uint64_t longer = std::max(whole.width, whole.height);
  if (longer <= kEqualisedSide) return whole;
  const auto scaled = [longer](uint64_t side) {
    return static_cast<uint32_t>(
        std::max<uint64_t>(1, (side * kEqualisedSide + longer / 2) / longer));
  };
  return {scaled(whole.width), scaled(whole.height), whole.channels};
}

Picture equalised(const Picture& part, const traces::Region& where, const PictureShape& whole,
                  uint32_t max_side) {
  assert(part.shape.width == where.width && part.shape.height == where.height);
  const PictureShape shape = equalised_shape(whole);
  const Side across(whole.width, shape.width, where.left, where.width, max_side);
  const Side down(whole.height, shape.height, where.top, where.height, max_side);
  Picture out;
  out.shape.channels = part.shape.channels;
  if (across.count == 0 || down.count == 0) return out;
  out.shape = {across.count, down.count, part.shape.channels};
  out.samples.resize(out.shape.height * out.shape.row_bytes());
  const size_t channels = part.shape.channels;

  const Pieces pieces(across);
  const size_t begin = pieces.all.front().column * channels;
  const size_t size = (pieces.all.back().column + 1) * channels - begin;
  // A pixel of 3 channels is read as 4 values.
  constexpr size_t kPadding = 1;
  // Whole numbers under 2^24: all weights of a new pixel are `source`, at most 65,535, so that no
  // digit of a sum is lost.
  std::vector<float> sums(size + kPadding);
  // At most 65 rows lie wholly in a new one.
  std::vector<uint16_t> in_full(size);
  for (uint32_t y = 0; y < down.count; ++y) {
    std::fill(sums.begin(), sums.end(), 0.0f);
    std::fill(in_full.begin(), in_full.end(), 0);
    down.each(y, [&](uint32_t source_row, uint32_t weight) {
      const uint8_t* const row = part.row(source_row).data() + begin;
      if (weight == down.scaled) {
        for (size_t i = 0; i < size; ++i) in_full[i] = static_cast<uint16_t>(in_full[i] + row[i]);
      } else {
        const auto times = static_cast<float>(weight);
        for (size_t i = 0; i < size; ++i) sums[i] += static_cast<float>(row[i]) * times;
      }
    });
    const auto full = static_cast<float>(down.scaled);
    const float share = 1 / static_cast<float>(down.source);
    for (size_t i = 0; i < size; ++i) {
      sums[i] = (sums[i] + static_cast<float>(in_full[i]) * full) * share;
    }
    uint8_t* const to = out.samples.data() + y * out.shape.row_bytes();
    if (channels == 1) pieces.means_of<float>(sums.data(), channels, begin, to);
    if (channels == 3) pieces.means_of<Pixel>(sums.data(), channels, begin, to);
  }
  return out;
}

}  // namespace safelight::synthesis

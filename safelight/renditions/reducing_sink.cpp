#include "safelight/renditions/reducing_sink.h"

#include <algorithm>
#include <cassert>

namespace safelight {

void ReducingSink::begin(const PictureShape& shape) {
  assert(enough_side_pixels_ > 0);
  source_ = shape;
  factor_ = std::max(1u, std::max(shape.width, shape.height) / enough_side_pixels_);
  rows_taken_ = 0;
  rows_in_sums_ = 0;
  const auto reduced = [this](uint32_t side) { return side / factor_ + (side % factor_ != 0); };
  picture_ = {{reduced(shape.width), reduced(shape.height), shape.channels}, {}};
  picture_.samples.reserve(picture_.shape.height * picture_.shape.row_bytes());
  sums_.assign(factor_ == 1 ? 0 : shape.row_bytes(), 0);
}

void ReducingSink::rows(uint32_t, std::span<const uint8_t> samples) {
  if (factor_ == 1) {
    picture_.samples.insert(picture_.samples.end(), samples.begin(), samples.end());
    return;
  }
  for (; !samples.empty(); samples = samples.subspan(source_.row_bytes()))
    add(samples.first(source_.row_bytes()));
}

void ReducingSink::add(std::span<const uint8_t> row) {
  // No overflow: a side has at most 65,535 pixels (Limits::max_side_pixels) by 255.
  for (size_t i = 0; i < row.size(); ++i) sums_[i] += row[i];
  ++rows_taken_;
  if (++rows_in_sums_ == factor_ || rows_taken_ == source_.height) finish_squares();
}

void ReducingSink::finish_squares() {
  const uint32_t channels = source_.channels;
  for (uint32_t left = 0; left < source_.width; left += std::min(factor_, source_.width - left)) {
    const uint32_t columns = std::min(factor_, source_.width - left);
    const uint64_t pixels = uint64_t{columns} * rows_in_sums_;
    for (uint32_t channel = 0; channel < channels; ++channel) {
      uint64_t sum = pixels / 2;
      for (uint32_t x = left; x < left + columns; ++x) sum += sums_[size_t{x} * channels + channel];
      picture_.samples.push_back(static_cast<uint8_t>(sum / pixels));
    }
  }
  std::fill(sums_.begin(), sums_.end(), 0);
  rows_in_sums_ = 0;
}

}  // namespace safelight

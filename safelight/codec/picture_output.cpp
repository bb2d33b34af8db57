#include "safelight/codec/picture_output.h"

#include <algorithm>

#include "safelight/base/checked.h"
#include "safelight/picture/grey.h"

namespace safelight::codec {

Result<void> check_size(uint64_t width, uint64_t height, const Limits& limits,
                        uint64_t offset_bytes) {
  if (width == 0 || height == 0) {
    return Error::at(ErrorCode::malformed, "picture.empty", offset_bytes);
  }
  if (width > limits.max_side_pixels || height > limits.max_side_pixels) {
    return Error::at(ErrorCode::limit_exceeded, "max_side_pixels", offset_bytes);
  }
  if (width * height > limits.max_pixels) {  // sides of 32 bits: no overflow
    return Error::at(ErrorCode::limit_exceeded, "max_pixels", offset_bytes);
  }
  return {};
}

Result<void> check_memory(uint64_t count, uint64_t bytes_each, const Limits& limits,
                          uint64_t offset_bytes) {
  const auto bytes = checked_mul(count, bytes_each);
  if (!bytes || *bytes > limits.max_decode_memory_bytes) {
    return Error::at(ErrorCode::limit_exceeded, "max_decode_memory_bytes", offset_bytes);
  }
  return {};
}

void PictureOutput::begin(const PictureShape& shape, GreyPictures greys) {
  shape_ = shape;
  next_row_ = 0;
  all_grey_ = shape.channels == 3 && greys == GreyPictures::one_channel;
  if (request_.nearest) {
    grid_ = NearestGrid::for_shape(shape.width, shape.height);
    nearest_.begin(shape);
  }
  if (request_.rows != nullptr) request_.rows->begin(shape);
}

bool PictureOutput::needs(uint32_t y) const {
  if (request_.rows != nullptr || request_.lossless_rows != nullptr) return true;
  if (!request_.nearest) return false;
  return all_grey_ || std::binary_search(grid_.rows.begin(), grid_.rows.end(), y);
}

void PictureOutput::rows(uint32_t first_row, std::span<const uint8_t> samples) {
  if (request_.nearest) {
    if (all_grey_) all_grey_ = all_grey(samples);
    nearest_.rows(first_row, samples);
  }
  if (request_.rows != nullptr) request_.rows->rows(first_row, samples);
  next_row_ = first_row + static_cast<uint32_t>(samples.size() / shape_.row_bytes());
}

Result<Decoded> PictureOutput::finish(std::optional<Error> incomplete) && {
  if (incomplete && next_row_ == 0) return *incomplete;
  if (request_.rows != nullptr && next_row_ < shape_.height) {
    const std::vector<uint8_t> black(shape_.row_bytes());
    for (uint32_t y = next_row_; y < shape_.height; ++y) request_.rows->rows(y, black);
  }
  Decoded decoded;
  decoded.shape = shape_;
  decoded.incomplete = incomplete;
  if (request_.nearest) {
    decoded.nearest = all_grey_ ? first_channel(nearest_.picture()) : std::move(nearest_).take();
  }
  return decoded;
}

}  // namespace safelight::codec

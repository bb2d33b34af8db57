#include "safelight/pdq/full.h"

#include <algorithm>
#include <array>

#include "safelight/pdq/internal/decimator.h"
#include "safelight/pdq/internal/orientations.h"

namespace safelight::pdq {
namespace internal {

struct FullState {
  explicit FullState(SimdLevel level) : decimator(kernels_for(level)) {}

  Decimator decimator;
  PictureShape shape;
  Result<void> usable = Error{ErrorCode::not_found, "pdq.no-picture"};
  /// The luma of a picture of exactly kGridSide x kGridSide, for the path that does not filter it.
  alignas(64) std::array<float, kGridSide * kGridSide + kGridSlack> grid{};

  [[nodiscard]] bool is_grid() const {
    return shape.width == kGridSide && shape.height == kGridSide;
  }

  void take_row(const uint8_t* samples) {
    const Kernels& kernels = decimator.kernels();
    const auto to_luma = shape.channels == 3 ? kernels.luma_full : kernels.luma_grey;
    const uint32_t y = decimator.rows_taken();
    float* luma = decimator.next_row();
    to_luma(samples, shape.width, luma);
    if (is_grid()) std::copy_n(luma, kGridSide, grid.data() + size_t{y} * kGridSide);
    decimator.take_row();
  }

  void take_black_rows(uint32_t end_row) {
    while (decimator.rows_taken() < end_row) {
      std::fill_n(decimator.next_row(), shape.width, 0.0f);
      decimator.take_row();
    }
  }
};

}  // namespace internal

FullHasher::FullHasher(SimdLevel level) : state_(std::make_unique<internal::FullState>(level)) {}
FullHasher::~FullHasher() = default;
FullHasher::FullHasher(FullHasher&&) noexcept = default;
FullHasher& FullHasher::operator=(FullHasher&&) noexcept = default;

void FullHasher::begin(const PictureShape& shape) {
  internal::FullState& state = *state_;
  state.shape = shape;
  if (shape.channels != 1 && shape.channels != 3) {
    state.usable = Error{ErrorCode::unsupported, "pdq.channels"};
  } else if (shape.width < kMinSidePixels || shape.height < kMinSidePixels) {
    state.usable = Error{ErrorCode::unsupported, "pdq.side-under-5"};
  } else {
    state.usable = {};
    state.grid.fill(0.0f);
    state.decimator.begin(shape.width, shape.height);
  }
}

void FullHasher::rows(uint32_t first_row, std::span<const uint8_t> samples) {
  internal::FullState& state = *state_;
  if (!state.usable) return;
  const size_t row_bytes = state.shape.row_bytes();
  for (uint64_t row = first_row; samples.size() >= row_bytes && row < state.shape.height; ++row) {
    if (row >= state.decimator.rows_taken()) {
      state.take_black_rows(static_cast<uint32_t>(row));
      state.take_row(samples.data());
    }
    samples = samples.subspan(row_bytes);
  }
}

Result<OrientationHashes> FullHasher::finish() {
  internal::FullState& state = *state_;
  SAFELIGHT_CHECK(state.usable);
  state.take_black_rows(state.shape.height);
  return internal::hashes_of_grid(state.decimator.kernels(), state.decimator.finish(),
                                  PdqMode::full);
}

Result<PdqHash> FullHasher::finish_original() {
  internal::FullState& state = *state_;
  SAFELIGHT_TRY(const OrientationHashes hashes, finish());
  if (!state.is_grid()) return hashes.front();
  return internal::hashes_of_grid(state.decimator.kernels(), state.grid.data(), PdqMode::full)
      .front();
}

}  // namespace safelight::pdq

#include "safelight/pdq/reference.h"

#include <array>

#include "safelight/pdq/internal/decimator.h"
#include "safelight/pdq/internal/orientations.h"
#include "safelight/picture/nearest.h"

namespace safelight::pdq {
namespace {

using internal::Decimator;
using internal::Kernels;
using internal::kGridSide;
using internal::kGridSlack;

Result<void> check_sides(uint32_t width, uint32_t height) {
  if (width < kMinSidePixels || height < kMinSidePixels) {
    return Error{ErrorCode::unsupported, "pdq.side-under-5"};
  }
  if (width > kNearestSide || height > kNearestSide) {
    return Error{ErrorCode::malformed, "pdq.not-reduced"};
  }
  return {};
}

Result<void> check(const Picture& picture) {
  const PictureShape& shape = picture.shape;
  if (shape.channels != 1 && shape.channels != 3) {
    return Error{ErrorCode::unsupported, "pdq.channels"};
  }
  SAFELIGHT_CHECK(check_sides(shape.width, shape.height));
  if (picture.samples.size() != shape.height * shape.row_bytes()) {
    return Error{ErrorCode::malformed, "pdq.samples"};
  }
  return {};
}

void luma_row(const Kernels& kernels, const Picture& picture, uint32_t y, float* luma) {
  const auto to_luma = picture.shape.channels == 3 ? kernels.luma_reference : kernels.luma_grey;
  to_luma(picture.row(y).data(), picture.shape.width, luma);
}

}  // namespace

ReferenceHasher::ReferenceHasher(SimdLevel level)
    : decimator_(std::make_unique<Decimator>(internal::kernels_for(level))) {}
ReferenceHasher::~ReferenceHasher() = default;
ReferenceHasher::ReferenceHasher(ReferenceHasher&&) noexcept = default;
ReferenceHasher& ReferenceHasher::operator=(ReferenceHasher&&) noexcept = default;

Result<PdqHash> ReferenceHasher::hash(const Picture& reduced) {
  if (reduced.shape.width != kGridSide || reduced.shape.height != kGridSide) {
    SAFELIGHT_TRY(const OrientationHashes hashes, hash_all_orientations(reduced));
    return hashes.front();
  }
  SAFELIGHT_CHECK(check(reduced));
  const Kernels& kernels = decimator_->kernels();
  alignas(64) std::array<float, kGridSide * kGridSide + kGridSlack> grid{};
  for (uint32_t y = 0; y < kGridSide; ++y) {
    luma_row(kernels, reduced, y, grid.data() + size_t{y} * kGridSide);
  }
  return internal::hashes_of_grid(kernels, grid.data(), PdqMode::reference).front();
}

Result<OrientationHashes> ReferenceHasher::hash_all_orientations(const Picture& reduced) {
  SAFELIGHT_CHECK(check(reduced));
  decimator_->begin(reduced.shape.width, reduced.shape.height);
  for (uint32_t y = 0; y < reduced.shape.height; ++y) {
    luma_row(decimator_->kernels(), reduced, y, decimator_->next_row());
    decimator_->take_row();
  }
  return internal::hashes_of_grid(decimator_->kernels(), decimator_->finish(), PdqMode::reference);
}

Result<OrientationHashes> ReferenceHasher::hash_all_orientations(std::span<const float> luma,
                                                                 uint32_t width, uint32_t height) {
  SAFELIGHT_CHECK(check_sides(width, height));
  if (luma.size() != size_t{width} * height) return Error{ErrorCode::malformed, "pdq.samples"};
  decimator_->begin(width, height);
  decimator_->take_rows(luma.data(), height);
  return internal::hashes_of_grid(decimator_->kernels(), decimator_->finish(), PdqMode::reference);
}

}  // namespace safelight::pdq

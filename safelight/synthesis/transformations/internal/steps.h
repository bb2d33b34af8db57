#pragma once

#include "safelight/codec/still/jpeg/encode_jpeg.h"
#include "safelight/picture/resample.h"
#include "safelight/synthesis/transformations/transformation.h"

/// What transformations are made of.
namespace safelight::synthesis {

/// Neither side of a picture gets smaller than this by resizing.
inline constexpr uint32_t kLeastSide = 16;

TransformationStep save_as_jpeg(int quality, codec::Chroma chroma);
TransformationStep save_as_webp(int quality);

/// Both sides times `percent` / 100, rounded.
TransformationStep resize(uint32_t percent, Kernel kernel);
/// Reduces (bicubic) a picture whose longer side is over `longer_side`.
TransformationStep fit_within(uint32_t longer_side);

/// Whether a cut falls along the blocks of 8 x 8 pixels that the picture may have been stored in.
enum class Grid : uint8_t { on, off };
/// A square from the centre.
TransformationStep crop(uint32_t side, Grid grid);

/// As large as fits (bilinear), to twice its sides at most, in the middle of a dark grey screen.
TransformationStep show_on_screen(uint32_t width, uint32_t height);
/// An unsharp mask: to each sample is added what it has more than the mean of the 3 x 3 around it,
/// weighted 1-2-1 in both directions.
TransformationStep sharpen();
/// The luma of ITU-R BT.601, in one channel.
TransformationStep turn_grey();

}  // namespace safelight::synthesis

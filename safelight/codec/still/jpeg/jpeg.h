#pragma once

#include <cstddef>
#include <span>

#include "safelight/base/result.h"
#include "safelight/base/simd.h"
#include "safelight/codec/decode.h"
#include "safelight/codec/luma_coefficients.h"

namespace safelight::codec {

/// What a JPEG file holds, from its marker segments: the size of the main picture, its EXIF
/// orientation, thumbnails (EXIF, JFIF extension, Photoshop), the further pictures of a
/// multi-picture file, and what follows the end of the picture. Members are files of their own:
/// `decode_jpeg(file.subspan(offset_bytes, length_bytes))`.
/// Errors: malformed without a start marker or frame; truncated where the file ends before a frame.
/// Source: ITU-T T.81 annex B; CIPA DC-008 (EXIF), DC-007 (MPF); JFIF 1.02.
Result<Layout> jpeg_layout(std::span<const std::byte> file, const Limits& limits);

/// Decodes the first picture in `file` to the same samples as libjpeg-turbo's full decode with its
/// default settings (accurate integer transform, triangle upsampling); a CMYK picture becomes red,
/// green and blue as ImageMagick 6 converts it. Where only `request.nearest` is asked for, samples
/// that it does not read are not computed, and memory stays proportional to the width for a
/// baseline file. Where a smaller picture is enough, it has a half, a quarter or an eighth of the
/// width and height, rounded up, as libjpeg-turbo's scaled decode makes it.
/// A picture that decodes in part is a value with `incomplete` set: missing samples are grey, or
/// black from the row on where decoding had to stop.
/// Errors: truncated, malformed; unsupported (12 bits, lossless, a colour model other than grey,
/// YCC, RGB, CMYK, YCCK); limit_exceeded by max_pixels, max_side_pixels, max_decode_memory_bytes,
/// or max_jpeg_scans (more than 500 scans in a file).
Result<Decoded> decode_jpeg(std::span<const std::byte> file, const DecodeRequest& request);

/// The same on a given instruction set, which the processor must have. All give the same samples.
Result<Decoded> decode_jpeg(std::span<const std::byte> file, const DecodeRequest& request,
                            SimdLevel level);

/// The luma coefficients of the first picture in `file`, in the rows of blocks that `rows` chooses;
/// rows that the picture does not have are left out. Decodes all of its coefficients, which takes
/// 2 bytes a sample of each component, and keeps the chosen. Errors: as decode_jpeg();
/// limit_exceeded by max_decode_memory_bytes; unsupported, "jpeg.no-luma", where the picture is
/// stored as red, green and blue or in inks; malformed, "jpeg.coefficients", where they are not
/// complete.
Result<LumaCoefficients> read_luma_coefficients(std::span<const std::byte> file,
                                                const BlockRowChoice& rows, const Limits& limits);

}  // namespace safelight::codec

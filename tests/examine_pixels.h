#pragma once

#include <cstddef>
#include <span>

#include "safelight/codec/still/jpeg/jpeg.h"
#include "safelight/codec/still/still.h"
#include "safelight/scan/pixel_evidence.h"

namespace safelight::scan {

/// Examines the main picture of a file's bytes in one decode, as a worker does.
inline PixelEvidence examine_pixels(std::span<const std::byte> file, const Limits& limits = {}) {
  const auto format = codec::sniff(file.first(std::min(file.size(), codec::kSniffBytes)));
  PixelExaminer examiner(format, file, metadata::read_metadata(file, {}), limits,
                         {.luma = codec::read_luma_coefficients});
  codec::DecodeRequest request;
  request.limits = limits;
  request.rows = &examiner;
  request.lossless_rows = &examiner.lossless_rows();
  return examiner.finish(decoded_extent(codec::decode_still(format, file, std::nullopt, request)));
}

}  // namespace safelight::scan

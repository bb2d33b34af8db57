#pragma once

#include <cstdint>
#include <span>

#include "safelight/codec/still/tiff/tiff_session.h"
#include "safelight/picture/picture.h"

namespace safelight::codec {

/// Turns rows as TiffSession gives them into rows of a picture, as ImageMagick 6 does.
class TiffPixels {
 public:
  explicit TiffPixels(const TiffHeader& header);

  [[nodiscard]] PictureShape shape() const;
  /// One row into shape().row_bytes() samples.
  void convert(TiffSession::Planes planes, std::span<uint8_t> out) const;

 private:
  [[nodiscard]] uint32_t raw(TiffSession::Planes planes, size_t x, uint32_t sample) const;
  [[nodiscard]] uint32_t wide(TiffSession::Planes planes, size_t x, uint32_t sample) const;
  [[nodiscard]] uint8_t narrow(uint32_t value) const;

  const TiffHeader& header_;
  uint32_t colours_;  ///< Samples of colour in a pixel: 1, 3 or 4.
};

}  // namespace safelight::codec

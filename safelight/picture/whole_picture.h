#pragma once

#include "safelight/picture/picture.h"

namespace safelight {

/// Keeps all rows.
class WholePictureSink final : public RowSink {
 public:
  void begin(const PictureShape& shape) override { picture.shape = shape; }
  void rows(uint32_t, std::span<const uint8_t> samples) override {
    picture.samples.insert(picture.samples.end(), samples.begin(), samples.end());
  }
  Picture picture;
};

}  // namespace safelight

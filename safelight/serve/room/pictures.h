#pragma once

#include <cstdint>
#include <string>

#include "safelight/base/result.h"
#include "safelight/evidence/origin.h"
#include "safelight/renditions/rendition.h"

namespace safelight::serve {

/// A picture as a browser can show it.
struct ShownPicture {
  std::string bytes;
  std::string media_type;
};

/// Where the pictures of a case come from. Safe from many threads.
class Pictures {
 public:
  virtual ~Pictures() = default;
  /// An item of the case as `style` has it, at most `max_side` pixels wide and high, made from the
  /// very bytes that the case knows. Errors: not_found for an item that has no content or is not
  /// there any more; changed; those of decoding.
  virtual Result<ShownPicture> show(const ItemId& item, RenditionStyle style,
                                    uint32_t max_side) = 0;
};

}  // namespace safelight::serve

#pragma once

#include <cstdint>
#include <cstdlib>
#include <optional>

#include "safelight/base/error.h"
#include "safelight/metadata/container/byte_range.h"

/// What fuzz targets check. A broken promise aborts.
namespace safelight::metadata {

inline void promise(bool kept) {
  if (!kept) std::abort();
}

/// Ranges that must lie inside a file, one behind the other.
class InOrder {
 public:
  explicit InOrder(uint64_t file_bytes) : file_bytes_(file_bytes) {}
  void take(ByteRange range) {
    promise(range.offset_bytes >= end_bytes_ && range.offset_bytes <= file_bytes_ &&
            range.length_bytes <= file_bytes_ - range.offset_bytes);
    end_bytes_ = range.end_bytes();
  }
  [[nodiscard]] uint64_t end_bytes() const { return end_bytes_; }

 private:
  uint64_t file_bytes_;
  uint64_t end_bytes_ = 0;
};

/// A walk ended at the end of its format, or says where in the file it was given up.
inline void promise_end(const std::optional<uint64_t>& end, const std::optional<Error>& damage,
                        uint64_t file_bytes) {
  promise(end.has_value() != damage.has_value());
  promise(end ? *end <= file_bytes : damage->offset_bytes <= file_bytes);
}

}  // namespace safelight::metadata

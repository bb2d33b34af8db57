#pragma once

#include <cstdint>
#include <string_view>

#include "safelight/bytes/file.h"
#include "safelight/serve/screening/screener.h"

namespace safelight::serve {

/// Whose an upload is.
struct UploadSender {
  int64_t key = 0;  ///< Names the key that brought it; never the key itself.
  std::string_view tenant;
};

/// Where held uploads go.
class HeldUploads {
 public:
  virtual ~HeldUploads() = default;
  /// Keeps the bytes and what is known of them; all of it is on the disk when this returns. Safe
  /// from many threads. Throws Fault where it cannot be kept: the sender is told no verdict then.
  virtual void keep(const FileSource& file, const Screened& screened,
                    const UploadSender& sender) = 0;
};

}  // namespace safelight::serve

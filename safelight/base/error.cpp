#include "safelight/base/error.h"

#include <array>

namespace safelight {
namespace {

constexpr std::array<std::string_view, 11> kNames = {
    "truncated", "malformed", "unsupported", "limit_exceeded", "integrity_mismatch", "unreadable",
    "encrypted", "changed",   "timed_out",   "worker_crashed", "not_found",
};

}  // namespace

std::string_view to_text(ErrorCode code) { return kNames[static_cast<size_t>(code)]; }

ErrorCode error_code_from_text(std::string_view text) {
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == text) return static_cast<ErrorCode>(i);
  }
  return ErrorCode::malformed;
}

}  // namespace safelight

#include "api/status.h"

#include <algorithm>

namespace safelight::api {
namespace {

sl_status status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::truncated:
      return SL_TRUNCATED;
    case ErrorCode::malformed:
      return SL_MALFORMED;
    case ErrorCode::unsupported:
      return SL_UNSUPPORTED;
    case ErrorCode::limit_exceeded:
      return SL_LIMIT_EXCEEDED;
    case ErrorCode::integrity_mismatch:
      return SL_INTEGRITY_MISMATCH;
    case ErrorCode::unreadable:
      return SL_UNREADABLE;
    case ErrorCode::encrypted:
      return SL_ENCRYPTED;
    case ErrorCode::changed:
      return SL_CHANGED;
    case ErrorCode::timed_out:
      return SL_TIMED_OUT;
    case ErrorCode::worker_crashed:
      return SL_WORKER_CRASHED;
    case ErrorCode::not_found:
      return SL_NOT_FOUND;
  }
  return SL_INTERNAL;
}

int32_t offset_kind_of(OffsetKind kind) {
  switch (kind) {
    case OffsetKind::none:
      return SL_OFFSET_NONE;
    case OffsetKind::exact:
      return SL_OFFSET_EXACT;
    case OffsetKind::approximate:
      return SL_OFFSET_APPROXIMATE;
  }
  return SL_OFFSET_NONE;
}

/// Copies as much as fits before the terminating 0; the rest of `out` is already 0.
template <size_t kSize>
void copy_text(std::string_view text, char (&out)[kSize]) {
  std::copy_n(text.begin(), std::min(text.size(), kSize - 1), out);
}

}  // namespace

void describe(const Error& error, sl_error& out) {
  out = {};
  out.status = status_of(error.code);
  out.offset_kind = offset_kind_of(error.offset_kind);
  out.offset_bytes = error.offset_bytes;
  copy_text(error.rule, out.rule);
}

sl_status succeed(sl_error* error) noexcept {
  if (error != nullptr) *error = {};
  return SL_OK;
}

sl_status fail(sl_error* error, const Error& cause) noexcept {
  if (error != nullptr) describe(cause, *error);
  return status_of(cause.code);
}

sl_status refuse(sl_error* error, std::string_view rule) noexcept {
  if (error != nullptr) {
    *error = {};
    error->status = SL_INVALID_ARGUMENT;
    copy_text(rule, error->rule);
  }
  return SL_INVALID_ARGUMENT;
}

sl_status fail(sl_error* error, sl_status status, std::string_view message) noexcept {
  if (error != nullptr) {
    *error = {};
    error->status = status;
    copy_text(message, error->message);
  }
  return status;
}

}  // namespace safelight::api

extern "C" {

const char* sl_version(void) { return SAFELIGHT_VERSION; }

uint32_t sl_abi_version(void) { return SL_ABI_VERSION; }

const char* sl_status_text(sl_status status) {
  switch (status) {
    case SL_OK:
      return "ok";
    case SL_TRUNCATED:
      return "truncated";
    case SL_MALFORMED:
      return "malformed";
    case SL_UNSUPPORTED:
      return "unsupported";
    case SL_LIMIT_EXCEEDED:
      return "limit_exceeded";
    case SL_INTEGRITY_MISMATCH:
      return "integrity_mismatch";
    case SL_UNREADABLE:
      return "unreadable";
    case SL_ENCRYPTED:
      return "encrypted";
    case SL_CHANGED:
      return "changed";
    case SL_TIMED_OUT:
      return "timed_out";
    case SL_WORKER_CRASHED:
      return "worker_crashed";
    case SL_NOT_FOUND:
      return "not_found";
    case SL_INVALID_ARGUMENT:
      return "invalid_argument";
    case SL_OUT_OF_MEMORY:
      return "out_of_memory";
    case SL_ENVIRONMENT:
      return "environment";
    case SL_INTERNAL:
      return "internal";
    default:
      return "unknown";
  }
}

}  // extern "C"

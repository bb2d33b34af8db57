#include "safelight/synthesis/plugins/internal/onnx_calls.h"

#include <algorithm>

#include "safelight/synthesis/plugins/onnx_runtime.h"

namespace safelight::synthesis::onnx {
namespace {

Error error_of(int code) {
  switch (code) {
    case kInvalidProtobuf:
      return {ErrorCode::malformed, "onnx.invalid-protobuf"};
    case kInvalidGraph:
      return {ErrorCode::malformed, "onnx.invalid-graph"};
    case kNotImplemented:
      return {ErrorCode::unsupported, "onnx.not-implemented"};
    default:
      return {ErrorCode::malformed, "onnx.failed"};
  }
}

}  // namespace

Result<void> check(const Api& api, Status* status, std::string& complaint) {
  if (status == nullptr) return {};
  complaint = printable(api.error_message(status));
  const Error error = error_of(api.error_code(status));
  api.release_status(status);
  return error;
}

std::string printable(std::string_view text) {
  std::string out(text.substr(0, kMaxComplaintBytes));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c < ' ' || c > '~'; }, ' ');
  return out;
}

}  // namespace safelight::synthesis::onnx

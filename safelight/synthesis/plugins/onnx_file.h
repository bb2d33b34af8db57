#pragma once

#include <cstddef>
#include <span>

#include "safelight/base/result.h"

namespace safelight::synthesis {

/// Graphs within graphs, in an ONNX file.
inline constexpr uint32_t kMaxOnnxDepth = 32;

/// Success if every tensor of the ONNX model lies in `model` itself. A tensor may name another file
/// instead, which no digest of the model covers. Only as much is read as that takes; what else may
/// be wrong with the model is the runtime's to find.
/// Errors: truncated; malformed ("onnx.varint", "onnx.wire-type"); limit_exceeded ("onnx.depth");
/// unsupported ("onnx.weights-elsewhere", "onnx.ort-format"), at the field.
/// Source: onnx/onnx.proto of ONNX 1.16, and the encoding of protocol buffers.
Result<void> check_self_contained(std::span<const std::byte> model);

}  // namespace safelight::synthesis

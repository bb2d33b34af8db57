#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "safelight/base/result.h"

namespace safelight::synthesis {

class OnnxRuntime;

/// The model of testdata/onnx/self_test.onnx: y = 2 a + 3 b + 0.5.
std::span<const std::byte> self_test_model();

/// Success if the runtime computes what that model must give.
/// Errors: integrity_mismatch ("onnx.self-test"), with the reason in `complaint`.
Result<void> self_test(const OnnxRuntime& runtime, std::string& complaint);

}  // namespace safelight::synthesis

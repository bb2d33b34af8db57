#pragma once

#include <filesystem>
#include <string>

#include "safelight/synthesis/plugins/internal/onnx_calls.h"
#include "safelight/synthesis/plugins/onnx_runtime.h"

namespace safelight::synthesis {

struct OnnxRuntime::State {
  onnx::Api api;
  onnx::Owned<onnx::Env> env;
  onnx::Owned<onnx::MemoryInfo> memory;
  std::filesystem::path library;
  std::string version;
};

}  // namespace safelight::synthesis

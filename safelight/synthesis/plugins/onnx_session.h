#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/synthesis/plugins/onnx_runtime.h"

namespace safelight::synthesis {

/// Values that one output may have: a detector gives one or two a picture.
inline constexpr size_t kMaxOutputValues = 65'536;

enum class ElementType : uint8_t { float32, other };

/// An input or an output of a model, as the model declares it.
struct OnnxPort {
  std::string name;
  ElementType type = ElementType::other;  ///< float32 only where it is a tensor.
  std::vector<int64_t> dims;              ///< -1 where the model leaves it open.
};

struct OnnxTensor {
  std::vector<int64_t> dims;
  std::vector<float> values;  ///< As many as the product of `dims`.
};

struct OnnxOptions {
  /// Threads that work on one run, the caller's among them. With 1 no thread is started, which is
  /// what creating a session before confinement needs.
  uint32_t threads = 1;
};

/// A model that is ready to run. Used by one thread at a time.
class OnnxSession {
 public:
  /// Reads the model from memory, where its weights must stand too: what runs is what was hashed.
  /// The bytes may go afterwards; `runtime` must outlive the session.
  /// Errors: those of check_self_contained(); malformed and unsupported as the runtime gives them
  /// ("onnx.invalid-graph", "onnx.invalid-protobuf", "onnx.not-implemented", "onnx.failed"), with
  /// what it said in `complaint`.
  static Result<OnnxSession> create(const OnnxRuntime& runtime, std::span<const std::byte> model,
                                    const OnnxOptions& options, std::string& complaint);
  OnnxSession(OnnxSession&&) noexcept;
  OnnxSession& operator=(OnnxSession&&) noexcept;
  ~OnnxSession();

  [[nodiscard]] const std::vector<OnnxPort>& inputs() const { return inputs_; }
  [[nodiscard]] const std::vector<OnnxPort>& outputs() const { return outputs_; }

  /// Gives one output for one input, which must be the model's only one. `values` are as many as
  /// the product of `dims`; the runtime leaves them as they are.
  /// Errors: those of the runtime, with what it said in `complaint`; unsupported
  /// ("onnx.output-type") where the output is no tensor of float32; limit_exceeded
  /// ("onnx.output-values") over kMaxOutputValues.
  Result<OnnxTensor> run(const std::string& input, std::span<const int64_t> dims,
                         std::span<float> values, const std::string& output,
                         std::string& complaint);

 private:
  struct State;
  explicit OnnxSession(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
  std::vector<OnnxPort> inputs_;
  std::vector<OnnxPort> outputs_;
};

}  // namespace safelight::synthesis

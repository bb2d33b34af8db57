#include "safelight/synthesis/plugins/onnx_session.h"

#include <array>
#include <cassert>
#include <numeric>
#include <utility>

#include "safelight/synthesis/plugins/internal/runtime_state.h"
#include "safelight/synthesis/plugins/onnx_file.h"

namespace safelight::synthesis {

struct OnnxSession::State {
  const onnx::Api& api;
  const onnx::MemoryInfo* memory;
  onnx::Owned<onnx::Session> session;
};

namespace {

struct Shape {
  int element_type = 0;
  std::vector<int64_t> dims;
};

Result<Shape> shape_of(const onnx::Api& api, const onnx::ShapeInfo* info, std::string& complaint) {
  Shape shape;
  size_t count = 0;
  SAFELIGHT_CHECK(check(api, api.element_type(info, &shape.element_type), complaint));
  SAFELIGHT_CHECK(check(api, api.dim_count(info, &count), complaint));
  shape.dims.resize(count);
  SAFELIGHT_CHECK(check(api, api.dims(info, shape.dims.data(), count), complaint));
  return shape;
}

/// The functions that tell of a model's inputs, or those that tell of its outputs.
struct PortFunctions {
  decltype(onnx::Api::input_count) count;
  decltype(onnx::Api::input_name) name;
  decltype(onnx::Api::input_type) type;
};

Result<OnnxPort> port_of(const onnx::Api& api, const onnx::Session* session,
                         const PortFunctions& functions, size_t index, std::string& complaint) {
  OnnxPort port;
  onnx::Allocator* allocator = nullptr;
  SAFELIGHT_CHECK(check(api, api.default_allocator(&allocator), complaint));
  char* name = nullptr;
  SAFELIGHT_CHECK(check(api, functions.name(session, index, allocator, &name), complaint));
  port.name = name;
  SAFELIGHT_CHECK(check(api, api.allocator_free(allocator, name), complaint));
  SAFELIGHT_TRY(
      const auto type,
      onnx::make<onnx::TypeInfo>(api, api.release_type_info, complaint, [&](onnx::TypeInfo** out) {
        return functions.type(session, index, out);
      }));
  const onnx::ShapeInfo* tensor = nullptr;
  SAFELIGHT_CHECK(check(api, api.cast_to_tensor(type.get(), &tensor), complaint));
  if (tensor == nullptr) return port;
  SAFELIGHT_TRY(Shape shape, shape_of(api, tensor, complaint));
  if (shape.element_type == onnx::kFloat32) port.type = ElementType::float32;
  port.dims = std::move(shape.dims);
  return port;
}

Result<std::vector<OnnxPort>> ports_of(const onnx::Api& api, const onnx::Session* session,
                                       const PortFunctions& functions, std::string& complaint) {
  size_t count = 0;
  SAFELIGHT_CHECK(check(api, functions.count(session, &count), complaint));
  std::vector<OnnxPort> ports;
  for (size_t i = 0; i < count; ++i) {
    SAFELIGHT_TRY(OnnxPort port, port_of(api, session, functions, i, complaint));
    ports.push_back(std::move(port));
  }
  return ports;
}

Result<onnx::Owned<onnx::SessionOptions>> session_options(const onnx::Api& api,
                                                          const OnnxOptions& options,
                                                          std::string& complaint) {
  SAFELIGHT_TRY(auto made,
                onnx::make<onnx::SessionOptions>(
                    api, api.release_session_options, complaint,
                    [&](onnx::SessionOptions** out) { return api.create_session_options(out); }));
  const auto threads = static_cast<int>(options.threads);
  SAFELIGHT_CHECK(check(api, api.set_intra_op_threads(made.get(), threads), complaint));
  SAFELIGHT_CHECK(check(api, api.set_inter_op_threads(made.get(), 1), complaint));
  SAFELIGHT_CHECK(
      check(api, api.set_graph_optimisation(made.get(), onnx::kAllOptimisations), complaint));
  // Threads that spin while they wait would take the processor from other workers.
  SAFELIGHT_CHECK(check(
      api, api.add_session_config(made.get(), "session.intra_op.allow_spinning", "0"), complaint));
  SAFELIGHT_CHECK(check(
      api, api.add_session_config(made.get(), "session.load_model_format", "ONNX"), complaint));
  return made;
}

Result<OnnxTensor> tensor_of(const onnx::Api& api, onnx::Value* value, std::string& complaint) {
  SAFELIGHT_TRY(const auto info, onnx::make<onnx::ShapeInfo>(api, api.release_shape_info, complaint,
                                                             [&](onnx::ShapeInfo** out) {
                                                               return api.tensor_shape(value, out);
                                                             }));
  SAFELIGHT_TRY(Shape shape, shape_of(api, info.get(), complaint));
  if (shape.element_type != onnx::kFloat32) {
    return Error{ErrorCode::unsupported, "onnx.output-type"};
  }
  size_t count = 0;
  SAFELIGHT_CHECK(check(api, api.element_count(info.get(), &count), complaint));
  if (count > kMaxOutputValues) return Error{ErrorCode::limit_exceeded, "onnx.output-values"};
  void* data = nullptr;
  SAFELIGHT_CHECK(check(api, api.tensor_data(value, &data), complaint));
  const auto* values = static_cast<const float*>(data);
  return OnnxTensor{std::move(shape.dims), {values, values + count}};
}

}  // namespace

OnnxSession::OnnxSession(std::unique_ptr<State> state) : state_(std::move(state)) {}
OnnxSession::OnnxSession(OnnxSession&&) noexcept = default;
OnnxSession& OnnxSession::operator=(OnnxSession&&) noexcept = default;
OnnxSession::~OnnxSession() = default;

Result<OnnxSession> OnnxSession::create(const OnnxRuntime& runtime,
                                        std::span<const std::byte> model,
                                        const OnnxOptions& options, std::string& complaint) {
  assert(options.threads > 0);
  SAFELIGHT_CHECK(check_self_contained(model));
  const OnnxRuntime::State& shared = *runtime.state_;
  const onnx::Api& api = shared.api;
  SAFELIGHT_TRY(const auto settings, session_options(api, options, complaint));
  SAFELIGHT_TRY(
      auto made,
      onnx::make<onnx::Session>(api, api.release_session, complaint, [&](onnx::Session** out) {
        return api.create_session_from_array(shared.env.get(), model.data(), model.size(),
                                             settings.get(), out);
      }));
  OnnxSession session(std::make_unique<State>(State{api, shared.memory.get(), std::move(made)}));
  const onnx::Session* raw = session.state_->session.get();
  SAFELIGHT_TRY(session.inputs_,
                ports_of(api, raw, {api.input_count, api.input_name, api.input_type}, complaint));
  SAFELIGHT_TRY(
      session.outputs_,
      ports_of(api, raw, {api.output_count, api.output_name, api.output_type}, complaint));
  return session;
}

Result<OnnxTensor> OnnxSession::run(const std::string& input, std::span<const int64_t> dims,
                                    std::span<float> values, const std::string& output,
                                    std::string& complaint) {
  assert(std::accumulate(dims.begin(), dims.end(), int64_t{1}, std::multiplies<>()) ==
         static_cast<int64_t>(values.size()));
  const onnx::Api& api = state_->api;
  SAFELIGHT_TRY(const auto tensor,
                onnx::make<onnx::Value>(api, api.release_value, complaint, [&](onnx::Value** out) {
                  return api.create_tensor_with_data(state_->memory, values.data(),
                                                     values.size_bytes(), dims.data(), dims.size(),
                                                     onnx::kFloat32, out);
                }));
  const std::array inputs = {static_cast<const onnx::Value*>(tensor.get())};
  const std::array input_names = {input.c_str()};
  const std::array output_names = {output.c_str()};
  SAFELIGHT_TRY(const auto given,
                onnx::make<onnx::Value>(api, api.release_value, complaint, [&](onnx::Value** out) {
                  return api.run(state_->session.get(), nullptr, input_names.data(), inputs.data(),
                                 1, output_names.data(), 1, out);
                }));
  return tensor_of(api, given.get(), complaint);
}

}  // namespace safelight::synthesis

#pragma once

#include <cstddef>
#include <cstdint>

/// The part of ONNX Runtime's C interface that is used here. The runtime gives a table of function
/// pointers that only ever grows at its end, so a place in it means the same in every version.
/// Source: include/onnxruntime/core/session/onnxruntime_c_api.h, struct OrtApi.
namespace safelight::synthesis::onnx {

/// Every version from 1.12 on gives the table of this one.
inline constexpr uint32_t kApiVersion = 12;

struct Status;
struct Env;
struct Session;
struct SessionOptions;
struct RunOptions;
struct Value;
struct MemoryInfo;
struct Allocator;
struct TypeInfo;
struct ShapeInfo;

// OrtErrorCode.
inline constexpr int kInvalidProtobuf = 7;
inline constexpr int kNotImplemented = 9;
inline constexpr int kInvalidGraph = 10;
// OrtLoggingLevel, ONNXTensorElementDataType, OrtAllocatorType, OrtMemType,
// GraphOptimizationLevel.
inline constexpr int kLogFatal = 4;
inline constexpr int kFloat32 = 1;
inline constexpr int kArenaAllocator = 1;
inline constexpr int kDefaultMemory = 0;
inline constexpr int kAllOptimisations = 99;

/// OrtApiBase.
struct ApiBase {
  using Table = const void* const*;
  Table (*get_api)(uint32_t version);
  const char* (*get_version_string)();
};

/// Each function's place in the table comes with its name; a Status that is not null is an error
/// and the caller's to release.
struct Api {
  int (*error_code)(const Status*);
  const char* (*error_message)(const Status*);
  Status* (*create_env)(int log_level, const char* log_id, Env**);
  Status* (*create_session_from_array)(const Env*, const void* model, size_t size_bytes,
                                       const SessionOptions*, Session**);
  Status* (*run)(Session*, const RunOptions*, const char* const* input_names,
                 const Value* const* inputs, size_t input_count, const char* const* output_names,
                 size_t output_count, Value** outputs);
  Status* (*create_session_options)(SessionOptions**);
  Status* (*set_graph_optimisation)(SessionOptions*, int level);
  Status* (*set_intra_op_threads)(SessionOptions*, int count);
  Status* (*set_inter_op_threads)(SessionOptions*, int count);
  Status* (*input_count)(const Session*, size_t*);
  Status* (*output_count)(const Session*, size_t*);
  Status* (*input_type)(const Session*, size_t index, TypeInfo**);
  Status* (*output_type)(const Session*, size_t index, TypeInfo**);
  Status* (*input_name)(const Session*, size_t index, Allocator*, char**);
  Status* (*output_name)(const Session*, size_t index, Allocator*, char**);
  Status* (*create_tensor_with_data)(const MemoryInfo*, void* data, size_t size_bytes,
                                     const int64_t* dims, size_t dim_count, int element_type,
                                     Value**);
  Status* (*tensor_data)(Value*, void**);
  /// The shape is the TypeInfo's own; null where it is no tensor.
  Status* (*cast_to_tensor)(const TypeInfo*, const ShapeInfo**);
  Status* (*element_type)(const ShapeInfo*, int*);
  Status* (*dim_count)(const ShapeInfo*, size_t*);
  Status* (*dims)(const ShapeInfo*, int64_t*, size_t count);
  Status* (*element_count)(const ShapeInfo*, size_t*);
  Status* (*tensor_shape)(const Value*, ShapeInfo**);
  Status* (*create_cpu_memory_info)(int allocator, int memory, MemoryInfo**);
  Status* (*allocator_free)(Allocator*, void*);
  Status* (*default_allocator)(Allocator**);
  void (*release_env)(Env*);
  void (*release_status)(Status*);
  void (*release_memory_info)(MemoryInfo*);
  void (*release_session)(Session*);
  void (*release_value)(Value*);
  void (*release_type_info)(TypeInfo*);
  void (*release_shape_info)(ShapeInfo*);
  void (*release_session_options)(SessionOptions*);
  Status* (*add_session_config)(SessionOptions*, const char* key, const char* value);

  static Api from(ApiBase::Table table) {
    const auto take = [table](auto*& function, size_t place) {
      function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(
          const_cast<void*>(table[place]));
    };
    Api api{};
    take(api.error_code, 1);
    take(api.error_message, 2);
    take(api.create_env, 3);
    take(api.create_session_from_array, 8);
    take(api.run, 9);
    take(api.create_session_options, 10);
    take(api.set_graph_optimisation, 23);
    take(api.set_intra_op_threads, 24);
    take(api.set_inter_op_threads, 25);
    take(api.input_count, 30);
    take(api.output_count, 31);
    take(api.input_type, 33);
    take(api.output_type, 34);
    take(api.input_name, 36);
    take(api.output_name, 37);
    take(api.create_tensor_with_data, 49);
    take(api.tensor_data, 51);
    take(api.cast_to_tensor, 55);
    take(api.element_type, 60);
    take(api.dim_count, 61);
    take(api.dims, 62);
    take(api.element_count, 64);
    take(api.tensor_shape, 65);
    take(api.create_cpu_memory_info, 69);
    take(api.allocator_free, 76);
    take(api.default_allocator, 78);
    take(api.release_env, 92);
    take(api.release_status, 93);
    take(api.release_memory_info, 94);
    take(api.release_session, 95);
    take(api.release_value, 96);
    take(api.release_type_info, 98);
    take(api.release_shape_info, 99);
    take(api.release_session_options, 100);
    take(api.add_session_config, 130);
    return api;
  }
};

}  // namespace safelight::synthesis::onnx

#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "safelight/base/result.h"

namespace safelight::synthesis {

/// How much is kept of what the runtime or the loader said of a failure.
inline constexpr size_t kMaxComplaintBytes = 512;

/// Where the runtime's shared object may lie, in the order of trial: the file that
/// $SAFELIGHT_ONNXRUNTIME names, and then nothing else; or
/// ~/.local/lib/safelight/libonnxruntime.so.1, where tools/fetch_onnxruntime puts it, and then what
/// the system's loader finds under that name.
std::vector<std::filesystem::path> default_runtime_places();

/// ONNX Runtime, loaded with dlopen and never unloaded. Only versions 1.23 to 1.27 are taken: those
/// are tested, and from 1.28 on the runtime may carry a telemetry client, which starts a thread,
/// writes into the home folder and can use the network. Loading starts no thread.
class OnnxRuntime {
 public:
  /// Loads the first of `places` that is there, and has it compute what a built-in model of known
  /// answer gives.
  /// Errors: not_found ("onnx.runtime-missing"); malformed ("onnx.runtime-not-loadable");
  /// unsupported ("onnx.runtime-version"); integrity_mismatch ("onnx.self-test"). Then `complaint`
  /// says in plain words what is wrong.
  static Result<OnnxRuntime> load(std::span<const std::filesystem::path> places,
                                  std::string& complaint);
  OnnxRuntime(OnnxRuntime&&) noexcept;
  OnnxRuntime& operator=(OnnxRuntime&&) noexcept;
  ~OnnxRuntime();

  /// Such as "1.27.0".
  [[nodiscard]] const std::string& version() const;
  [[nodiscard]] const std::filesystem::path& library() const;

 private:
  friend class OnnxSession;
  struct State;
  explicit OnnxRuntime(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Whether the versions of that text are among those that load() takes.
bool is_tested_runtime_version(std::string_view version);

/// One line for people: the runtime's version and place, or what is missing and how to get it.
/// Loads the runtime, so it is for a worker or a process of its own.
std::string runtime_status(std::span<const std::filesystem::path> places);

}  // namespace safelight::synthesis

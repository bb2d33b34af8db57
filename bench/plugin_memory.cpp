/// How much memory a confined worker needs for an ONNX model: the least `memory_bytes` of a policy
/// with which it runs, and the least `mapped_bytes` with that. bench/README.md says how to run it.
///   bench_plugin_memory MODEL...
#include <cstdio>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "safelight/base/fault.h"
#include "safelight/sandbox/worker.h"
#include "safelight/synthesis/plugins/onnx_runtime.h"

namespace {

using namespace safelight;

constexpr uint64_t kStepBytes = 8ull << 20;
constexpr uint64_t kMostBytes = 8ull << 30;
/// Over the least memory while address space is looked for: what is just enough is not always so.
constexpr uint64_t kMargin = 64ull << 20;

struct Answered final : sandbox::ReplySink {
  Result<void> record(std::span<const std::byte> bytes,
                      std::optional<sandbox::MemoryFile>) override {
    const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    is_number = !text.empty() && text.find_first_not_of("-.0123456789") == std::string::npos;
    return {};
  }
  bool is_number = false;
};

struct Trial {
  std::string library;
  std::string model;
  std::string when;
  std::string threads;

  [[nodiscard]] bool runs(const sandbox::Policy& policy) const {
    constexpr uint32_t kTimeoutMs = 120'000;
    try {
      auto worker =
          sandbox::Worker::start(SAFELIGHT_ONNX_WORKER, policy, {library, model, when, threads});
      Answered answered;
      for (int i = 0; i < 2; ++i) {
        if (!worker.call({}, answered, kTimeoutMs) || !answered.is_number) return false;
      }
      return true;
    } catch (const Fault&) {
      return false;
    }
  }
};

/// The least multiple of kStepBytes that does, where each larger one does too.
uint64_t least(const std::function<bool(uint64_t)>& does) {
  uint64_t too_little = 0;
  uint64_t enough = kMostBytes / kStepBytes;
  while (enough - too_little > 1) {
    const uint64_t middle = (too_little + enough) / 2;
    (does(middle * kStepBytes) ? enough : too_little) = middle;
  }
  return enough * kStepBytes;
}

}  // namespace

int main(int argc, char** argv) {
  std::string complaint;
  const auto runtime = synthesis::OnnxRuntime::load(synthesis::default_runtime_places(), complaint);
  if (!runtime) {
    std::fprintf(stderr, "%s\n", complaint.c_str());
    return 1;
  }
  std::printf("model\tsession made\tthreads\tmemory MiB\tmapped MiB\n");
  for (int i = 1; i < argc; ++i) {
    for (const auto& [when, threads] :
         {std::pair{"prepared", "1"}, std::pair{"confined", "1"}, std::pair{"confined", "2"}}) {
      const Trial trial{runtime->library(), argv[i], when, threads};
      sandbox::Policy policy;
      policy.start_timeout_ms = 120'000;
      policy.mapped_bytes = 4 * kMostBytes;
      const auto with_memory = [&](uint64_t bytes) {
        policy.memory_bytes = bytes;
        return trial.runs(policy);
      };
      const uint64_t memory = least(with_memory);
      policy.memory_bytes = memory + kMargin;
      const uint64_t mapped = least([&](uint64_t bytes) {
        policy.mapped_bytes = bytes;
        return trial.runs(policy);
      });
      std::printf("%s\t%s\t%s\t%llu\t%llu\n", std::filesystem::path(argv[i]).filename().c_str(),
                  when, threads, static_cast<unsigned long long>(memory >> 20),
                  static_cast<unsigned long long>(mapped >> 20));
      std::fflush(stdout);
    }
  }
  return 0;
}

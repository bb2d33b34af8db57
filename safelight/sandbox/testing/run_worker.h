#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "safelight/sandbox/worker.h"

namespace safelight::sandbox {

/// What a reply brought, kept.
struct Recorder final : ReplySink {
  Result<void> record(std::span<const std::byte> bytes, std::optional<MemoryFile> file) override {
    records.emplace_back(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (file) files.push_back(std::move(*file));
    return {};
  }
  std::vector<std::string> records;
  std::vector<MemoryFile> files;
};

inline std::filesystem::path test_worker() { return SAFELIGHT_SANDBOX_TEST_WORKER; }
inline std::filesystem::path rogue_worker() { return SAFELIGHT_SANDBOX_ROGUE_WORKER; }

inline constexpr uint32_t kTestTimeoutMs = 20'000;

/// A policy that keeps tests quick and small.
inline Policy test_policy() {
  Policy policy;
  policy.memory_bytes = 200'000'000;
  policy.max_pause_ms = 0;
  return policy;
}

inline Result<void> call(Worker& worker, std::string_view text, ReplySink& sink,
                         std::span<const int> descriptors = {},
                         std::span<const ByteSource* const> sources = {},
                         uint32_t timeout_ms = kTestTimeoutMs) {
  return worker.call({std::as_bytes(std::span(text)), descriptors, sources}, sink, timeout_ms);
}

/// The Error of a call that must fail.
inline Error error_of(Worker& worker, std::string_view text, uint32_t timeout_ms = kTestTimeoutMs) {
  Recorder recorder;
  const auto result = call(worker, text, recorder, {}, {}, timeout_ms);
  return result ? Error{ErrorCode::not_found, "no error"} : result.error();
}

/// Whether the worker answers.
inline bool is_well(Worker& worker) {
  Recorder recorder;
  return call(worker, "echo", recorder) && recorder.records == std::vector<std::string>{"echo"};
}

}  // namespace safelight::sandbox

#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "safelight/sandbox/memory_file.h"
#include "safelight/serve/http/body.h"

namespace safelight::serve {

/// What the bodies of requests may hold together. Safe from many threads.
class BodyBudget {
 public:
  explicit BodyBudget(uint64_t max_bytes) : left_bytes_(max_bytes) {}

  /// False where so many are not left.
  [[nodiscard]] bool take(uint64_t bytes);
  void give(uint64_t bytes) { left_bytes_ += bytes; }

 private:
  std::atomic<uint64_t> left_bytes_;
};

/// One request's part of the budget of all requests and of that of its class; given back when it
/// goes.
class BodyShare {
 public:
  BodyShare(BodyBudget& all, BodyBudget& of_class) : all_(all), of_class_(of_class) {}
  BodyShare(const BodyShare&) = delete;
  BodyShare& operator=(const BodyShare&) = delete;
  ~BodyShare() {
    all_.give(bytes_);
    of_class_.give(bytes_);
  }

  enum class Grown : uint8_t { granted, exhausted };
  [[nodiscard]] Grown grow(uint64_t bytes);

 private:
  BodyBudget& all_;
  BodyBudget& of_class_;
  uint64_t bytes_ = 0;
};

/// Makes a Body of what comes piece by piece.
class BodyWriter {
 public:
  explicit BodyWriter(uint64_t max_memory_bytes) : max_memory_bytes_(max_memory_bytes) {}

  /// Makes room for a body that is said to have this size; none beyond what may lie in memory.
  void reserve(uint64_t size_bytes);
  /// Throws Fault if there is no memory file to be had.
  void append(std::span<const std::byte> bytes);
  [[nodiscard]] uint64_t size_bytes() const { return size_bytes_; }
  /// Throws Fault.
  [[nodiscard]] Body finish() &&;

 private:
  const uint64_t max_memory_bytes_;
  uint64_t size_bytes_ = 0;
  std::string small_;
  std::optional<sandbox::MemoryFileWriter> file_;
};

}  // namespace safelight::serve

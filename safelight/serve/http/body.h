#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "safelight/bytes/file.h"
#include "safelight/sandbox/memory_file.h"

namespace safelight::serve {

/// What a request carries: in memory if small, else in a sealed memory file. Never on disk.
class Body {
 public:
  Body() = default;
  explicit Body(std::string bytes) : small_(std::move(bytes)) {}
  /// Throws Fault if the file cannot be mapped.
  explicit Body(sandbox::MemoryFile file);

  [[nodiscard]] uint64_t size_bytes() const { return bytes().size(); }
  /// All of it, wherever it lies; as long as this body lives where it is.
  [[nodiscard]] std::span<const std::byte> bytes() const;
  [[nodiscard]] std::string_view text() const;

  /// The body as a memory file, which workers can be given. Nothing is copied but what lay in
  /// memory. Throws Fault.
  [[nodiscard]] sandbox::MemoryFile take_file() &&;

 private:
  std::string small_;
  sandbox::MemoryFile file_;
  FileMapping mapping_;
};

}  // namespace safelight::serve

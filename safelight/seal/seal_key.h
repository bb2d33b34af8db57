#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <span>

#include "safelight/base/result.h"

namespace safelight {

/// What seals files and opens them again: 256 bits that nobody can guess. Zeroed when it goes.
class SealKey {
 public:
  static constexpr size_t kBytes = 32;

  explicit SealKey(std::span<const std::byte, kBytes> bytes);
  SealKey(const SealKey&) = default;
  SealKey& operator=(const SealKey&) = default;
  ~SealKey();

  /// Reads a key file: 64 hexadecimal digits and at most one line feed. Errors: those of
  /// FileSource::open(); unreadable, rule "seal-key.permissions", where others than its owner may
  /// read or write it; malformed, rule "seal-key.text".
  [[nodiscard]] static Result<SealKey> read(const std::filesystem::path& file);

  /// Makes a key file of random bytes, mode 0600, on the disk when the call returns. Throws Fault;
  /// also where the file exists.
  static void make_file(const std::filesystem::path& file);

  [[nodiscard]] std::span<const std::byte, kBytes> bytes() const { return bytes_; }

 private:
  std::array<std::byte, kBytes> bytes_{};
};

}  // namespace safelight

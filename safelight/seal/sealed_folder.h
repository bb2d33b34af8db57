#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/seal/seal_key.h"
#include "safelight/seal/secret_bytes.h"

namespace safelight {

/// A private folder of sealed files that are there whole or not at all. Throws Fault where the disk
/// fails.
class SealedFolder {
 public:
  /// Makes the folder where it is not there, and removes what writers that were ended left behind:
  /// files that are called as one of `is_name` with a dot and six further characters. Nobody writes
  /// meanwhile: once for each folder.
  SealedFolder(std::filesystem::path folder,
               const std::function<bool(std::string_view name)>& is_name);

  /// Writes a file, in place of one of this name; it is on the disk when this returns.
  void write(const std::string& name, std::span<const std::byte> plain, const SealKey& key) const;
  /// Errors: not_found, "sealed-folder.file"; those of reading and unseal().
  [[nodiscard]] Result<SecretBytes> read(const std::string& name, const SealKey& key) const;
  [[nodiscard]] bool has(const std::string& name) const;
  [[nodiscard]] uint64_t size_bytes(const std::string& name) const;
  /// Sorted.
  [[nodiscard]] std::vector<std::string> names() const;

  /// Overwrites a file with zeros, on the disk when this returns.
  void overwrite(const std::string& name) const;
  /// Whether overwrite() was the last that was done to it.
  [[nodiscard]] bool is_overwritten(const std::string& name) const;
  /// Removes a file, if it is there; gone from the disk when this returns.
  void remove(const std::string& name) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace safelight

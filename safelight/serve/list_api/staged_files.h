#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "safelight/base/clock.h"
#include "safelight/base/result.h"
#include "safelight/bytes/file.h"
#include "safelight/hash/digests.h"
#include "safelight/seal/sealed_folder.h"
#include "safelight/serve/accounts/secrets/random_source.h"

namespace safelight::serve {

/// A file that somebody uploaded.
struct StagedFile {
  std::string id;  ///< 32 random hexadecimal digits.
  uint64_t bytes = 0;
  Sha256 sha256;
};

inline constexpr size_t kMaxStagedFiles = 32;

/// Files that wait for what they are needed for to be approved: encrypted, with a key that lies in
/// the server's folder, since lists are secrets. Safe from many threads. Throws Fault where the
/// disk fails.
class StagedFiles {
 public:
  /// `staged/` and `staged.key` in the server's folder, made when they are first needed. The
  /// references outlive it.
  StagedFiles(const std::filesystem::path& state_folder, RandomSource& random, const Clock& clock);

  /// Keeps a file. Errors: malformed, "staged.empty"; limit_exceeded, "max_staged_files".
  [[nodiscard]] Result<StagedFile> keep(std::span<const std::byte> bytes);
  /// What is known of it. Errors: not_found, "staged.file"; those of unseal().
  [[nodiscard]] Result<StagedFile> find(std::string_view id) const;
  /// Its bytes, in a sealed memory file. Errors: as find(); changed, "staged.digest", where they
  /// are not those of `sha256`.
  [[nodiscard]] Result<FileSource> open(std::string_view id, const Sha256& sha256) const;
  /// Removes it, if it is there.
  void remove(std::string_view id);
  /// Removes those that were kept for longer than `age_ns` and are not `wanted`.
  void remove_old(int64_t age_ns, const std::function<bool(std::string_view id)>& wanted);

 private:
  [[nodiscard]] bool is_there() const;
  [[nodiscard]] SealKey key() const;
  [[nodiscard]] const SealedFolder& files() const;
  [[nodiscard]] Result<SecretBytes> read(std::string_view id) const;

  const std::filesystem::path folder_;
  const std::filesystem::path key_file_;
  RandomSource& random_;
  const Clock& clock_;
  std::mutex mutex_;  ///< Of what writes.
  mutable std::once_flag opened_;
  mutable std::optional<SealedFolder> files_;
};

}  // namespace safelight::serve

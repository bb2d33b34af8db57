#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/bytes/file.h"
#include "safelight/hash/fingerprint.h"
#include "safelight/index/aligned_bytes.h"
#include "safelight/index/block_check.h"
#include "safelight/index/fingerprint_index.h"
#include "safelight/index/multi_index.h"

namespace safelight::api {

struct StoredIndexOptions {
  PdqMode mode = PdqMode::reference;
  uint32_t radius_bits = kDefaultRadiusBits;  ///< At most MultiPlan::kMaxRadiusBits.
  uint64_t queries_per_call = 1;              ///< For choose_index().
  unsigned threads = 1;
};

/// Fingerprints of one mode with their ids in the index that suits their number, built in memory or
/// mapped from a file. Safe from many threads, once made.
/// Format of the file: docs/formats/index_file.md.
class StoredIndex {
 public:
  static constexpr uint32_t kFileVersion = 1;
  static constexpr uint64_t kMaxRows = MultiIndex::kMaxRows;

  /// At most kMaxRows fingerprints; `ids` has as many or none, where rows are their own ids.
  static StoredIndex build(std::span<const Fingerprint> fingerprints, std::span<const uint64_t> ids,
                           const StoredIndexOptions& options);

  /// Maps a file. Each 64 KiB of it are compared with their sum before they are first used: here,
  /// or where a search, fingerprint(), id() or save() reads them, which throw Fault for damaged
  /// ones. The file must stay as it is while the index lives; if it is cut short, touching the lost
  /// part raises SIGBUS. Errors: not_found; unreadable; truncated; malformed, at the field that
  /// breaks a rule; unsupported for another version or byte order; integrity_mismatch, at what does
  /// not fit its sum.
  static Result<StoredIndex> open(const std::filesystem::path& path);
  /// The same for the bytes of such a file, which must outlive the index, stay as they are and
  /// begin at a multiple of 64.
  static Result<StoredIndex> view(std::span<const std::byte> file);

  StoredIndex(StoredIndex&&) noexcept = default;
  StoredIndex& operator=(StoredIndex&&) noexcept = default;

  /// Success if all of the file that the index looks at, if any, is as it was written.
  /// Errors: integrity_mismatch, at the offset in the file of the first block that is not.
  [[nodiscard]] Result<void> verify() const;

  /// Writes a file with mode 0600, whole or not at all. The same rows, ids and options give the
  /// same bytes. Throws Fault.
  void save(const std::filesystem::path& path) const;

  [[nodiscard]] const FingerprintIndex& fingerprints() const { return *index_; }
  [[nodiscard]] PdqMode mode() const { return mode_; }
  [[nodiscard]] IndexKind kind() const { return kind_; }
  /// The largest radius that is not searched by comparing every row in full.
  [[nodiscard]] uint32_t radius_bits() const;
  [[nodiscard]] bool has_ids() const { return !ids_.empty(); }
  /// The id of a row under fingerprints().size().
  [[nodiscard]] uint64_t id(uint32_t row) const {
    if (ids_.empty()) return row;
    if (ids_check_)
      ids_check_->touch(std::as_bytes(ids_).data() + row * sizeof(uint64_t), sizeof(uint64_t));
    return ids_[row];
  }

 private:
  StoredIndex() = default;
  Result<void> view_layout(uint64_t rows);

  FileMapping mapping_;
  AlignedBytes owned_layout_;
  std::vector<uint64_t> owned_ids_;
  std::span<const std::byte> layout_;
  std::span<const uint64_t> ids_;
  /// Of what is mapped.
  std::unique_ptr<const BlockCheck> layout_check_;
  std::unique_ptr<const BlockCheck> ids_check_;
  std::unique_ptr<const FingerprintIndex> index_;
  PdqMode mode_ = PdqMode::reference;
  IndexKind kind_ = IndexKind::flat;
};

}  // namespace safelight::api

#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/bytes/file.h"
#include "safelight/evidence/hit.h"
#include "safelight/hash/digests.h"
#include "safelight/hash/fingerprint.h"
#include "safelight/index/flat_index.h"
#include "safelight/lists/entry.h"
#include "safelight/lists/import.h"
#include "safelight/lists/mapping.h"

namespace safelight {

/// A category code as it occurs in a compiled list.
struct ListCategory {
  std::string code;  ///< "" for entries without any.
  Disposition disposition = Disposition::review;
  bool mapped = false;  ///< By the list's mapping, or for "" by its default.
  uint64_t entries = 0;
  friend bool operator==(const ListCategory&, const ListCategory&) = default;
};

/// What a compiled list is and where it came from.
struct CompiledListInfo {
  Sha256 content_id;  ///< SHA-256 of the compiled file without its last 32 bytes, which hold it.
  std::string source_name;
  Sha256 source_sha256;
  uint64_t source_bytes = 0;
  std::string format;  ///< As to_text(ListFormat) gives it.
  std::string header;  ///< What the source calls itself, or "".
  PdqMode pdq_mode = PdqMode::reference;
  Disposition default_disposition = Disposition::review;
  CategoryMapping mapping;
  std::vector<ListCategory> categories;  ///< Those that occur, in the order of their bytes.
  uint64_t entries = 0, md5 = 0, sha1 = 0, sha256 = 0, pdq = 0, photodna = 0;
  uint64_t merged = 0, refused = 0;
  uint64_t dropped_empty_file = 0, dropped_placeholder = 0, dropped_low_quality = 0;
};

/// An entry of a compiled list.
struct CompiledEntry {
  std::string entry_id;  ///< The source's own id, or "line N" or "record N".
  std::string_view category;
  Disposition disposition = Disposition::review;
  std::optional<uint64_t> size_bytes;
  uint64_t repeats = 1;  ///< Entries of the source that say the same.
  Stated distributed = Stated::not_stated;
  Stated victim_identified = Stated::not_stated;
  Stated offender_identified = Stated::not_stated;
};

/// A list as it is matched against: one immutable file, mapped read-only. Opening checks its fast
/// sums, so that no accident to the file goes unseen; verify() checks all that can be checked.
/// Look-ups are safe from many threads, and throw Fault where a file was made to fit its sums and
/// refers to what is not there. If the file is cut short while it is mapped, touching the lost part
/// raises SIGBUS, so it lies in a folder that only its owner may write to.
/// Format: docs/formats/compiled_list.md.
class CompiledList {
 public:
  /// Errors: not_found; unreadable; truncated; malformed, at the field that breaks a rule;
  /// unsupported for another version; integrity_mismatch where a sum does not fit.
  [[nodiscard]] static Result<CompiledList> open(const std::filesystem::path& path,
                                                 std::string_view name);
  /// The same for an open file, which need not stay open.
  [[nodiscard]] static Result<CompiledList> open(const FileSource& file, std::string_view name);
  CompiledList(CompiledList&&) noexcept;
  CompiledList& operator=(CompiledList&&) noexcept;
  ~CompiledList();

  /// Compares the content with its SHA-256, and checks that no look-up can miss anything: digests
  /// are in order, bit planes fit the fingerprints, every reference is to something that is there.
  /// Errors: integrity_mismatch or malformed, at the place that breaks a rule.
  [[nodiscard]] Result<void> verify() const;

  [[nodiscard]] const std::string& name() const;
  [[nodiscard]] const CompiledListInfo& info() const;
  [[nodiscard]] const Sha256& content_id() const { return info().content_id; }

  /// Numbers of the entries with that digest, ascending; a view into the mapped file.
  [[nodiscard]] std::span<const uint32_t> find(const Md5& digest) const;
  [[nodiscard]] std::span<const uint32_t> find(const Sha1& digest) const;
  [[nodiscard]] std::span<const uint32_t> find(const Sha256& digest) const;

  /// The fingerprints, and which entry each belongs to: the index's position i is that of
  /// fingerprint_entries()[i].
  [[nodiscard]] const FlatIndex& fingerprints() const;
  [[nodiscard]] std::span<const uint32_t> fingerprint_entries() const;

  /// Entry `number`, under info().entries.
  [[nodiscard]] CompiledEntry entry(uint32_t number) const;
  [[nodiscard]] Disposition disposition(uint32_t number) const;
  [[nodiscard]] std::optional<uint64_t> size_bytes(uint32_t number) const;
  /// The 144 bytes of the entry's PhotoDNA value, or none.
  [[nodiscard]] std::span<const std::byte> photodna(uint32_t number) const;

  /// The bytes of section `index` of the file, as the format numbers them.
  [[nodiscard]] std::span<const std::byte> section(size_t index) const;

 private:
  struct State;
  explicit CompiledList(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace safelight

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
#include "safelight/index/exact_set.h"
#include "safelight/index/multi_index.h"
#include "safelight/lists/entry.h"
#include "safelight/lists/import.h"
#include "safelight/lists/mapping.h"
#include "safelight/seal/seal_key.h"

namespace safelight {

/// A category code as it occurs in a compiled list.
struct ListCategory {
  std::string code;  ///< "" for entries without any.
  Disposition disposition = Disposition::review;
  bool mapped = false;  ///< By the list's mapping, or for "" by its default.
  uint64_t entries = 0;
  friend bool operator==(const ListCategory&, const ListCategory&) = default;
};

/// A file that entries of a list came from.
struct ListSource {
  std::string name;
  Sha256 sha256;
  uint64_t bytes = 0;
  std::string format;  ///< As to_text(ListFormat) gives it.
  std::string header;  ///< What the source calls itself, or "".
  friend auto operator<=>(const ListSource&, const ListSource&) = default;
};

/// What a compiled list is and where it came from.
struct CompiledListInfo {
  Sha256 content_id;  ///< SHA-256 of the compiled file without its last 32 bytes, which hold it.
  std::vector<ListSource> sources;  ///< In the order in which they were read.
  PdqMode pdq_mode = PdqMode::reference;
  IndexKind index_kind = IndexKind::flat;  ///< Of the fingerprints.
  Disposition default_disposition = Disposition::review;
  CategoryMapping mapping;
  std::vector<ListCategory> categories;  ///< Those that occur, in the order of their bytes.
  uint64_t entries = 0, md5 = 0, sha1 = 0, sha256 = 0, pdq = 0, photodna = 0;
  uint64_t removals = 0;  ///< Entries of other files that this one takes away.
  uint64_t merged = 0, refused = 0;
  uint64_t dropped_empty_file = 0, dropped_placeholder = 0, dropped_low_quality = 0;
  uint64_t file_bytes = 0;
};

/// What an entry without an id of its own is called by in a list of that format: "line" or
/// "record".
std::string_view record_word(std::string_view format);

/// Entries that are taken away from the compiled file with that content id.
struct SegmentRemovals {
  Sha256 content_id;
  std::vector<uint32_t> entries;  ///< Ascending.
  friend bool operator==(const SegmentRemovals&, const SegmentRemovals&) = default;
};

/// Which kinds of value an entry has.
struct EntryValues {
  bool md5 = false, sha1 = false, sha256 = false, fingerprint = false, photodna = false;
  friend bool operator==(const EntryValues&, const EntryValues&) = default;
};

/// An entry of a compiled list, without the texts that stand elsewhere.
struct EntryFacts {
  std::string_view own_id;     ///< The source's own id, or "".
  uint64_t source_record = 0;  ///< Line of a text, or ordinal of the object or row; from 1.
  uint16_t source = 0;         ///< Row of CompiledListInfo::sources.
  uint16_t category = 0;       ///< Row of CompiledListInfo::categories.
  EntryValues values;
  std::optional<uint64_t> size_bytes;
  uint32_t repeats = 1;  ///< Entries of the source that say the same.
  Stated distributed = Stated::not_stated;
  Stated victim_identified = Stated::not_stated;
  Stated offender_identified = Stated::not_stated;
};

/// An entry of a compiled list, for those who are shown it.
struct CompiledEntry {
  std::string entry_id;  ///< The source's own id, or "line N" or "record N".
  std::string_view category;
  Disposition disposition = Disposition::review;
  std::optional<uint64_t> size_bytes;
  uint64_t repeats = 1;        ///< Entries of the source that say the same.
  uint64_t source_record = 0;  ///< Line of a text, or ordinal of the object or row; from 1.
  std::string_view source;     ///< Name of the file that it came from.
  Stated distributed = Stated::not_stated;
  Stated victim_identified = Stated::not_stated;
  Stated offender_identified = Stated::not_stated;
};

/// One immutable file of entries, mapped read-only: a list is one or more of them (HashList).
/// Opening reads the header and the small tables alone, and takes the same time for any number of
/// entries. Every other block of the file is compared with its sum when it is first touched, so
/// that no accident to the file goes unseen: a look-up throws Fault, naming list and place, where a
/// block is damaged, or where a file was made to fit its sums and refers to what is not there.
/// verify() checks all that can be checked. Look-ups are safe from many threads. If the file is cut
/// short while it is mapped, touching the lost part raises SIGBUS, so it lies in a folder that only
/// its owner may write to. Format: docs/formats/compiled_list.md.
class CompiledList {
 public:
  /// Errors: not_found; unreadable; truncated; malformed, at the field that breaks a rule;
  /// unsupported for another version; integrity_mismatch where a sum does not fit; of a sealed file
  /// encrypted without its `key`, and those of unseal(). Throws Fault as unseal() does.
  [[nodiscard]] static Result<CompiledList> open(const std::filesystem::path& path,
                                                 std::string_view name,
                                                 const SealKey* key = nullptr);
  /// The same for an open file, which need not stay open.
  [[nodiscard]] static Result<CompiledList> open(const FileSource& file, std::string_view name,
                                                 const SealKey* key = nullptr);
  CompiledList(CompiledList&&) noexcept;
  CompiledList& operator=(CompiledList&&) noexcept;
  ~CompiledList();

  /// Compares the content with its SHA-256 and every block with its sum, and checks that no look-up
  /// can miss anything: digests are in order, the index fits the fingerprints, every reference is
  /// to something that is there. Errors: integrity_mismatch or malformed, at the place that breaks
  /// a rule.
  [[nodiscard]] Result<void> verify() const;

  [[nodiscard]] const std::string& name() const;
  [[nodiscard]] const CompiledListInfo& info() const;
  /// Whether the file is encrypted.
  [[nodiscard]] bool is_sealed() const;
  [[nodiscard]] const Sha256& content_id() const { return info().content_id; }
  /// What this file takes away from others.
  [[nodiscard]] std::span<const SegmentRemovals> removals() const;

  /// The digests, and which entries have them.
  template <typename DigestType>
  [[nodiscard]] const ExactSet<DigestType>& digests() const;
  /// Numbers of the entries with that digest, ascending; a view into the mapped file.
  template <typename DigestType>
  [[nodiscard]] std::span<const uint32_t> find(const DigestType& digest) const {
    return digests<DigestType>().find(digest);
  }

  /// Fingerprints are numbered by rows of their own, in the order of their entries.
  [[nodiscard]] size_t fingerprint_rows() const { return static_cast<size_t>(info().pdq); }
  [[nodiscard]] Fingerprint fingerprint(size_t row) const;
  [[nodiscard]] uint32_t entry_of_row(size_t row) const;
  /// The row of the entry's fingerprint, or none.
  [[nodiscard]] std::optional<uint32_t> row_of_entry(uint32_t number) const;
  /// As FingerprintIndex::search() by rows, of which those in `removed` are neither found nor
  /// counted.
  void search(std::span<const Fingerprint> queries, const SearchOptions& options,
              RemovedRows removed, Matches& out) const;

  /// Entry `number`, under info().entries. Views last as long as the list.
  [[nodiscard]] EntryFacts facts(uint32_t number) const;
  [[nodiscard]] CompiledEntry entry(uint32_t number) const;
  [[nodiscard]] Disposition disposition(uint32_t number) const;
  /// The 144 bytes of the entry's PhotoDNA value, or none.
  [[nodiscard]] std::span<const std::byte> photodna(uint32_t number) const;
  /// PhotoDNA value number `row`, under info().photodna, and its entry; in the order of entries.
  [[nodiscard]] std::span<const std::byte> photodna_row(size_t row) const;
  [[nodiscard]] uint32_t entry_of_photodna_row(size_t row) const;

 private:
  struct State;
  explicit CompiledList(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

template <>
const ExactSet<Md5>& CompiledList::digests() const;
template <>
const ExactSet<Sha1>& CompiledList::digests() const;
template <>
const ExactSet<Sha256>& CompiledList::digests() const;

}  // namespace safelight

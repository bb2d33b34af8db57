#pragma once

#include <cstdint>
#include <vector>

#include "safelight/lists/entry.h"
#include "safelight/lists/hash_list.h"

namespace safelight::lists {

/// Hands on only those entries that a list does not hold: one is held if an entry of the list
/// agrees with it in every value, size, category and statement. An entry of nothing but a PhotoDNA
/// value is always handed on, since there is no index of those.
class NewEntries final : public EntrySink {
 public:
  /// Both must outlive it.
  NewEntries(const HashList& list, EntrySink& to) : list_(list), to_(to) {}

  Result<void> add(const ListEntry& entry) override;
  /// Hands on what is left. Errors: those of the sink.
  Result<void> finish();
  /// Entries that the list holds already.
  [[nodiscard]] uint64_t held() const { return held_; }

 private:
  template <typename D>
  void find_by(std::optional<D> ListEntry::*digest);
  void find_by_fingerprint();
  [[nodiscard]] bool is_same(const ListEntry& entry, EntryPlace place) const;

  const HashList& list_;
  EntrySink& to_;
  std::vector<ListEntry> batch_;
  std::vector<uint8_t> looked_up_;
  std::vector<uint8_t> is_held_;
  uint64_t held_ = 0;
};

/// How a SHA-256 is meant.
enum class Sha256Means : uint8_t { sha256, sha256_or_fingerprint };

/// Gathers the entries of a list that have any of the digests or fingerprints of the entries that
/// are added.
class EntriesWithValues final : public EntrySink {
 public:
  /// `list` must outlive it.
  EntriesWithValues(const HashList& list, Sha256Means sha256) : list_(list), sha256_(sha256) {}

  Result<void> add(const ListEntry& entry) override;
  void finish();
  /// After finish(), ascending, each once.
  [[nodiscard]] const std::vector<EntryPlace>& places() const { return places_; }
  [[nodiscard]] uint64_t values() const { return values_; }
  /// Values that no entry of the list has.
  [[nodiscard]] uint64_t absent() const { return absent_; }

 private:
  template <typename D>
  void find_digests(std::vector<D>& digests);
  void look_up();

  const HashList& list_;
  Sha256Means sha256_;
  std::vector<Md5> md5_;
  std::vector<Sha1> sha1_;
  std::vector<Sha256> sha256s_;
  std::vector<Fingerprint> fingerprints_;
  std::vector<EntryPlace> places_;
  uint64_t values_ = 0;
  uint64_t absent_ = 0;
};

}  // namespace safelight::lists

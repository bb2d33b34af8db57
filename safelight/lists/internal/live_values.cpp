#include "safelight/lists/internal/live_values.h"

#include <algorithm>

namespace safelight::lists {
namespace {

constexpr size_t kEntriesTogether = 1'024;
/// A fingerprint may be that of very many entries.
constexpr size_t kFingerprintsTogether = 64;

/// Calls `on_match` for every entry that has one of the fingerprints.
template <typename OnMatch>
void find_equal(const HashList& list, std::span<const Fingerprint> fingerprints,
                const OnMatch& on_match) {
  ListMatches matches;
  for (size_t first = 0; first < fingerprints.size(); first += kFingerprintsTogether) {
    const size_t count = std::min(kFingerprintsTogether, fingerprints.size() - first);
    list.search(fingerprints.subspan(first, count), {0, kNoMatchLimit}, matches);
    for (const ListMatch& match : matches.matches) on_match(first + match.query, match.entry);
  }
}

template <typename D>
bool has(const CompiledList& segment, uint32_t number, const std::optional<D>& digest) {
  if (!digest) return true;
  const auto entries = segment.find(*digest);
  return std::binary_search(entries.begin(), entries.end(), number);
}

}  // namespace

Result<void> NewEntries::add(const ListEntry& entry) {
  batch_.push_back(entry);
  return batch_.size() < kEntriesTogether ? Result<void>() : finish();
}

bool NewEntries::is_same(const ListEntry& entry, EntryPlace place) const {
  const CompiledList& segment = *list_.segments()[place.segment];
  const EntryFacts facts = segment.facts(place.number);
  const EntryValues values = {entry.md5.has_value(), entry.sha1.has_value(),
                              entry.sha256.has_value(), entry.fingerprint.has_value(),
                              entry.photodna.size() == kPhotoDnaBytes};
  if (facts.values != values || facts.size_bytes != entry.size_bytes ||
      segment.info().categories[facts.category].code != entry.category ||
      facts.distributed != entry.distributed ||
      facts.victim_identified != entry.victim_identified ||
      facts.offender_identified != entry.offender_identified ||
      !has(segment, place.number, entry.md5) || !has(segment, place.number, entry.sha1) ||
      !has(segment, place.number, entry.sha256)) {
    return false;
  }
  if (entry.fingerprint) {
    const auto row = segment.row_of_entry(place.number);
    if (!row || segment.fingerprint(*row) != *entry.fingerprint) return false;
  }
  if (!values.photodna) return true;
  const auto photodna = segment.photodna(place.number);
  const auto wanted = std::as_bytes(std::span(entry.photodna));
  return std::equal(photodna.begin(), photodna.end(), wanted.begin(), wanted.end());
}

template <typename D>
void NewEntries::find_by(std::optional<D> ListEntry::*digest) {
  std::vector<D> digests;
  std::vector<size_t> asked;
  for (size_t i = 0; i < batch_.size(); ++i) {
    if (looked_up_[i] != 0 || !(batch_[i].*digest)) continue;
    looked_up_[i] = 1;
    digests.push_back(*(batch_[i].*digest));
    asked.push_back(i);
  }
  list_.find(std::span<const D>(digests), [&](uint32_t query, EntryPlace place) {
    const size_t i = asked[query];
    if (is_held_[i] == 0 && is_same(batch_[i], place)) is_held_[i] = 1;
  });
}

void NewEntries::find_by_fingerprint() {
  std::vector<Fingerprint> fingerprints;
  std::vector<size_t> asked;
  for (size_t i = 0; i < batch_.size(); ++i) {
    if (looked_up_[i] != 0 || !batch_[i].fingerprint) continue;
    fingerprints.push_back(*batch_[i].fingerprint);
    asked.push_back(i);
  }
  find_equal(list_, fingerprints, [&](size_t query, EntryPlace place) {
    const size_t i = asked[query];
    if (is_held_[i] == 0 && is_same(batch_[i], place)) is_held_[i] = 1;
  });
}

Result<void> NewEntries::finish() {
  looked_up_.assign(batch_.size(), 0);
  is_held_.assign(batch_.size(), 0);
  find_by(&ListEntry::sha256);
  find_by(&ListEntry::sha1);
  find_by(&ListEntry::md5);
  find_by_fingerprint();
  for (size_t i = 0; i < batch_.size(); ++i) {
    held_ += is_held_[i];
    if (is_held_[i] == 0) SAFELIGHT_CHECK(to_.add(batch_[i]));
  }
  batch_.clear();
  return {};
}

Result<void> EntriesWithValues::add(const ListEntry& entry) {
  if (entry.md5) md5_.push_back(*entry.md5);
  if (entry.sha1) sha1_.push_back(*entry.sha1);
  if (entry.sha256) sha256s_.push_back(*entry.sha256);
  if (entry.fingerprint) fingerprints_.push_back(*entry.fingerprint);
  if (md5_.size() + sha1_.size() + sha256s_.size() + fingerprints_.size() >= kEntriesTogether) {
    look_up();
  }
  return {};
}

template <typename D>
void EntriesWithValues::find_digests(std::vector<D>& digests) {
  std::vector<uint8_t> found(digests.size());
  list_.find(std::span<const D>(digests), [&](uint32_t query, EntryPlace place) {
    found[query] = 1;
    places_.push_back(place);
  });
  if constexpr (std::is_same_v<D, Sha256>) {
    if (sha256_ == Sha256Means::sha256_or_fingerprint) {
      std::vector<Fingerprint> fingerprints;
      for (const Sha256& digest : digests)
        fingerprints.push_back(fingerprint_from_bytes(digest.bytes));
      find_equal(list_, fingerprints, [&](size_t query, EntryPlace place) {
        found[query] = 1;
        places_.push_back(place);
      });
    }
  }
  values_ += digests.size();
  absent_ += static_cast<uint64_t>(std::count(found.begin(), found.end(), 0));
  digests.clear();
}

void EntriesWithValues::look_up() {
  find_digests(md5_);
  find_digests(sha1_);
  find_digests(sha256s_);
  std::vector<uint8_t> found(fingerprints_.size());
  find_equal(list_, fingerprints_, [&](size_t query, EntryPlace place) {
    found[query] = 1;
    places_.push_back(place);
  });
  values_ += fingerprints_.size();
  absent_ += static_cast<uint64_t>(std::count(found.begin(), found.end(), 0));
  fingerprints_.clear();
}

void EntriesWithValues::finish() {
  look_up();
  std::sort(places_.begin(), places_.end());
  places_.erase(std::unique(places_.begin(), places_.end()), places_.end());
}

}  // namespace safelight::lists

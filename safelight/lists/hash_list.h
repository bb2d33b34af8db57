#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/lists/compiled_list.h"

namespace safelight {

/// Which entry of a list: its number in one of the list's segments.
struct EntryPlace {
  uint32_t segment = 0;
  uint32_t number = 0;
  friend auto operator<=>(const EntryPlace&, const EntryPlace&) = default;
};

/// An entry of a list within the radius of a query.
struct ListMatch {
  uint32_t query = 0;
  uint32_t distance_bits = 0;
  EntryPlace entry;
  friend auto operator<=>(const ListMatch&, const ListMatch&) = default;
};

/// What a search of a list found. Reusable.
struct ListMatches {
  std::vector<ListMatch> matches;  ///< In their own order: by query, distance and place.
  std::vector<uint64_t> cut;       ///< For each query, the matches that the limit left out.
};

/// A list as it is matched against: one or more compiled files, its *segments*, of which a later
/// one may take away entries of earlier ones. What was taken away is not found, not counted and not
/// shown. Immutable; look-ups are safe from many threads, and throw Fault as CompiledList says.
class HashList {
 public:
  using Segment = std::shared_ptr<const CompiledList>;

  /// The list of those segments, in that order; at least one. A removal counts for all earlier
  /// segments with the content id that it names. Errors: malformed, rule "list.removal", where it
  /// names a file or an entry that is not there; malformed, rule "list.segments-differ", where two
  /// do not have the same mapping or PDQ mode.
  [[nodiscard]] static Result<HashList> make(std::string name, std::vector<Segment> segments);
  /// The list of one compiled file. Errors: those of CompiledList::open() and make().
  [[nodiscard]] static Result<HashList> open(const std::filesystem::path& compiled_file,
                                             std::string name);

  [[nodiscard]] const std::string& name() const { return name_; }
  /// Of all segments together: what is taken away does not count, the content id is
  /// content_id(), and the sources are those of all segments.
  [[nodiscard]] const CompiledListInfo& info() const { return info_; }
  /// SHA-256 over the content ids of the segments, 32 bytes each, in their order.
  [[nodiscard]] const Sha256& content_id() const { return info_.content_id; }
  [[nodiscard]] std::span<const Segment> segments() const { return segments_; }

  /// Calls `on_entry(query, place)` for each entry that has the digest of number `query`.
  template <typename DigestType, typename OnEntry>
  void find(std::span<const DigestType> digests, const OnEntry& on_entry) const {
    std::vector<std::span<const uint32_t>> found(digests.size());
    for (uint32_t segment = 0; segment < segments_.size(); ++segment) {
      segments_[segment]->digests<DigestType>().find(digests, found);
      for (uint32_t query = 0; query < found.size(); ++query) {
        for (const uint32_t number : found[query]) {
          if (is_live({segment, number})) on_entry(query, EntryPlace{segment, number});
        }
      }
    }
  }
  /// Finds, for each query, every entry with a fingerprint at most `options.radius_bits` away; with
  /// a limit, the nearest of them.
  void search(std::span<const Fingerprint> queries, const SearchOptions& options,
              ListMatches& out) const;

  /// Whether an entry is not taken away.
  [[nodiscard]] bool is_live(EntryPlace place) const {
    const std::vector<uint64_t>& removed = removed_entries_[place.segment];
    return place.number / 64 >= removed.size() ||
           (removed[place.number / 64] >> (place.number % 64) & 1) == 0;
  }
  /// The same for rows of a segment's fingerprints, as a search takes it.
  [[nodiscard]] RemovedRows removed_rows(uint32_t segment) const { return removed_rows_[segment]; }
  /// A bit for each entry of a segment that is taken away.
  [[nodiscard]] RemovedRows removed_entries(uint32_t segment) const {
    return removed_entries_[segment];
  }

  /// As the members of CompiledList.
  [[nodiscard]] EntryFacts facts(EntryPlace place) const {
    return segments_[place.segment]->facts(place.number);
  }
  [[nodiscard]] CompiledEntry entry(EntryPlace place) const {
    return segments_[place.segment]->entry(place.number);
  }
  [[nodiscard]] Disposition disposition(EntryPlace place) const {
    return segments_[place.segment]->disposition(place.number);
  }

  /// Verifies every segment. Errors: those of CompiledList::verify().
  [[nodiscard]] Result<void> verify() const;

 private:
  HashList() = default;
  Result<void> take_away(uint32_t by_segment, const SegmentRemovals& removals);
  void forget(uint32_t segment, uint32_t number);
  void add_info(const CompiledListInfo& info);

  std::string name_;
  std::vector<Segment> segments_;
  /// By segment, a bit for each entry, and for each row of fingerprints; no longer than needed.
  std::vector<std::vector<uint64_t>> removed_entries_;
  std::vector<std::vector<uint64_t>> removed_rows_;
  CompiledListInfo info_;
};

/// SHA-256 over content ids, 32 bytes each: what a list of those segments is known by.
Sha256 list_content_id(std::span<const Sha256> segments);

}  // namespace safelight

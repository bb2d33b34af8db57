#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "safelight/lists/hash_list.h"
#include "safelight/lists/internal/list_writer.h"
#include "safelight/lists/internal/spool_file.h"

namespace safelight::lists {

/// Writes what is live in the last segments of a list as one. Entries keep their order, and so
/// their numbers are their ranks among what is live. Reads each segment from front to back and
/// keeps a few buffers and a quarter of a bit an entry in memory, besides what the writer of the
/// index takes.
class SegmentMerge {
 public:
  /// Of segment `first` and all behind it. `list` must outlive this.
  SegmentMerge(const HashList& list, uint32_t first);

  /// Writes the compiled file with that mapping and default disposition, which takes away
  /// `removals`, sealed if there is a key. Temporary files go to the folder of `destination`.
  /// Throws Fault.
  void write(const CategoryMapping& mapping, Disposition default_disposition,
             std::span<const SegmentRemovals> removals, const std::filesystem::path& destination,
             const ListKey& key);

  /// What the merged segments take away from segments before `first`.
  [[nodiscard]] std::vector<SegmentRemovals> removals() const;

  /// The number that an entry of the merged segments got, if it was live.
  [[nodiscard]] std::optional<uint32_t> new_number(EntryPlace place) const;

 private:
  template <typename OnEntry>
  void for_each_live(const OnEntry& on_entry) const;
  void count_rows();
  void make_tables(CompiledListInfo& info);
  uint16_t source_row(const ListSource& source, CompiledListInfo& info);
  void copy_entries(CompiledListInfo& info, SpoolFile& entries, SpoolFile& strings) const;
  void copy_fingerprints(SpoolFile& values, SpoolFile& entries, uint64_t& count) const;
  void copy_photodna(SpoolFile& values, SpoolFile& entries, uint64_t& count) const;
  template <typename D>
  uint64_t merge_digests(SpoolFile& pairs, SectionPlan& plan) const;

  const HashList& list_;
  uint32_t first_;
  /// By segment from `first_` on: the number of its first live entry, and for each word of its
  /// removed bits how many are set before it.
  struct Numbering {
    uint32_t first_number = 0;
    std::vector<uint32_t> removed_before_word;
  };
  std::vector<Numbering> numbering_;
  /// By segment and row, how many live entries refer to it; then, the rows of the merged tables.
  std::vector<std::vector<uint64_t>> entries_of_category_;
  std::vector<std::vector<uint64_t>> entries_of_source_;
  std::vector<std::vector<uint16_t>> category_rows_;
  std::vector<std::vector<uint16_t>> source_rows_;
  std::map<ListSource, uint16_t> known_sources_;
};

}  // namespace safelight::lists

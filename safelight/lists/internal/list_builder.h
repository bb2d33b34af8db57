#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "safelight/digest/sha256_stream.h"
#include "safelight/index/exact_set.h"
#include "safelight/lists/entry.h"
#include "safelight/lists/internal/external_sorter.h"
#include "safelight/lists/internal/list_layout.h"
#include "safelight/lists/internal/list_writer.h"
#include "safelight/lists/internal/spool_file.h"

namespace safelight::lists {

/// Collects entries, in bounded memory, and writes them as a compiled list.
class ListBuilder final : public EntrySink {
 public:
  /// Temporary files go to `place`, and what is written is sealed with its key.
  ListBuilder(const ListPlace& place, size_t sort_memory_bytes);

  /// The entries that follow are of that source, which need not be new. Errors: limit_exceeded.
  Result<void> begin_source(const ListSource& source);
  Result<void> add(const ListEntry& entry) override;
  /// The source that was begun last, whose details are known only when it was read.
  [[nodiscard]] ListSource& last_source() { return sources_.back(); }
  [[nodiscard]] uint32_t added() const { return count_; }

  /// Writes the list. Fills in the sources, counts and categories of `info`, by its mapping and
  /// default disposition. Throws Fault.
  void write(CompiledListInfo& info, const std::filesystem::path& destination);

 private:
  /// All that makes two entries the same, hashed, and which entry it is of.
  struct IdentityKey {
    std::array<uint8_t, 16> hash{};
    uint32_t entry = 0;
    friend auto operator<=>(const IdentityKey&, const IdentityKey&) = default;
  };
  struct Repeat {
    uint32_t entry = 0;
    uint32_t count = 0;
    friend auto operator<=>(const Repeat&, const Repeat&) = default;
  };
  /// Values of one kind, and which entry each is of.
  struct Values {
    explicit Values(const ListPlace& place)
        : values(SpoolFile::create(place)), entries(SpoolFile::create(place)) {}
    SpoolFile values;
    SpoolFile entries;
  };
  template <typename D>
  using Pairs = ExternalSorter<typename ExactSet<D>::Pair>;

  void find_repeated();
  /// The number that entry `entry` has among those kept.
  [[nodiscard]] uint32_t kept_number(uint32_t entry) const;
  [[nodiscard]] bool is_kept(uint32_t entry) const;
  [[nodiscard]] uint16_t category_row(std::string_view code);
  void keep_entries(CompiledListInfo& info, SpoolFile& kept, SpoolFile& kept_strings);
  template <typename D>
  uint64_t keep_digests(Pairs<D>& pairs, SpoolFile& kept, SectionPlan& plan);
  template <typename T>
  uint64_t keep_values(Values& from, Values& to) const;

  ListPlace place_;
  SpoolFile entries_;
  SpoolFile strings_;
  Values fingerprints_;
  Values photodna_;
  ExternalSorter<IdentityKey> identities_;
  Pairs<Md5> md5_;
  Pairs<Sha1> sha1_;
  Pairs<Sha256> sha256_;
  ExternalSorter<Repeat> repeats_;
  Sha256Stream identity_hash_;
  std::vector<ListSource> sources_;
  uint64_t strings_bytes_ = 0;
  std::map<std::string, uint16_t, std::less<>> categories_;
  uint32_t count_ = 0;
  std::vector<uint64_t> merged_bits_;       ///< One bit an entry: an earlier one says the same.
  std::vector<uint32_t> kept_before_word_;  ///< Entries kept before each word of those bits.
};

}  // namespace safelight::lists

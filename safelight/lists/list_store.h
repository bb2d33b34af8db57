#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/lists/compile.h"
#include "safelight/lists/hash_list.h"
#include "safelight/lists/list_key.h"

namespace safelight {

/// Success for a name that a list may have: 1 to 64 of A-Z a-z 0-9 . _ - and no dot in front.
/// Errors: malformed, rule "list.name".
[[nodiscard]] Result<void> check_list_name(std::string_view name);

/// A list that is not as the log has it. The texts are content ids in hexadecimal, "" where there
/// is no list, "damaged" where it cannot be opened or does not verify.
struct ListDiscrepancy {
  std::string list;
  std::string logged;
  std::string present;
  friend auto operator<=>(const ListDiscrepancy&, const ListDiscrepancy&) = default;
};

/// What an addition did.
struct AddReport {
  ImportSummary import;
  uint64_t added = 0;   ///< Entries that the list did not hold.
  uint64_t held = 0;    ///< Entries that it held already, the same in all that is stated.
  uint64_t merged = 0;  ///< Entries that said again what an earlier one of the addition says.
};

/// What a removal did.
struct RemoveReport {
  ImportSummary import;  ///< Of the values; none for a removal by id.
  uint64_t asked = 0;    ///< Values, or ids.
  uint64_t absent = 0;   ///< Those of them that no entry has, such as of one removed before.
  uint64_t removed = 0;  ///< Entries.
};

/// What a merge did.
struct MergeReport {
  uint32_t segments_before = 0;
  uint32_t segments_after = 0;
  uint64_t entries = 0;  ///< Of the segment that was written.
};

/// A folder of lists and their log. A list is a manifest, NAME.list, and the compiled files that it
/// names, which are never changed. The folder has mode 0700.
///
/// Every change takes a lock on the log and waits for another's; is written to the log; and takes
/// place at one moment, when a new manifest is renamed over the old. It is on the disk when the
/// call returns; a crash at any moment leaves the list as it was or as it should be. Readers are
/// never held up, and what they have open stays as it was. See docs/formats/compiled_list.md.
class ListStore {
 public:
  /// Is told which step of a change was just done, for tests that end the program there: "segment"
  /// (a compiled file is in its place), "log", "manifest", "merged" (a merge is written, and the
  /// lock not yet asked for).
  using OnStep = std::function<void(std::string_view step)>;

  /// Opens the folder, and makes it where it is not there. With a key, compiled files are sealed
  /// when they are written; those that are not sealed can be read all the same. Throws Fault.
  [[nodiscard]] static ListStore open(const std::filesystem::path& folder, ListKey key = nullptr,
                                      OnStep on_step = {});

  /// Names of the lists, sorted.
  [[nodiscard]] std::vector<std::string> names() const;
  /// Segments that `known` has are taken from there rather than opened again. Errors: malformed for
  /// a name that is none; not_found; those of CompiledList::open() and of the manifest.
  [[nodiscard]] Result<HashList> load(std::string_view name, const HashList* known = nullptr) const;
  /// What the list is known by now; reads its manifest alone. Errors: malformed for a name that is
  /// none; not_found; those of the manifest.
  [[nodiscard]] Result<Sha256> content_id(std::string_view name) const;

  /// Imports `inputs` as the list `name`, in place of one that has this name. `when` is the time to
  /// write into the log, as the caller wants it to read. Errors: those of compile_list();
  /// malformed for the name; those of the log. Throws Fault.
  [[nodiscard]] Result<CompileReport> build(std::string_view name,
                                            std::span<const ListInput> inputs,
                                            const CompileOptions& options, std::string_view when);
  /// Adds what `input` has and the list does not; with the list's own mapping and PDQ mode. Costs
  /// nothing for what is in the list, but a look-up for each entry. Errors: those of import_list(),
  /// load() and the log. Throws Fault.
  [[nodiscard]] Result<AddReport> add(std::string_view name, const ListInput& input,
                                      const ImportOptions& options, std::string_view when);
  /// The same; where there is no list of this name, builds it of `input`, with all of `options`,
  /// and never in place of one that somebody else has built meanwhile. Errors: as add() and
  /// build().
  [[nodiscard]] Result<AddReport> add_or_build(std::string_view name, const ListInput& input,
                                               const CompileOptions& options,
                                               std::string_view when);
  /// Removes every entry that has one of the digests or fingerprints (the same, not a near one) of
  /// `input`, which may be a list of any known format. Where nothing tells whether 64 digits are
  /// SHA-256 or PDQ they are both. Errors: as add(). Throws Fault.
  [[nodiscard]] Result<RemoveReport> remove(std::string_view name, const ListInput& input,
                                            const ImportOptions& options, std::string_view when);
  /// Removes every entry that is called by one of `entry_ids`. Looks at every entry. Errors: those
  /// of load() and the log. Throws Fault.
  [[nodiscard]] Result<RemoveReport> remove_entries(std::string_view name,
                                                    std::span<const std::string> entry_ids,
                                                    std::string_view when);
  /// Writes the list as one compiled file. Holds no lock while it works: what is added or removed
  /// meanwhile stays so. Errors: those of load() and the log; changed, rule
  /// "list.replaced-while-merging". Throws Fault; also where the list is being merged already.
  [[nodiscard]] Result<MergeReport> merge(std::string_view name, std::string_view when);
  /// The same for the last few compiled files of a list, as long as one is smaller than
  /// kTierFactor times all later ones together: a list so has few of them. Does nothing where the
  /// list is being merged already. Gives what it did, a report for each merge. Errors: as merge().
  [[nodiscard]] Result<std::vector<MergeReport>> merge_small(std::string_view name,
                                                             std::string_view when);
  static constexpr uint64_t kTierFactor = 4;

  /// Gives the list another mapping; all of it is written anew. Errors: as load(), and the log's.
  /// Throws Fault.
  [[nodiscard]] Result<CompiledListInfo> remap(std::string_view name,
                                               const CategoryMapping& mapping,
                                               Disposition default_disposition,
                                               std::string_view when);
  /// Removes the list. Errors: malformed; not_found; the log's. Throws Fault.
  [[nodiscard]] Result<void> drop(std::string_view name, std::string_view when);

  /// Verifies the log and every list, and compares them as they are at one moment. Errors: those of
  /// verify_list_log().
  [[nodiscard]] Result<std::vector<ListDiscrepancy>> check() const;
  /// The same for one list. Errors: malformed for a name that is none.
  [[nodiscard]] Result<std::vector<ListDiscrepancy>> check(std::string_view name) const;

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] std::filesystem::path log_path() const;

 private:
  ListStore(std::filesystem::path folder, ListKey key, OnStep on_step);
  struct Change;
  /// Of a list's segments the first that is to be merged with all behind it, if any is.
  using ChooseFirst = std::function<std::optional<uint32_t>(const HashList&)>;
  [[nodiscard]] Result<MergeReport> merge_from(std::string_view name, const ChooseFirst& choose,
                                               std::string_view when);
  [[nodiscard]] bool is_there(std::string_view name) const;
  [[nodiscard]] Result<CompileReport> build_in(Change& change, std::span<const ListInput> inputs,
                                               const CompileOptions& options);
  [[nodiscard]] Result<AddReport> add_in(Change& change, const ListInput& input,
                                         const ImportOptions& options);
  [[nodiscard]] Result<RemoveReport> remove_places(Change& change, const HashList& list,
                                                   std::span<const EntryPlace> places,
                                                   RemoveReport report);
  [[nodiscard]] Result<std::vector<ListDiscrepancy>> compare(std::string_view only) const;
  [[nodiscard]] std::filesystem::path manifest_path(std::string_view name) const;
  /// Of a list that an older version wrote.
  [[nodiscard]] std::filesystem::path old_path(std::string_view name) const;
  [[nodiscard]] std::filesystem::path segment_path(std::string_view name, const Sha256& id) const;

  std::filesystem::path folder_;
  ListKey key_;
  OnStep on_step_;
};

}  // namespace safelight

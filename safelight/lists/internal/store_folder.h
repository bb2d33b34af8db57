#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/bytes/file.h"
#include "safelight/hash/digests.h"

/// The files of a list store, by their names.
namespace safelight::lists {

inline constexpr std::string_view kManifestSuffix = ".list";
inline constexpr std::string_view kSegmentSuffix = ".segment";
/// A list of version 1 or 2 was one such file.
inline constexpr std::string_view kOldSuffix = ".slist";

/// NAME.HEX.segment
std::string segment_name(std::string_view list, const Sha256& content_id);

/// Names of the regular files in a folder, in any order. Throws Fault.
std::vector<std::string> files_of(const std::filesystem::path& folder);

/// Where a change, or a merge, of that list puts the file that it writes before it has its name.
std::filesystem::path pending_path(const std::filesystem::path& folder, std::string_view list);
std::filesystem::path merging_path(const std::filesystem::path& folder, std::string_view list);

/// Removes what changes that were killed left behind: parts of lists, which are secrets. Only while
/// the log is locked. What merges left stays: one may be at work.
void remove_leftovers(const std::filesystem::path& folder);
/// The same for merges of that list; only while its merge lock is held.
void remove_merge_leftovers(const std::filesystem::path& folder, std::string_view list);
/// Removes compiled files that no manifest names. Only while the log is locked. Does nothing where
/// a manifest cannot be read: what it names is not known.
void remove_unreferenced(const std::filesystem::path& folder);

void rename_over(const std::filesystem::path& from, const std::filesystem::path& to);

/// The lock that a merge of that list holds, or nothing where another has it. Throws Fault.
std::optional<Descriptor> try_merge_lock(const std::filesystem::path& folder,
                                         std::string_view list);

/// A lock on the log that keeps changes from taking place, and does not keep others from having
/// one too. A closed descriptor where there is no log. Throws Fault.
Descriptor lock_out_changes(const std::filesystem::path& log);

}  // namespace safelight::lists

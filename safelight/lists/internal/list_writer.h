#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "safelight/lists/internal/list_layout.h"
#include "safelight/lists/internal/spool_file.h"

namespace safelight::lists {

/// A section of the file that is being written; zeros until it is filled. Throws Fault.
class SectionOutput {
 public:
  SectionOutput(int descriptor, const SectionPlace& place)
      : descriptor_(descriptor), place_(place) {}

  void write_at(uint64_t offset_bytes, std::span<const std::byte> bytes) const;
  /// Calls `fill` with the section mapped into memory.
  void fill_mapped(const std::function<void(std::span<std::byte>)>& fill) const;

 private:
  int descriptor_;
  SectionPlace place_;
};

/// Appends to a stretch of a section, through a buffer.
class SectionStream {
 public:
  SectionStream(const SectionOutput& out, uint64_t offset_bytes)
      : out_(out), offset_bytes_(offset_bytes) {}
  void append(std::span<const std::byte> bytes);
  void flush();

 private:
  const SectionOutput& out_;
  uint64_t offset_bytes_;
  std::vector<std::byte> buffer_;
};

/// A section that is to be written: its length, and what fills it.
struct SectionPlan {
  uint64_t length_bytes = 0;
  std::function<void(const SectionOutput&)> fill;
};
using SectionPlans = std::array<SectionPlan, kSections>;

/// A section of bytes that stand in memory.
SectionPlan section_of(std::vector<std::byte> bytes);

/// What the names of files begin with that are not in their place yet.
inline constexpr std::string_view kPendingPrefix = ".new-";

/// Writes a compiled list to `destination`, mode 0600, all or nothing: a temporary file beside it,
/// synced, renamed, its folder synced. The sections of sources, mapping, categories, removals and
/// block sums are made here. With a key the file is sealed, and made in memory first. The one place
/// where such a file is written. Throws Fault.
void write_list(const CompiledListInfo& info, std::span<const SegmentRemovals> removals,
                SectionPlans plans, const std::filesystem::path& destination, const SealKey* key);

/// Writes a small file to `destination` in the same way, and calls `before_rename` when all of it
/// is on the disk but for its name. Throws Fault.
void write_small_file(std::span<const std::byte> bytes, const std::filesystem::path& destination,
                      const std::function<void()>& before_rename);

/// What was written, read back and checked: a list that does not read back was never made. Throws
/// Fault.
CompiledListInfo read_back(const std::filesystem::path& path, const SealKey* key);

/// The sections of `count` fingerprints, which `values` has in order: their index, of the kind that
/// answers soonest, which is noted in `info`. `values` must last until the list is written.
SectionPlan plan_fingerprints(SpoolFile& values, uint64_t count, CompiledListInfo& info);

/// A section that is a copy of `spool`, which must last until the list is written.
SectionPlan plan_copy(SpoolFile& spool);

/// Syncs a folder's entries. Throws Fault.
void sync_folder(const std::filesystem::path& folder);

}  // namespace safelight::lists

#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <span>

#include "safelight/lists/internal/list_layout.h"

namespace safelight::lists {

/// A section that is to be written: its length, and what fills it (zeroed before).
struct SectionPlan {
  uint64_t length_bytes = 0;
  std::function<void(std::span<std::byte>)> fill;
};
using SectionPlans = std::array<SectionPlan, kSections>;

/// A section of bytes that stand in memory.
SectionPlan section_of(std::vector<std::byte> bytes);

/// Writes a compiled list to `destination`, mode 0600, all or nothing: a temporary file beside it,
/// synced, renamed, its folder synced. The sections of texts, mapping and categories are made from
/// `info`. Throws Fault.
void write_list(const CompiledListInfo& info, SectionPlans plans,
                const std::filesystem::path& destination);

/// Syncs a folder's entries. Throws Fault.
void sync_folder(const std::filesystem::path& folder);

}  // namespace safelight::lists

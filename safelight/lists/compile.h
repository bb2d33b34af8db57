#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/lists/compiled_list.h"
#include "safelight/lists/import.h"
#include "safelight/lists/list_key.h"
#include "safelight/lists/mapping.h"

namespace safelight {

/// A file to read entries from, and the name that it is shown by.
struct ListInput {
  const FileSource& file;
  std::string_view name;
};

struct CompileOptions {
  ImportOptions import;
  CategoryMapping mapping;
  /// For entries without any code; by default what the formats suggest: `ordinary` where all are
  /// NSRL, else `review`.
  std::optional<Disposition> default_disposition;
  PdqMode pdq_mode = PdqMode::reference;  ///< Which PDQ made the list's fingerprints.
  /// Memory for sorting; what does not fit is sorted in temporary files beside the result.
  size_t sort_memory_bytes = size_t{64} << 20;
};

struct CompileReport {
  std::vector<ImportSummary> imports;  ///< Of each input, in its place.
  uint64_t merged = 0;                 ///< Entries that said again what an earlier one says.
  CompiledListInfo info;
};

/// Imports the lists `inputs` and writes them as one compiled list to `destination`, mode 0600, all
/// or nothing: a temporary file beside it, synced, renamed over it, its folder synced. The same
/// inputs and options give the same bytes, unless they are sealed with a `key`. Entries that agree
/// in every digest, fingerprint and category are one entry with a count. Takes the memory for
/// sorting, a bit and a half for each entry, and that of the index's writer
/// (docs/formats/compiled_list.md). Errors: those of import_list(); changed if an input changes
/// meanwhile. Throws Fault where the destination cannot be written.
[[nodiscard]] Result<CompileReport> compile_list(std::span<const ListInput> inputs,
                                                 const CompileOptions& options,
                                                 const std::filesystem::path& destination,
                                                 const ListKey& key = nullptr);

}  // namespace safelight

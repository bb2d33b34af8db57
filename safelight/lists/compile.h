#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "safelight/lists/compiled_list.h"
#include "safelight/lists/import.h"
#include "safelight/lists/mapping.h"

namespace safelight {

struct CompileOptions {
  ImportOptions import;
  CategoryMapping mapping;
  /// For entries without any code; by default what the format suggests: `ordinary` for NSRL, else
  /// `review`.
  std::optional<Disposition> default_disposition;
  PdqMode pdq_mode = PdqMode::reference;  ///< Which PDQ made the list's fingerprints.
  /// Memory for sorting; what does not fit is sorted in temporary files beside the result.
  size_t sort_memory_bytes = size_t{64} << 20;
};

struct CompileReport {
  ImportSummary import;
  uint64_t merged = 0;  ///< Entries that said again what an earlier one says.
  CompiledListInfo info;
};

/// Imports the list `source` and writes it as a compiled list to `destination`, mode 0600, all or
/// nothing: a temporary file beside it, synced, renamed over it, its folder synced. The same input
/// and options give the same bytes. Entries that agree in every digest, fingerprint and category
/// are one entry with a count. `source_name` is stored to be shown. Errors: those of import_list();
/// changed if the source changes meanwhile. Throws Fault where the destination cannot be written.
[[nodiscard]] Result<CompileReport> compile_list(const FileSource& source,
                                                 std::string_view source_name,
                                                 const CompileOptions& options,
                                                 const std::filesystem::path& destination);

/// Writes `list` anew with another mapping and default disposition; nothing else changes. Throws
/// Fault where the destination cannot be written.
[[nodiscard]] Result<CompiledListInfo> remap_list(const CompiledList& list,
                                                  const CategoryMapping& mapping,
                                                  Disposition default_disposition,
                                                  const std::filesystem::path& destination);

}  // namespace safelight

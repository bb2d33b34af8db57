#pragma once

#include "safelight/lists/compile.h"
#include "safelight/lists/internal/list_builder.h"

namespace safelight::lists {

/// Imports `input` into `sink`, which hands on to `builder`, as a source of its own. Errors: those
/// of import_list() and of the sink; changed if the input changes meanwhile.
[[nodiscard]] Result<ImportSummary> import_source(const ListInput& input,
                                                  const ImportOptions& options,
                                                  ListBuilder& builder, EntrySink& sink);

/// Adds what was refused and dropped to the counts of a list.
void count_import(const ImportSummary& import, CompiledListInfo& info);

/// The folder that a file lies in.
std::filesystem::path folder_of(const std::filesystem::path& file);

/// SHA-256 of a file. Errors: unreadable.
[[nodiscard]] Result<Sha256> sha256_of(const FileSource& source);

}  // namespace safelight::lists

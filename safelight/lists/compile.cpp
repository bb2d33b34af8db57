#include "safelight/lists/compile.h"

#include <algorithm>
#include <memory>

#include "safelight/lists/internal/list_writer.h"
#include "safelight/lists/internal/source_import.h"

namespace safelight {
Result<CompileReport> compile_list(std::span<const ListInput> inputs, const CompileOptions& options,
                                   const std::filesystem::path& destination, const ListKey& key) {
  CompileReport report;
  CompiledListInfo& info = report.info;
  auto builder = std::make_unique<lists::ListBuilder>(
      lists::ListPlace{lists::folder_of(destination), key}, options.sort_memory_bytes);
  for (const ListInput& input : inputs) {
    SAFELIGHT_TRY(ImportSummary import,
                  lists::import_source(input, options.import, *builder, *builder));
    lists::count_import(import, info);
    report.imports.push_back(std::move(import));
  }
  const bool all_ordinary =
      !inputs.empty() &&
      std::all_of(report.imports.begin(), report.imports.end(), [](const ImportSummary& import) {
        return import.proposed_disposition == Disposition::ordinary;
      });
  info.pdq_mode = options.pdq_mode;
  info.mapping = options.mapping;
  info.default_disposition = options.default_disposition.value_or(
      all_ordinary ? Disposition::ordinary : Disposition::review);
  builder->write(info, destination);
  // Its memory and temporary files go before the list is mapped and checked.
  builder.reset();
  info = lists::read_back(destination, key.get());
  report.merged = info.merged;
  return report;
}

}  // namespace safelight

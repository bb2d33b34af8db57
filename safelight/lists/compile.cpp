#include "safelight/lists/compile.h"

#include <memory>

#include "safelight/base/fault.h"
#include "safelight/digest/sha256_stream.h"
#include "safelight/lists/internal/list_builder.h"
#include "safelight/lists/internal/list_writer.h"

namespace safelight {
namespace {

constexpr size_t kReadBytes = 1u << 20;

std::filesystem::path folder_of(const std::filesystem::path& file) {
  const auto parent = file.parent_path();
  return parent.empty() ? "." : parent;
}

Result<Sha256> sha256_of(const FileSource& source) {
  Sha256Stream hash;
  std::vector<std::byte> buffer(kReadBytes);
  uint64_t offset = 0;
  while (offset < source.size_bytes()) {
    SAFELIGHT_TRY(const size_t count, source.read_at(offset, buffer));
    hash.update(std::span(buffer).first(count));
    offset += count;
  }
  return hash.digest();
}

/// What was written, read back and checked: a list that does not read back was never made.
CompiledListInfo read_back(const std::filesystem::path& path) {
  const auto fault = [&](const Error& error) {
    return Fault("the list " + path.string() + " does not read back: " + std::string(error.rule));
  };
  const Result<CompiledList> list = CompiledList::open(path, "");
  if (!list) throw fault(list.error());
  if (const auto verified = list->verify(); !verified) throw fault(verified.error());
  return list->info();
}

}  // namespace

Result<CompileReport> compile_list(const FileSource& source, std::string_view source_name,
                                   const CompileOptions& options,
                                   const std::filesystem::path& destination) {
  CompileReport report;
  SAFELIGHT_TRY(report.info.source_sha256, sha256_of(source));
  auto builder =
      std::make_unique<lists::ListBuilder>(folder_of(destination), options.sort_memory_bytes);
  SAFELIGHT_TRY(report.import, import_list(source, options.import, *builder));
  const ImportSummary& import = report.import;
  CompiledListInfo& info = report.info;
  info.source_name = source_name;
  info.source_bytes = source.size_bytes();
  info.format = to_text(import.format);
  info.header = import.header;
  info.pdq_mode = options.pdq_mode;
  info.mapping = options.mapping;
  info.default_disposition = options.default_disposition.value_or(import.proposed_disposition);
  info.refused = import.refused_total();
  info.dropped_empty_file = import.dropped_empty_file;
  info.dropped_placeholder = import.dropped_placeholder;
  info.dropped_low_quality = import.dropped_low_quality;
  builder->write(info, destination);
  // Its memory and temporary files go before the list is mapped and checked.
  builder.reset();
  info = read_back(destination);
  report.merged = info.merged;
  return report;
}

Result<CompiledListInfo> remap_list(const CompiledList& list, const CategoryMapping& mapping,
                                    Disposition default_disposition,
                                    const std::filesystem::path& destination) {
  CompiledListInfo info = list.info();
  info.mapping = mapping;
  info.default_disposition = default_disposition;
  for (ListCategory& category : info.categories) lists::apply_mapping(info, category);
  lists::SectionPlans plans;
  for (size_t i = 0; i < lists::kSections; ++i) {
    const std::span<const std::byte> bytes = list.section(i);
    plans[i] = {bytes.size(), [bytes](const lists::SectionOutput& out) { out.write_at(0, bytes); }};
  }
  lists::write_list(info, std::move(plans), destination);
  return read_back(destination);
}

}  // namespace safelight

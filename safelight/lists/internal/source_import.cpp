#include "safelight/lists/internal/source_import.h"

#include <vector>

#include "safelight/digest/sha256_stream.h"

namespace safelight::lists {
namespace {

constexpr size_t kReadBytes = 1u << 20;

}  // namespace

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

Result<ImportSummary> import_source(const ListInput& input, const ImportOptions& options,
                                    ListBuilder& builder, EntrySink& sink) {
  ListSource source;
  source.name = input.name;
  source.bytes = input.file.size_bytes();
  SAFELIGHT_TRY(source.sha256, sha256_of(input.file));
  SAFELIGHT_CHECK(builder.begin_source(source));
  SAFELIGHT_TRY(ImportSummary import, import_list(input.file, options, sink));
  builder.last_source().format = to_text(import.format);
  builder.last_source().header = import.header;
  return import;
}

void count_import(const ImportSummary& import, CompiledListInfo& info) {
  info.refused += import.refused_total();
  info.dropped_empty_file += import.dropped_empty_file;
  info.dropped_placeholder += import.dropped_placeholder;
  info.dropped_low_quality += import.dropped_low_quality;
}

}  // namespace safelight::lists

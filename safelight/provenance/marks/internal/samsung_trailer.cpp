#include "safelight/provenance/marks/internal/samsung_trailer.h"

#include "safelight/base/byte_reader.h"

namespace safelight::marks {
namespace {

constexpr uint64_t kFooterBytes = 8;      // length of the directory, "SEFT"
constexpr uint64_t kDirectoryBytes = 12;  // "SEFH", version, number of entries
constexpr uint64_t kEntryBytes = 12;

/// "SEFH" in the four bytes at `offset_bytes`, which is where it must stand.
Result<uint64_t> find_directory(std::span<const std::byte> file, uint64_t begin_bytes) {
  constexpr auto kNone = Error{ErrorCode::not_found, "samsung.trailer"};
  if (begin_bytes > file.size() || file.size() - begin_bytes < kFooterBytes + kDirectoryBytes) {
    return kNone;
  }
  ByteReader footer(file.last(kFooterBytes));
  SAFELIGHT_TRY(const uint32_t length, footer.u32_le());
  SAFELIGHT_TRY(const auto tag, footer.text(4));
  const uint64_t room = file.size() - kFooterBytes - begin_bytes;
  if (tag != "SEFT" || length < kDirectoryBytes || length > room) return kNone;
  return file.size() - kFooterBytes - length;
}

Result<std::vector<TrailerBlock>> read(std::span<const std::byte> file, uint64_t begin_bytes) {
  SAFELIGHT_TRY(const uint64_t directory, find_directory(file, begin_bytes));
  std::vector<TrailerBlock> blocks;
  ByteReader in(file.first(file.size() - kFooterBytes));
  SAFELIGHT_CHECK(in.seek(directory));
  SAFELIGHT_TRY(const auto tag, in.text(4));
  if (tag != "SEFH") return blocks;
  SAFELIGHT_CHECK(in.skip(4));
  SAFELIGHT_TRY(const uint32_t entries, in.u32_le());
  for (uint32_t i = 0; i < entries && i < kMaxTrailerEntries; ++i) {
    if (in.remaining() < kEntryBytes) break;
    SAFELIGHT_CHECK(in.skip(4));
    SAFELIGHT_TRY(const uint32_t back, in.u32_le());
    SAFELIGHT_TRY(const uint32_t size, in.u32_le());
    if (back > directory - begin_bytes || size > back) continue;
    ByteReader block(file.subspan(directory - back, size), directory - back);
    // Two bytes of zero, two of a type, the name with its length, the data.
    if (!block.skip(4)) continue;
    const auto name_bytes = block.u32_le();
    if (!name_bytes) continue;
    const auto name = block.text(*name_bytes);
    if (!name) continue;
    blocks.push_back({*name, {block.offset_bytes(), block.remaining()}});
  }
  return blocks;
}

}  // namespace

std::vector<TrailerBlock> samsung_trailer(std::span<const std::byte> file, uint64_t begin_bytes) {
  auto blocks = read(file, begin_bytes);
  return blocks ? std::move(*blocks) : std::vector<TrailerBlock>();
}

}  // namespace safelight::marks

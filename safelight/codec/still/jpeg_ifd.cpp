#include "safelight/codec/still/jpeg_ifd.h"

namespace safelight::codec {
namespace {

constexpr uint16_t kTypeShort = 3;
constexpr size_t kEntryBytes = 12;

}  // namespace

const IfdEntry* Ifd::find(uint16_t tag) const {
  for (const IfdEntry& entry : entries) {
    if (entry.tag == tag) return &entry;
  }
  return nullptr;
}

std::optional<uint32_t> Ifd::value(uint16_t tag) const {
  const IfdEntry* entry = find(tag);
  if (entry == nullptr) return std::nullopt;
  return entry->value_or_offset;
}

Result<IfdReader> IfdReader::open(std::span<const std::byte> bytes, uint64_t base_offset_bytes) {
  ByteReader in(bytes, base_offset_bytes);
  SAFELIGHT_TRY(const uint16_t order, in.u16_be());
  if (order != 0x4949 && order != 0x4d4d) {
    return Error::at(ErrorCode::malformed, "tiff.byte-order", base_offset_bytes);
  }
  IfdReader reader(in, order == 0x4d4d);
  const uint64_t magic_at = reader.in_.offset_bytes();
  SAFELIGHT_TRY(const uint16_t magic, reader.u16());
  if (magic != 42) return Error::at(ErrorCode::malformed, "tiff.magic", magic_at);
  SAFELIGHT_TRY(reader.first_offset_, reader.u32());
  return reader;
}

Result<Ifd> IfdReader::read(uint32_t offset) {
  SAFELIGHT_CHECK(in_.seek(offset));
  SAFELIGHT_TRY(const uint16_t count, u16());
  if (in_.remaining() / kEntryBytes < count) {
    return in_.error(ErrorCode::truncated, "tiff.directory");
  }
  Ifd ifd;
  ifd.entries.reserve(count);
  for (uint16_t i = 0; i < count; ++i) {
    IfdEntry entry;
    SAFELIGHT_TRY(entry.tag, u16());
    SAFELIGHT_TRY(entry.type, u16());
    SAFELIGHT_TRY(entry.count, u32());
    if (entry.type == kTypeShort && entry.count <= 2) {
      SAFELIGHT_TRY(entry.value_or_offset, u16());
      SAFELIGHT_CHECK(in_.skip(2));
    } else {
      SAFELIGHT_TRY(entry.value_or_offset, u32());
    }
    ifd.entries.push_back(entry);
  }
  // Some writers end the structure with the last entry of the last directory.
  if (in_.remaining() >= 4) {
    SAFELIGHT_TRY(ifd.next_offset, u32());
  }
  return ifd;
}

Result<std::vector<uint32_t>> IfdReader::words(uint32_t offset, uint32_t count) {
  SAFELIGHT_CHECK(in_.seek(offset));
  if (in_.remaining() / 4 < count) return in_.error(ErrorCode::truncated, "tiff.values");
  std::vector<uint32_t> words(count);
  for (uint32_t& word : words) {
    SAFELIGHT_TRY(word, u32());
  }
  return words;
}

}  // namespace safelight::codec

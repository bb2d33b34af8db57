#include "safelight/codec/still/png/png_rebuild.h"

#include <algorithm>
#include <string_view>
#include <zlib.h>

namespace safelight::codec {
namespace {

void append_u32_be(std::vector<std::byte>& out, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8)
    out.push_back(static_cast<std::byte>(value >> shift));
}

void append(std::vector<std::byte>& out, std::span<const std::byte> bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

void append_chunk(std::vector<std::byte>& out, std::string_view type,
                  std::span<const std::byte> data) {
  append_u32_be(out, static_cast<uint32_t>(data.size()));
  const size_t covered = out.size();
  append(out, std::as_bytes(std::span(type)));
  append(out, data);
  const std::span<const std::byte> checked = std::span(out).subspan(covered);
  const auto crc = crc32_z(0, reinterpret_cast<const Bytef*>(checked.data()),  // NOLINT: bytes
                           checked.size());
  append_u32_be(out, static_cast<uint32_t>(crc));
}

}  // namespace

std::vector<std::byte> rebuild_still(std::span<const std::byte> file, const PngStructure& structure,
                                     const PngFrame& frame) {
  const auto part = [&](const ByteRange& range) {
    return file.subspan(range.offset_bytes, range.length_bytes);
  };
  std::vector<std::byte> out;
  append(out, file.first(8));
  std::vector<std::byte> header;
  append_u32_be(header, frame.place.width);
  append_u32_be(header, frame.place.height);
  append(header, part(structure.header).subspan(8));
  append_chunk(out, "IHDR", header);
  if (structure.palette.length_bytes > 0) append_chunk(out, "PLTE", part(structure.palette));
  if (structure.transparency.length_bytes > 0) {
    append_chunk(out, "tRNS", part(structure.transparency));
  }
  for (const ByteRange& range : frame.data) append_chunk(out, "IDAT", part(range));
  append_chunk(out, "IEND", {});
  return out;
}

}  // namespace safelight::codec

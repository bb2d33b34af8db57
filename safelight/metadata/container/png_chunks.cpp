#include "safelight/metadata/container/png_chunks.h"

#include <algorithm>
#include <zlib.h>

namespace safelight::metadata {
namespace {

constexpr uint64_t kMaxChunkBytes = 0x7fffffff;
constexpr uint64_t kChecksumBytes = 4;

}  // namespace

Result<PngChunk> next_png_chunk(ByteReader& in) {
  PngChunk chunk;
  chunk.offset_bytes = in.offset_bytes();
  SAFELIGHT_TRY(chunk.data.length_bytes, in.u32_be());
  if (chunk.data.length_bytes > kMaxChunkBytes) {
    return Error::at(ErrorCode::malformed, "png.chunk-length", chunk.offset_bytes);
  }
  SAFELIGHT_TRY(chunk.type, in.text(4));
  chunk.data.offset_bytes = in.offset_bytes();
  if (!in.skip(chunk.data.length_bytes + kChecksumBytes)) {
    return Error::at(ErrorCode::truncated, "png.chunk", chunk.offset_bytes);
  }
  return chunk;
}

const PngChunk* PngChunks::find(std::string_view type) const {
  const auto found = std::find_if(chunks.begin(), chunks.end(),
                                  [&](const PngChunk& chunk) { return chunk.type == type; });
  return found == chunks.end() ? nullptr : &*found;
}

PngChunks png_chunks(std::span<const std::byte> file, const MetadataLimits& limits) {
  PngChunks out;
  ByteReader in(file);
  const auto signature = in.text(kPngSignature.size());
  if (!signature || *signature != kPngSignature) {
    out.damage =
        signature ? Error::at(ErrorCode::malformed, "png.signature", 0) : signature.error();
    return out;
  }
  while (!out.end_offset_bytes) {
    if (out.chunks.size() >= limits.max_segments) {
      out.damage = in.error(ErrorCode::limit_exceeded, "max_segments");
      break;
    }
    const auto chunk = next_png_chunk(in);
    if (!chunk) {
      out.damage = chunk.error();
      break;
    }
    out.chunks.push_back(*chunk);
    if (chunk->type == "IEND") out.end_offset_bytes = in.offset_bytes();
  }
  return out;
}

bool png_checksum_fits(std::span<const std::byte> file, const PngChunk& chunk) {
  ByteReader stated(bytes_at(file, {chunk.data.end_bytes(), kChecksumBytes}));
  const auto checksum = stated.u32_be();
  const auto covered = bytes_at(file, {chunk.offset_bytes + 4, 4 + chunk.data.length_bytes});
  return checksum &&
         crc32_z(0, reinterpret_cast<const Bytef*>(covered.data()), covered.size()) == *checksum;
}

}  // namespace safelight::metadata

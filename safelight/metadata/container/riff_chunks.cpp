#include "safelight/metadata/container/riff_chunks.h"

#include <algorithm>

#include "safelight/base/byte_reader.h"

namespace safelight::metadata {
namespace {

/// The chunk at the reader's position, leaving the reader behind its padding. The last chunk of a
/// list may lack the padding.
Result<RiffChunk> next_chunk(ByteReader& in) {
  RiffChunk chunk;
  chunk.offset_bytes = in.offset_bytes();
  SAFELIGHT_TRY(chunk.type, in.text(4));
  SAFELIGHT_TRY(chunk.data.length_bytes, in.u32_le());
  chunk.data.offset_bytes = in.offset_bytes();
  if (!in.skip(chunk.data.length_bytes)) {
    return Error::at(ErrorCode::truncated, "riff.chunk", chunk.offset_bytes);
  }
  if (chunk.data.length_bytes % 2 != 0 && !in.at_end()) SAFELIGHT_CHECK(in.skip(1));
  return chunk;
}

/// Reads a form type and the chunks behind it, up to the end of `whole`.
void read_chunks(std::span<const std::byte> file, ByteRange whole, const MetadataLimits& limits,
                 RiffChunks& out) {
  ByteReader in(bytes_at(file, whole), whole.offset_bytes);
  const auto form = in.text(4);
  if (!form) {
    out.damage = form.error();
    return;
  }
  out.form = *form;
  while (!in.at_end()) {
    if (out.chunks.size() >= limits.max_segments) {
      out.damage = in.error(ErrorCode::limit_exceeded, "max_segments");
      return;
    }
    const auto chunk = next_chunk(in);
    if (!chunk) {
      out.damage = chunk.error();
      return;
    }
    out.chunks.push_back(*chunk);
  }
  if (whole.length_bytes > in.position()) {
    out.damage = in.error(ErrorCode::truncated, "riff.length");
  } else {
    out.end_offset_bytes = whole.end_bytes();
  }
}

}  // namespace

const RiffChunk* RiffChunks::find(std::string_view type) const {
  const auto found = std::find_if(chunks.begin(), chunks.end(),
                                  [&](const RiffChunk& chunk) { return chunk.type == type; });
  return found == chunks.end() ? nullptr : &*found;
}

RiffChunks riff_chunks(std::span<const std::byte> file, const MetadataLimits& limits) {
  RiffChunks out;
  ByteReader in(file);
  const auto signature = in.text(4);
  if (signature && *signature != "RIFF") {
    out.damage = Error::at(ErrorCode::malformed, "riff.signature", 0);
    return out;
  }
  const auto length = in.u32_le();
  if (!length) {
    out.damage = length.error();
    return out;
  }
  read_chunks(file, {in.offset_bytes(), *length}, limits, out);
  if (out.end_offset_bytes && *out.end_offset_bytes % 2 != 0 &&
      *out.end_offset_bytes < file.size()) {
    ++*out.end_offset_bytes;
  }
  return out;
}

RiffChunks riff_list(std::span<const std::byte> file, const RiffChunk& list,
                     const MetadataLimits& limits) {
  RiffChunks out;
  read_chunks(file, list.data, limits, out);
  return out;
}

}  // namespace safelight::metadata

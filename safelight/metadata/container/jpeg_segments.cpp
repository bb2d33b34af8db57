#include "safelight/metadata/container/jpeg_segments.h"

#include <array>
#include <cstring>

#include "safelight/base/byte_reader.h"

namespace safelight::metadata {
namespace {

bool stands_alone(uint8_t code) { return code == 0x01 || (code >= 0xd0 && code <= 0xd8); }

/// Sixteen bytes that are compared at once, on every machine that GCC and Clang know.
using Lanes = uint8_t __attribute__((vector_size(16)));

Lanes lanes_at(std::span<const std::byte> bytes) {
  Lanes lanes;
  std::memcpy(&lanes, bytes.first<sizeof lanes>().data(), sizeof lanes);
  return lanes;
}

/// Moves on over bytes in which each 0xff has a stuffed zero behind it: nearly all of coded data,
/// where to stop at every 0xff takes twice as long.
size_t skip_coded(std::span<const std::byte> file, size_t at) {
  for (; file.size() - at > sizeof(Lanes); at += sizeof(Lanes)) {
    const Lanes here = lanes_at(file.subspan(at));
    const Lanes next = lanes_at(file.subspan(at + 1));
    const auto marker = (here == 0xff) & (next != 0);
    std::array<uint64_t, 2> any;
    std::memcpy(any.data(), &marker, sizeof any);
    if ((any[0] | any[1]) != 0) break;
  }
  return at;
}

/// The offset of the next marker's 0xff, from `at` on: the last of a run of them that neither a
/// stuffed zero follows nor a marker that stands alone.
std::optional<size_t> find_marker(std::span<const std::byte> file, size_t at) {
  while (at < file.size()) {
    at = skip_coded(file, at);
    const void* found = std::memchr(file.data() + at, 0xff, file.size() - at);
    if (found == nullptr) return std::nullopt;
    at = static_cast<size_t>(static_cast<const std::byte*>(found) - file.data());
    while (at < file.size() && file[at] == std::byte{0xff}) ++at;
    if (at == file.size()) return std::nullopt;
    const auto code = std::to_integer<uint8_t>(file[at]);
    if (code != 0 && !stands_alone(code)) return at - 1;
    ++at;
  }
  return std::nullopt;
}

/// The segment whose marker stands at `marker`.
Result<JpegSegment> read_segment(std::span<const std::byte> file, size_t marker) {
  ByteReader in(file);
  SAFELIGHT_CHECK(in.seek(marker + 1));
  JpegSegment segment;
  segment.offset_bytes = marker;
  SAFELIGHT_TRY(segment.code, in.u8());
  if (segment.code != kJpegEndOfImage) {
    SAFELIGHT_TRY(const uint16_t length, in.u16_be());
    if (length < 2) return Error::at(ErrorCode::malformed, "jpeg.segment-length", marker);
    segment.payload.length_bytes = length - 2u;
  }
  segment.payload.offset_bytes = in.offset_bytes();
  if (segment.payload.length_bytes > in.remaining()) {
    return Error::at(ErrorCode::truncated, "jpeg.segment", marker);
  }
  return segment;
}

}  // namespace

JpegSegments jpeg_segments(std::span<const std::byte> file, const MetadataLimits& limits) {
  JpegSegments out;
  ByteReader in(file);
  const auto start = in.u16_be();
  if (!start || *start != 0xff00 + kJpegStartOfImage) {
    out.damage = start ? Error::at(ErrorCode::malformed, "jpeg.start-marker", 0) : start.error();
    return out;
  }
  out.segments.push_back({kJpegStartOfImage, 0, {2, 0}, {}});
  while (!out.end_offset_bytes && !out.damage) {
    const size_t from = out.segments.back().payload.end_bytes();
    const auto marker = find_marker(file, from);
    if (out.segments.back().code == kJpegStartOfScan) {
      out.segments.back().coded = {from, marker.value_or(file.size()) - from};
    }
    if (!marker) {
      out.damage = Error::at(ErrorCode::truncated, "jpeg.end-marker", file.size());
    } else if (out.segments.size() >= limits.max_segments) {
      out.damage = Error::at(ErrorCode::limit_exceeded, "max_segments", *marker);
    } else if (const auto segment = read_segment(file, *marker); !segment) {
      out.damage = segment.error();
    } else {
      out.segments.push_back(*segment);
      if (segment->code == kJpegEndOfImage) out.end_offset_bytes = segment->payload.end_bytes();
    }
  }
  return out;
}

}  // namespace safelight::metadata

#include "safelight/lists/internal/list_manifest.h"

#include <fcntl.h>
#include <string_view>

#include "safelight/base/byte_writer.h"
#include "safelight/digest/sha256_stream.h"
#include "safelight/lists/hash_list.h"
#include "safelight/lists/internal/list_layout.h"

namespace safelight::lists {
namespace {

constexpr std::string_view kMagic = "SLISTMAN";
constexpr uint32_t kVersion = 1;
constexpr uint64_t kHeadBytes = 24;
constexpr uint64_t kSegmentBytes = 40;
constexpr uint64_t kMaxManifestBytes = kHeadBytes + kMaxSegments * kSegmentBytes + Sha256::kSize;

}  // namespace

std::vector<std::byte> encode_manifest(const ListManifest& manifest) {
  ByteWriter out;
  out.text(kMagic);
  out.u32_le(kVersion);
  out.u32_le(static_cast<uint32_t>(manifest.segments.size()));
  out.u64_le(manifest.generation);
  for (const ListManifest::Segment& segment : manifest.segments) {
    out.bytes(std::as_bytes(std::span(segment.content_id.bytes)));
    out.u64_le(segment.file_bytes);
  }
  const Sha256 sum = sha256_of(out.view());
  out.bytes(std::as_bytes(std::span(sum.bytes)));
  return std::move(out).take();
}

Result<ListManifest> decode_manifest(std::span<const std::byte> bytes) {
  ByteReader in(bytes);
  SAFELIGHT_TRY(const std::string_view magic, in.text(kMagic.size()));
  if (magic != kMagic) return Error::at(ErrorCode::malformed, "list-manifest.magic", 0);
  const Error version_error = in.error(ErrorCode::unsupported, "list-manifest.version");
  SAFELIGHT_TRY(const uint32_t version, in.u32_le());
  if (version != kVersion) return version_error;
  const Error count_error = in.error(ErrorCode::limit_exceeded, "list-manifest.segments");
  const Error empty_error = in.error(ErrorCode::malformed, "list-manifest.segments");
  SAFELIGHT_TRY(const uint32_t count, in.u32_le());
  if (count > kMaxSegments) return count_error;
  if (count == 0) return empty_error;
  ListManifest manifest;
  SAFELIGHT_TRY(manifest.generation, in.u64_le());
  for (uint32_t i = 0; i < count; ++i) {
    ListManifest::Segment segment;
    SAFELIGHT_TRY(segment.content_id, read_sha256(in));
    SAFELIGHT_TRY(segment.file_bytes, in.u64_le());
    manifest.segments.push_back(segment);
  }
  const Error sum_error = in.error(ErrorCode::integrity_mismatch, "list-manifest.checksum");
  const size_t summed_bytes = in.position();
  SAFELIGHT_TRY(const Sha256 sum, read_sha256(in));
  if (sum != sha256_of(bytes.first(summed_bytes))) return sum_error;
  if (!in.at_end()) return in.error(ErrorCode::malformed, "list-manifest.length");
  return manifest;
}

Result<ListManifest> read_manifest(const std::filesystem::path& path) {
  SAFELIGHT_TRY(const FileSource file, FileSource::open(AT_FDCWD, path.c_str()));
  SAFELIGHT_TRY(const auto bytes, read_all(file, kMaxManifestBytes, "list-manifest.length"));
  return decode_manifest(bytes);
}

Sha256 content_id_of(const ListManifest& manifest) {
  std::vector<Sha256> ids;
  for (const ListManifest::Segment& segment : manifest.segments) ids.push_back(segment.content_id);
  return list_content_id(ids);
}

}  // namespace safelight::lists

#include "safelight/metadata/iptc/photoshop_resources.h"

#include "safelight/base/byte_reader.h"

namespace safelight::metadata {
namespace {

Result<void> skip_padding(ByteReader& in, uint64_t length_bytes) {
  if (length_bytes % 2 == 0 || in.at_end()) return {};
  return in.skip(1);
}

Result<PhotoshopResource> next_resource(ByteReader& in) {
  const uint64_t offset = in.offset_bytes();
  SAFELIGHT_TRY(const std::string_view signature, in.text(4));
  if (signature != "8BIM" && signature != "PHUT" && signature != "AgHg" && signature != "DCSR") {
    return Error::at(ErrorCode::malformed, "photoshop.signature", offset);
  }
  PhotoshopResource resource;
  SAFELIGHT_TRY(resource.id, in.u16_be());
  SAFELIGHT_TRY(const uint8_t name_bytes, in.u8());
  SAFELIGHT_CHECK(in.skip(name_bytes));
  SAFELIGHT_CHECK(skip_padding(in, name_bytes + 1u));
  SAFELIGHT_TRY(resource.data.length_bytes, in.u32_be());
  resource.data.offset_bytes = in.offset_bytes();
  if (!in.skip(resource.data.length_bytes)) {
    return Error::at(ErrorCode::truncated, "photoshop.resource", offset);
  }
  SAFELIGHT_CHECK(skip_padding(in, resource.data.length_bytes));
  return resource;
}

}  // namespace

PhotoshopResources photoshop_resources(std::span<const std::byte> file, ByteRange place,
                                       const MetadataLimits& limits) {
  PhotoshopResources out;
  ByteReader in(bytes_at(file, place), place.offset_bytes);
  while (!in.at_end()) {
    if (out.resources.size() >= limits.max_segments) {
      out.damage = in.error(ErrorCode::limit_exceeded, "max_segments");
      break;
    }
    const uint64_t offset = in.offset_bytes();
    const auto resource = next_resource(in);
    if (!resource) {
      const bool padding = are_zero(bytes_at(file, {offset, place.end_bytes() - offset}));
      if (!padding) out.damage = resource.error();
      break;
    }
    out.resources.push_back(*resource);
  }
  return out;
}

}  // namespace safelight::metadata

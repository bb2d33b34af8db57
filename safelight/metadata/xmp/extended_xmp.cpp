#include "safelight/metadata/xmp/extended_xmp.h"

#include <algorithm>
#include <array>
#include <map>
#include <openssl/evp.h>

#include "safelight/base/byte_reader.h"
#include "safelight/base/fault.h"

namespace safelight::metadata {
namespace {

constexpr size_t kGuidBytes = 32;

struct Part {
  uint32_t full_bytes = 0;
  uint32_t offset_bytes = 0;  ///< In the packet.
  ByteRange data;
};

bool is_md5_of(std::string_view guid, std::span<const std::byte> bytes) {
  std::array<unsigned char, 16> digest{};
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_md5(), nullptr) != 1) {
    throw Fault("OpenSSL cannot compute MD5");
  }
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (size_t i = 0; i < kGuidBytes; ++i) {
    const unsigned nibble = i % 2 == 0 ? digest[i / 2] >> 4u : digest[i / 2] & 15u;
    const char upper = guid[i] >= 'a' && guid[i] <= 'f' ? static_cast<char>(guid[i] - 32) : guid[i];
    if (upper != kDigits[nibble]) return false;
  }
  return true;
}

/// The bytes of one packet. Its parts become sorted by their place in it.
Result<std::vector<std::byte>> join(std::span<const std::byte> file, std::vector<Part>& parts,
                                    const MetadataLimits& limits) {
  const uint64_t first = parts.front().data.offset_bytes;
  const uint32_t full_bytes = parts.front().full_bytes;
  if (full_bytes > limits.max_packet_bytes) {
    return Error::at(ErrorCode::limit_exceeded, "max_packet_bytes", first);
  }
  std::sort(parts.begin(), parts.end(),
            [](const Part& a, const Part& b) { return a.offset_bytes < b.offset_bytes; });
  uint64_t end = 0;
  for (const Part& part : parts) {
    if (part.offset_bytes > end) break;
    if (part.offset_bytes < end || part.full_bytes != full_bytes) {
      return Error::at(ErrorCode::malformed, "xmp.extended-part", part.data.offset_bytes);
    }
    end += part.data.length_bytes;
  }
  if (end < full_bytes) return Error::at(ErrorCode::truncated, "xmp.extended-packet", first);
  if (end > full_bytes) return Error::at(ErrorCode::malformed, "xmp.extended-part", first);
  std::vector<std::byte> bytes;
  bytes.reserve(full_bytes);
  for (const Part& part : parts) {
    const auto data = bytes_at(file, part.data);
    bytes.insert(bytes.end(), data.begin(), data.end());
  }
  return bytes;
}

}  // namespace

ExtendedXmpPackets join_extended_xmp(std::span<const std::byte> file,
                                     std::span<const ByteRange> segments,
                                     const MetadataLimits& limits) {
  ExtendedXmpPackets out;
  std::map<std::string_view, std::vector<Part>> by_guid;
  std::vector<std::string_view> order;
  for (const ByteRange segment : segments) {
    ByteReader in(bytes_at(file, segment), segment.offset_bytes);
    const auto guid = in.text(kGuidBytes);
    const auto full_bytes = guid ? in.u32_be() : guid.error();
    const auto offset_bytes = full_bytes ? in.u32_be() : full_bytes.error();
    if (!offset_bytes) {
      out.damage.push_back(offset_bytes.error());
      continue;
    }
    auto& parts = by_guid[*guid];
    if (parts.empty()) order.push_back(*guid);
    parts.push_back({*full_bytes, *offset_bytes, {in.offset_bytes(), in.remaining()}});
  }
  for (const std::string_view guid : order) {
    auto& parts = by_guid[guid];
    const ByteRange place = parts.front().data;
    auto bytes = join(file, parts, limits);
    if (!bytes) {
      out.damage.push_back(bytes.error());
      continue;
    }
    const bool fits = is_md5_of(guid, *bytes);
    out.packets.push_back({std::string(guid), std::move(*bytes), fits, place});
  }
  return out;
}

}  // namespace safelight::metadata

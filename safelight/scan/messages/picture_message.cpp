#include "safelight/scan/messages/picture_message.h"

#include <algorithm>

#include "safelight/base/byte_writer.h"
#include "safelight/base/wire.h"
#include "safelight/sandbox/wire_error.h"

namespace safelight::scan {
namespace {

constexpr uint8_t kVersion = 4;
constexpr size_t kMaxTextBytes = 1024;
constexpr size_t kMaxRemarks = 256;
constexpr size_t kMaxModes = 2;

enum PresenceBit : uint8_t {
  kMember = 1,
  kFailure = 2,
  kIncomplete = 4,
  kUnhashable = 8,
  kContentCredentials = 16
};

void write_text(ByteWriter& out, std::string_view text) {
  out.sized_text(text.substr(0, kMaxTextBytes));
}

Result<std::string> read_text(ByteReader& in) {
  return wire::read_text(in, kMaxTextBytes, "picture-message.text-length");
}

void write_member(ByteWriter& out, const codec::Member& member) {
  out.u8(static_cast<uint8_t>(member.kind));
  out.u8(static_cast<uint8_t>(member.format));
  out.u32_le(member.index);
  out.u64_le(member.offset_bytes);
  out.u64_le(member.length_bytes);
}

Result<codec::Member> read_member(ByteReader& in) {
  codec::Member member;
  SAFELIGHT_TRY(member.kind,
                wire::read_enum(in, codec::Member::Kind::thumbnail, "picture-message.member-kind"));
  SAFELIGHT_TRY(member.format, wire::read_enum(in, codec::Format::text, "picture-message.format"));
  SAFELIGHT_TRY(member.index, in.u32_le());
  SAFELIGHT_TRY(member.offset_bytes, in.u64_le());
  SAFELIGHT_TRY(member.length_bytes, in.u64_le());
  return member;
}

void write_hashes(ByteWriter& out, const PdqHashes& hashes) {
  out.u8(static_cast<uint8_t>(hashes.mode));
  out.u8(hashes.quality);
  for (const Fingerprint& fingerprint : hashes.fingerprints) {
    for (const uint64_t word : fingerprint.words) out.u64_le(word);
  }
}

Result<PdqHashes> read_hashes(ByteReader& in) {
  PdqHashes hashes;
  SAFELIGHT_TRY(hashes.mode, wire::read_enum(in, PdqMode::full, "picture-message.mode"));
  const Error bad_quality = in.error(ErrorCode::malformed, "picture-message.quality");
  SAFELIGHT_TRY(hashes.quality, in.u8());
  if (hashes.quality > 100) return bad_quality;
  for (Fingerprint& fingerprint : hashes.fingerprints) {
    for (uint64_t& word : fingerprint.words) {
      SAFELIGHT_TRY(word, in.u64_le());
    }
  }
  return hashes;
}

void write_remark(ByteWriter& out, const codec::Remark& remark) {
  write_text(out, remark.kind);
  write_text(out, remark.statement);
  out.u64_le(remark.offset_bytes);
  out.u64_le(remark.length_bytes);
  out.u8(remark.leaves_content_unexamined ? 1 : 0);
}

Result<codec::Remark> read_remark(ByteReader& in) {
  codec::Remark remark;
  SAFELIGHT_TRY(remark.kind, read_text(in));
  SAFELIGHT_TRY(remark.statement, read_text(in));
  SAFELIGHT_TRY(remark.offset_bytes, in.u64_le());
  SAFELIGHT_TRY(remark.length_bytes, in.u64_le());
  SAFELIGHT_TRY(const auto unexamined, in.u8());
  remark.leaves_content_unexamined = unexamined != 0;
  return remark;
}

Result<RenditionRequest> read_rendition(ByteReader& in) {
  RenditionRequest rendition;
  SAFELIGHT_TRY(rendition.style,
                wire::read_enum(in, RenditionStyle::colour, "picture-message.style"));
  const Error bad_side = in.error(ErrorCode::malformed, "picture-message.max-side");
  SAFELIGHT_TRY(rendition.max_side, in.u32_le());
  if (rendition.max_side < 1 || rendition.max_side > kMaxRenditionSide) return bad_side;
  return rendition;
}

Result<std::optional<uint32_t>> read_member_index(ByteReader& in) {
  const Error bad_presence = in.error(ErrorCode::malformed, "picture-message.member-presence");
  SAFELIGHT_TRY(const auto present, in.u8());
  SAFELIGHT_TRY(const auto index, in.u32_le());
  if (present > 1 || (present == 0 && index != 0)) return bad_presence;
  return present == 1 ? std::optional(index) : std::nullopt;
}

}  // namespace

std::vector<std::byte> encode(const PictureRequest& request) {
  ByteWriter out;
  out.u8(kVersion);
  out.u8(static_cast<uint8_t>(request.format));
  const PdqModes& modes = request.asked.modes;
  out.u8(static_cast<uint8_t>((modes.reference ? 1 : 0) | (modes.full ? 2 : 0)));
  out.u8(static_cast<uint8_t>(request.asked.origin));
  out.u8(static_cast<uint8_t>(request.prompts));
  out.u8(static_cast<uint8_t>(request.purpose));
  out.u8(static_cast<uint8_t>(request.rendition.style));
  out.u32_le(request.rendition.max_side);
  out.u8(request.member ? 1 : 0);
  out.u32_le(request.member.value_or(0));
  out.u64_le(request.offset_bytes);
  out.u64_le(request.length_bytes);
  out.u64_le(request.limits.max_pixels);
  out.u32_le(request.limits.max_side_pixels);
  out.u64_le(request.limits.max_decode_memory_bytes);
  out.u32_le(request.limits.max_picture_members);
  return std::move(out).take();
}

Result<PictureRequest> decode_picture_request(std::span<const std::byte> bytes) {
  ByteReader in(bytes);
  SAFELIGHT_CHECK(wire::read_version(in, kVersion, "picture-message.version"));
  PictureRequest request;
  SAFELIGHT_TRY(request.format, wire::read_enum(in, codec::Format::text, "picture-message.format"));
  SAFELIGHT_TRY(const auto modes, in.u8());
  request.asked.modes = {(modes & 1) != 0, (modes & 2) != 0};
  SAFELIGHT_TRY(request.asked.origin,
                wire::read_enum(in, OriginScope::pixels, "picture-message.origin-scope"));
  SAFELIGHT_TRY(request.prompts,
                wire::read_enum(in, PromptTexts::wanted, "picture-message.prompts"));
  SAFELIGHT_TRY(request.purpose,
                wire::read_enum(in, Purpose::rendition, "picture-message.purpose"));
  SAFELIGHT_TRY(request.rendition, read_rendition(in));
  SAFELIGHT_TRY(request.member, read_member_index(in));
  SAFELIGHT_TRY(request.offset_bytes, in.u64_le());
  SAFELIGHT_TRY(request.length_bytes, in.u64_le());
  SAFELIGHT_TRY(request.limits.max_pixels, in.u64_le());
  SAFELIGHT_TRY(request.limits.max_side_pixels, in.u32_le());
  SAFELIGHT_TRY(request.limits.max_decode_memory_bytes, in.u64_le());
  SAFELIGHT_TRY(request.limits.max_picture_members, in.u32_le());
  SAFELIGHT_CHECK(wire::read_end(in, "picture-message.trailing-bytes"));
  return request;
}

std::vector<std::byte> encode(const PictureRecord& record) {
  ByteWriter out;
  out.u8(static_cast<uint8_t>(RecordKind::still));
  out.u8(kVersion);
  out.u8(static_cast<uint8_t>((record.member ? kMember : 0) | (record.failure ? kFailure : 0) |
                              (record.incomplete ? kIncomplete : 0) |
                              (record.unhashable ? kUnhashable : 0) |
                              (record.content_credentials ? kContentCredentials : 0)));
  if (record.member) write_member(out, *record.member);
  if (record.failure) sandbox::write_error(out, *record.failure);
  if (record.incomplete) sandbox::write_error(out, *record.incomplete);
  if (record.unhashable) sandbox::write_error(out, *record.unhashable);
  out.u32_le(record.width);
  out.u32_le(record.height);
  out.u8(record.exif_orientation);
  out.u8(static_cast<uint8_t>(record.hashes.size()));
  for (const PdqHashes& hashes : record.hashes) write_hashes(out, hashes);
  const size_t remarks = std::min(record.remarks.size(), kMaxRemarks);
  out.u16_le(static_cast<uint16_t>(remarks));
  for (size_t i = 0; i < remarks; ++i) write_remark(out, record.remarks[i]);
  return std::move(out).take();
}

Result<PictureRecord> decode_picture_record(std::span<const std::byte> bytes) {
  ByteReader in(bytes);
  SAFELIGHT_CHECK(wire::read_kind(in, RecordKind::still));
  SAFELIGHT_CHECK(wire::read_version(in, kVersion, "picture-message.version"));
  PictureRecord record;
  SAFELIGHT_TRY(const auto present, in.u8());
  record.content_credentials = (present & kContentCredentials) != 0;
  if ((present & kMember) != 0) {
    SAFELIGHT_TRY(record.member, read_member(in));
  }
  if ((present & kFailure) != 0) {
    SAFELIGHT_TRY(const auto sent, sandbox::read_error(in));
    record.failure = sent.error;
  }
  if ((present & kIncomplete) != 0) {
    SAFELIGHT_TRY(const auto sent, sandbox::read_error(in));
    record.incomplete = sent.error;
  }
  if ((present & kUnhashable) != 0) {
    SAFELIGHT_TRY(const auto sent, sandbox::read_error(in));
    record.unhashable = sent.error;
  }
  SAFELIGHT_TRY(record.width, in.u32_le());
  SAFELIGHT_TRY(record.height, in.u32_le());
  const Error bad_orientation = in.error(ErrorCode::malformed, "picture-message.orientation");
  SAFELIGHT_TRY(record.exif_orientation, in.u8());
  if (record.exif_orientation < 1 || record.exif_orientation > 8) return bad_orientation;
  const Error too_many_modes = in.error(ErrorCode::limit_exceeded, "picture-message.modes");
  SAFELIGHT_TRY(const auto modes, in.u8());
  if (modes > kMaxModes) return too_many_modes;
  for (uint8_t i = 0; i < modes; ++i) {
    SAFELIGHT_TRY(auto hashes, read_hashes(in));
    record.hashes.push_back(hashes);
  }
  const Error too_many_remarks = in.error(ErrorCode::limit_exceeded, "picture-message.remarks");
  SAFELIGHT_TRY(const auto remarks, in.u16_le());
  if (remarks > kMaxRemarks) return too_many_remarks;
  for (uint16_t i = 0; i < remarks; ++i) {
    SAFELIGHT_TRY(auto remark, read_remark(in));
    record.remarks.push_back(std::move(remark));
  }
  SAFELIGHT_CHECK(wire::read_end(in, "picture-message.trailing-bytes"));
  return record;
}

}  // namespace safelight::scan

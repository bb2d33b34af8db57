#include "safelight/scan/messages/archive_message.h"

#include <algorithm>

#include "safelight/base/byte_writer.h"
#include "safelight/base/wire.h"
#include "safelight/sandbox/wire_error.h"

namespace safelight::scan {
namespace {

constexpr uint8_t kVersion = 2;
constexpr size_t kMaxNameBytes = 8'192;
constexpr size_t kMaxPasswords = 10'000;

enum RecordKind : uint8_t { kBegin = 1, kPiece = 2, kEnd = 3, kArchiveEnd = 4 };
enum MemberBit : uint8_t {
  kHasSize = 1,
  kHasTime = 2,
  kEncrypted = 4,
  kUnsafePath = 8,
  kNameCut = 16,
};

void write_optional_error(ByteWriter& out, const std::optional<Error>& error) {
  out.u8(error ? 1 : 0);
  if (error) sandbox::write_error(out, *error);
}

Result<std::optional<Error>> read_optional_error(ByteReader& in) {
  SAFELIGHT_TRY(const auto present, in.u8());
  if (present == 0) return std::optional<Error>();
  SAFELIGHT_TRY(const auto sent, sandbox::read_error(in));
  return std::optional<Error>(sent.error);
}

void write(ByteWriter& out, const MemberBegin& begin) {
  const ArchiveMember& member = begin.member;
  out.u8(kBegin);
  out.u64_le(member.ordinal);
  out.u8(static_cast<uint8_t>(member.kind));
  out.u8(static_cast<uint8_t>(member.zone));
  out.u8(static_cast<uint8_t>(
      (member.declared_size_bytes ? kHasSize : 0) | (member.modified_ns ? kHasTime : 0) |
      (member.encrypted ? kEncrypted : 0) | (member.unsafe_path ? kUnsafePath : 0) |
      (member.name_cut ? kNameCut : 0)));
  out.u64_le(member.declared_size_bytes.value_or(0));
  out.u64_le(static_cast<uint64_t>(member.modified_ns.value_or(0)));
  out.u64_le(member.offset_bytes);
  out.u8(static_cast<uint8_t>(member.offset_kind));
  out.sized_text(std::string_view(member.name).substr(0, kMaxNameBytes));
  out.sized_text(std::string_view(member.link_target).substr(0, kMaxNameBytes));
}

Result<ArchiveRecord> read_begin(ByteReader& in) {
  ArchiveMember member;
  SAFELIGHT_TRY(member.ordinal, in.u64_le());
  SAFELIGHT_TRY(member.kind, wire::read_enum(in, MemberKind::other, "archive-message.member-kind"));
  SAFELIGHT_TRY(member.zone, wire::read_enum(in, TimeZoneKnown::local, "archive-message.zone"));
  SAFELIGHT_TRY(const auto bits, in.u8());
  SAFELIGHT_TRY(const auto size, in.u64_le());
  SAFELIGHT_TRY(const auto time, in.u64_le());
  if ((bits & kHasSize) != 0) member.declared_size_bytes = size;
  if ((bits & kHasTime) != 0) member.modified_ns = static_cast<int64_t>(time);
  member.encrypted = (bits & kEncrypted) != 0;
  member.unsafe_path = (bits & kUnsafePath) != 0;
  member.name_cut = (bits & kNameCut) != 0;
  SAFELIGHT_TRY(member.offset_bytes, in.u64_le());
  SAFELIGHT_TRY(member.offset_kind,
                wire::read_enum(in, OffsetKind::approximate, "archive-message.offset-kind"));
  SAFELIGHT_TRY(member.name, wire::read_text(in, kMaxNameBytes, "archive-message.name"));
  SAFELIGHT_TRY(member.link_target, wire::read_text(in, kMaxNameBytes, "archive-message.name"));
  return ArchiveRecord(MemberBegin{std::move(member)});
}

void write(ByteWriter& out, const MemberPiece& piece) {
  out.u8(kPiece);
  out.bytes(piece.bytes);
}

Result<ArchiveRecord> read_piece(ByteReader& in) {
  if (in.remaining() > kMaxPieceBytes) {
    return in.error(ErrorCode::limit_exceeded, "archive-message.piece");
  }
  SAFELIGHT_TRY(const auto bytes, in.bytes(in.remaining()));
  return ArchiveRecord(MemberPiece{bytes});
}

void write(ByteWriter& out, const MemberEnd& end) {
  out.u8(kEnd);
  write_optional_error(out, end.error);
}

void write(ByteWriter& out, const ArchiveEnd& end) {
  out.u8(kArchiveEnd);
  out.u8(static_cast<uint8_t>(end.format));
  write_optional_error(out, end.incomplete);
}

Result<ArchiveRecord> read_archive_end(ByteReader& in) {
  ArchiveEnd end;
  SAFELIGHT_TRY(end.format,
                wire::read_enum(in, ArchiveFormat::compressed_file, "archive-message.format"));
  SAFELIGHT_TRY(end.incomplete, read_optional_error(in));
  return ArchiveRecord(end);
}

Result<ArchiveRecord> read_record(ByteReader& in) {
  const Error bad_kind = in.error(ErrorCode::malformed, "archive-message.kind");
  SAFELIGHT_TRY(const auto kind, in.u8());
  switch (kind) {
    case kBegin:
      return read_begin(in);
    case kPiece:
      return read_piece(in);
    case kEnd: {
      SAFELIGHT_TRY(const auto error, read_optional_error(in));
      return ArchiveRecord(MemberEnd{error});
    }
    case kArchiveEnd:
      return read_archive_end(in);
    default:
      return bad_kind;
  }
}

}  // namespace

std::vector<std::byte> encode(const ArchiveRequest& request) {
  const ArchiveOptions& options = request.options;
  ByteWriter out;
  out.u8(kVersion);
  out.u64_le(options.limits.max_archive_members);
  out.u64_le(options.limits.max_archive_bytes);
  out.u32_le(options.limits.max_expansion_ratio);
  out.u32_le(options.limits.max_name_bytes);
  out.u64_le(options.free_expansion_bytes);
  out.u32_le(static_cast<uint32_t>(options.passwords.size()));
  for (const std::string& password : options.passwords) out.sized_text(password);
  out.u8(request.only_ordinal ? 1 : 0);
  if (request.only_ordinal) out.u64_le(*request.only_ordinal);
  return std::move(out).take();
}

Result<ArchiveRequest> decode_archive_request(std::span<const std::byte> bytes) {
  ByteReader in(bytes);
  SAFELIGHT_CHECK(wire::read_version(in, kVersion, "archive-message.version"));
  ArchiveRequest request;
  ArchiveOptions& options = request.options;
  // The coordinator cuts members itself, and digests what lies beyond the limit all the same.
  options.limits.max_member_bytes = UINT64_MAX;
  SAFELIGHT_TRY(options.limits.max_archive_members, in.u64_le());
  SAFELIGHT_TRY(options.limits.max_archive_bytes, in.u64_le());
  SAFELIGHT_TRY(options.limits.max_expansion_ratio, in.u32_le());
  SAFELIGHT_TRY(options.limits.max_name_bytes, in.u32_le());
  SAFELIGHT_TRY(options.free_expansion_bytes, in.u64_le());
  const Error too_many = in.error(ErrorCode::limit_exceeded, "archive-message.passwords");
  SAFELIGHT_TRY(const auto passwords, in.u32_le());
  if (passwords > kMaxPasswords) return too_many;
  for (uint32_t i = 0; i < passwords; ++i) {
    SAFELIGHT_TRY(auto password, wire::read_text(in, kMaxNameBytes, "archive-message.password"));
    options.passwords.push_back(std::move(password));
  }
  const Error bad_presence = in.error(ErrorCode::malformed, "archive-message.only-ordinal");
  SAFELIGHT_TRY(const auto one_wanted, in.u8());
  if (one_wanted > 1) return bad_presence;
  if (one_wanted == 1) {
    SAFELIGHT_TRY(request.only_ordinal, in.u64_le());
  }
  SAFELIGHT_CHECK(wire::read_end(in, "archive-message.trailing-bytes"));
  return request;
}

std::vector<std::byte> encode(const ArchiveRecord& record) {
  ByteWriter out;
  std::visit([&](const auto& part) { write(out, part); }, record);
  return std::move(out).take();
}

Result<ArchiveRecord> decode_archive_record(std::span<const std::byte> bytes) {
  ByteReader in(bytes);
  SAFELIGHT_TRY(auto record, read_record(in));
  SAFELIGHT_CHECK(wire::read_end(in, "archive-message.trailing-bytes"));
  return record;
}

}  // namespace safelight::scan

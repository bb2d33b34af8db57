#include "safelight/intake/internal/archive_signature.h"

#include <algorithm>
#include <string_view>

#include "safelight/base/byte_reader.h"

namespace safelight::intake_internal {
namespace {

using namespace std::string_view_literals;

constexpr uint8_t kRar4MainHeader = 0x73;
constexpr uint16_t kRar4Volume = 0x0001;
constexpr uint16_t kRar4HeadersEncrypted = 0x0080;
constexpr uint64_t kRar5MainHeader = 1;
constexpr uint64_t kRar5EncryptionHeader = 4;
constexpr uint64_t kRar5Volume = 0x0001;

bool starts_with(std::span<const std::byte> head, std::string_view magic) {
  return head.size() >= magic.size() &&
         std::equal(magic.begin(), magic.end(), head.begin(),
                    [](char a, std::byte b) { return std::byte(a) == b; });
}

/// 7 bits a byte, least significant first.
Result<uint64_t> read_vint(ByteReader& in) {
  uint64_t value = 0;
  for (unsigned shift = 0; shift < 63; shift += 7) {
    SAFELIGHT_TRY(const uint8_t byte, in.u8());
    value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return value;
  }
  return in.error(ErrorCode::malformed, "rar5.vint");
}

Result<void> check_rar4(ByteReader in) {
  SAFELIGHT_CHECK(in.skip(9));  // signature, checksum of the header
  SAFELIGHT_TRY(const uint8_t type, in.u8());
  const uint64_t flags_offset = in.offset_bytes();
  SAFELIGHT_TRY(const uint16_t flags, in.u16_le());
  if (type != kRar4MainHeader) return {};
  if ((flags & kRar4Volume) != 0)
    return Error::at(ErrorCode::unsupported, "rar.volume", flags_offset);
  if ((flags & kRar4HeadersEncrypted) != 0)
    return Error::at(ErrorCode::encrypted, "rar.headers", flags_offset);
  return {};
}

Result<void> check_rar5(ByteReader in) {
  SAFELIGHT_CHECK(in.skip(12));  // signature, checksum of the header
  SAFELIGHT_CHECK(read_vint(in));
  const uint64_t type_offset = in.offset_bytes();
  SAFELIGHT_TRY(const uint64_t type, read_vint(in));
  if (type == kRar5EncryptionHeader)
    return Error::at(ErrorCode::encrypted, "rar.headers", type_offset);
  if (type != kRar5MainHeader) return {};
  SAFELIGHT_TRY(const uint64_t flags, read_vint(in));
  if ((flags & 1) != 0) SAFELIGHT_CHECK(read_vint(in));
  if ((flags & 2) != 0) SAFELIGHT_CHECK(read_vint(in));
  const uint64_t archive_flags_offset = in.offset_bytes();
  SAFELIGHT_TRY(const uint64_t archive_flags, read_vint(in));
  if ((archive_flags & kRar5Volume) != 0)
    return Error::at(ErrorCode::unsupported, "rar.volume", archive_flags_offset);
  return {};
}

}  // namespace

Result<ArchiveSignature> recognise(std::span<const std::byte> head) {
  const auto is = [&](std::string_view magic) { return starts_with(head, magic); };
  const auto compressed = [](Compression compression) {
    return ArchiveSignature{.format = ArchiveFormat::compressed_file, .compression = compression};
  };
  if (is("PK\x03\x04"sv) || is("PK\x05\x06"sv) || is("PK\x07\x08"sv))
    return ArchiveSignature{.format = ArchiveFormat::zip};
  if (is("7z\xbc\xaf\x27\x1c"sv)) return ArchiveSignature{.format = ArchiveFormat::seven_zip};
  if (is("Rar!\x1a\x07\x00"sv)) {
    SAFELIGHT_CHECK(check_rar4(ByteReader(head)));
    return ArchiveSignature{.format = ArchiveFormat::rar};
  }
  if (is("Rar!\x1a\x07\x01\x00"sv)) {
    SAFELIGHT_CHECK(check_rar5(ByteReader(head)));
    return ArchiveSignature{.format = ArchiveFormat::rar5};
  }
  if (is("\x1f\x8b"sv)) {
    auto signature = compressed(Compression::gzip);
    constexpr auto kFileNameFlag = std::byte{0x08};
    signature.stores_name = head.size() > 3 && (head[3] & kFileNameFlag) != std::byte{0};
    return signature;
  }
  if (is("BZh"sv)) return compressed(Compression::bzip2);
  if (is("\xfd"
         "7zXZ\x00"sv))
    return compressed(Compression::xz);
  const bool skippable_frame = head.size() >= 4 && (head[0] & std::byte{0xf0}) == std::byte{0x50} &&
                               head[1] == std::byte{0x2a} && head[2] == std::byte{0x4d} &&
                               head[3] == std::byte{0x18};
  if (is("\x28\xb5\x2f\xfd"sv) || skippable_frame) return compressed(Compression::zstd);
  if (is("\x04\x22\x4d\x18"sv) || is("\x02\x21\x4c\x18"sv)) return compressed(Compression::lz4);
  return ArchiveSignature{};
}

}  // namespace safelight::intake_internal

#include "safelight/scan/messages/provenance_message.h"

#include "safelight/base/byte_writer.h"
#include "safelight/base/wire.h"

namespace safelight::scan {
namespace {

constexpr uint8_t kVersion = 1;
constexpr size_t kMaxNameBytes = 1'024;

enum Bit : uint8_t { kMetadata = 1, kCredentials = 2, kPrompts = 4, kStore = 8 };

Result<std::string> read_name(ByteReader& in) {
  return wire::read_text(in, kMaxNameBytes, "provenance-message.text-length");
}

void write_name(ByteWriter& out, std::string_view name) {
  out.sized_text(name.substr(0, kMaxNameBytes));
}

}  // namespace

std::vector<std::byte> encode(const ProvenanceRequest& request) {
  ByteWriter out;
  out.u8(kVersion);
  out.u64_le(request.offset_bytes);
  out.u64_le(request.length_bytes);
  out.u8(static_cast<uint8_t>(
      (request.wants_metadata ? kMetadata : 0) | (request.wants_credentials ? kCredentials : 0) |
      (request.wants_prompts ? kPrompts : 0) | (request.has_store ? kStore : 0)));
  out.u64_le(static_cast<uint64_t>(request.clock_s));
  out.bytes(std::as_bytes(std::span(request.trust_digest.bytes)));
  out.u8(static_cast<uint8_t>(request.trust.size()));
  for (const TrustName& file : request.trust) {
    out.u8(static_cast<uint8_t>(file.role));
    write_name(out, file.name);
    write_name(out, file.date);
  }
  return std::move(out).take();
}

Result<ProvenanceRequest> decode_provenance_request(std::span<const std::byte> bytes) {
  ByteReader in(bytes);
  SAFELIGHT_CHECK(wire::read_version(in, kVersion, "provenance-message.version"));
  ProvenanceRequest request;
  SAFELIGHT_TRY(request.offset_bytes, in.u64_le());
  SAFELIGHT_TRY(request.length_bytes, in.u64_le());
  SAFELIGHT_TRY(const auto bits, in.u8());
  request.wants_metadata = (bits & kMetadata) != 0;
  request.wants_credentials = (bits & kCredentials) != 0;
  request.wants_prompts = (bits & kPrompts) != 0;
  request.has_store = (bits & kStore) != 0;
  SAFELIGHT_TRY(const auto clock, in.u64_le());
  request.clock_s = static_cast<int64_t>(clock);
  SAFELIGHT_TRY(const auto digest, in.bytes(Sha256::kSize));
  for (size_t i = 0; i < digest.size(); ++i)
    request.trust_digest.bytes[i] = static_cast<uint8_t>(digest[i]);
  const Error too_many = in.error(ErrorCode::limit_exceeded, "provenance-message.trust-files");
  SAFELIGHT_TRY(const auto files, in.u8());
  if (files > kMaxTrustFiles) return too_many;
  for (uint8_t i = 0; i < files; ++i) {
    TrustName file;
    SAFELIGHT_TRY(file.role,
                  wire::read_enum(in, TrustRole::signer_usages, "provenance-message.trust-role"));
    SAFELIGHT_TRY(file.name, read_name(in));
    SAFELIGHT_TRY(file.date, read_name(in));
    request.trust.push_back(std::move(file));
  }
  SAFELIGHT_CHECK(wire::read_end(in, "provenance-message.trailing-bytes"));
  return request;
}

}  // namespace safelight::scan

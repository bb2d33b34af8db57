#include "safelight/audit/record.h"

#include <algorithm>
#include <cassert>

#include "safelight/audit/merkle_tree.h"
#include "safelight/base/byte_reader.h"
#include "safelight/base/byte_writer.h"

namespace safelight::audit {
namespace {

constexpr std::string_view kTag = "SLA1";

bool is_kind(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  });
}

Result<Sha256> read_digest(ByteReader& in) {
  SAFELIGHT_TRY(const auto bytes, in.bytes(Sha256::kSize));
  Sha256 digest;
  std::transform(bytes.begin(), bytes.end(), digest.bytes.begin(),
                 [](std::byte b) { return static_cast<uint8_t>(b); });
  return digest;
}

Result<std::string> read_text(ByteReader& in, uint32_t max_bytes, std::string_view limit_rule) {
  const uint64_t at = in.offset_bytes();
  SAFELIGHT_TRY(const auto length, in.u32_le());
  if (length > max_bytes) return Error::at(ErrorCode::limit_exceeded, limit_rule, at);
  SAFELIGHT_TRY(const auto text, in.text(length));
  return std::string(text);
}

}  // namespace

std::vector<std::byte> encode(const Record& record) {
  assert(is_kind(record.kind) && record.kind.size() <= kMaxKindBytes);
  assert(record.body.size() <= kMaxBodyBytes);
  ByteWriter out;
  out.text(kTag);
  out.u64_le(record.sequence);
  out.u64_le(static_cast<uint64_t>(record.time_ns));
  out.bytes(std::as_bytes(std::span(record.previous.bytes)));
  out.bytes(std::as_bytes(std::span(record.previous_root.bytes)));
  out.sized_text(record.kind);
  out.sized_text(record.body);
  return std::move(out).take();
}

Result<Record> decode_record(std::span<const std::byte> bytes) {
  ByteReader in(bytes);
  SAFELIGHT_TRY(const auto tag, in.text(kTag.size()));
  if (tag != kTag) return Error::at(ErrorCode::malformed, "audit.tag", 0);
  Record record;
  SAFELIGHT_TRY(record.sequence, in.u64_le());
  SAFELIGHT_TRY(const auto time_ns, in.u64_le());
  record.time_ns = static_cast<int64_t>(time_ns);
  SAFELIGHT_TRY(record.previous, read_digest(in));
  SAFELIGHT_TRY(record.previous_root, read_digest(in));
  const uint64_t kind_at = in.offset_bytes();
  SAFELIGHT_TRY(record.kind, read_text(in, kMaxKindBytes, "audit.max_kind_bytes"));
  if (!is_kind(record.kind)) return Error::at(ErrorCode::malformed, "audit.kind", kind_at);
  SAFELIGHT_TRY(record.body, read_text(in, kMaxBodyBytes, "audit.max_body_bytes"));
  if (!in.at_end()) return in.error(ErrorCode::malformed, "audit.trailing-bytes");
  return record;
}

Sha256 record_hash(std::span<const std::byte> encoded) { return leaf_hash(encoded); }

}  // namespace safelight::audit

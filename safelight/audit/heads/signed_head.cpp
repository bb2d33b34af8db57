#include "safelight/audit/heads/signed_head.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>

#include "safelight/base/byte_writer.h"

namespace safelight::audit {
namespace {

/// Begins both forms, so that no signature is ever one over something else.
constexpr std::string_view kTag = "safelight-tree-head-1";

enum Field : size_t { kTagField, kLog, kSize, kRoot, kTime, kKey, kSignature, kFields };
constexpr std::array<std::string_view, kFields> kRules = {
    "head.tag", "head.log", "head.size", "head.root", "head.time", "head.key-id", "head.signature"};

/// A number as std::to_string() writes it: no other spelling, so that a head has one line.
template <typename Number>
bool read_number(std::string_view text, Number& out) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, out);
  return error == std::errc() && stop == end && std::to_string(out) == text;
}

/// Lower case alone, for the same reason.
template <typename Bytes>
bool read_hex(std::string_view text, Bytes& out) {
  return from_hex(text, out.bytes).has_value() && to_hex(out) == text;
}

bool read_field(size_t field, std::string_view text, SignedHead& out) {
  switch (field) {
    case kTagField:
      return text == kTag;
    case kLog:
      out.log = text;
      return is_log_name(text);
    case kSize:
      return read_number(text, out.head.size);
    case kRoot:
      return read_hex(text, out.head.root);
    case kTime:
      return read_number(text, out.time_ns);
    case kKey:
      return read_hex(text, out.key);
    default:
      return read_hex(text, out.signature);
  }
}

}  // namespace

bool is_log_name(std::string_view text) {
  return !text.empty() && text.size() <= kMaxLogNameBytes &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '.' || c == '_' || c == ':' || c == '-';
         });
}

SignedHead sign_head(const SigningKey& key, std::string log, const TreeHead& head,
                     int64_t time_ns) {
  assert(is_log_name(log));
  SignedHead out{std::move(log), head, time_ns, key.public_key().id(), {}};
  out.signature = key.sign(signed_bytes(out));
  return out;
}

std::vector<std::byte> signed_bytes(const SignedHead& head) {
  ByteWriter out;
  out.text(kTag);
  out.u8(0);
  out.u64_le(head.head.size);
  out.bytes(std::as_bytes(std::span(head.head.root.bytes)));
  out.u64_le(static_cast<uint64_t>(head.time_ns));
  out.bytes(std::as_bytes(std::span(head.key.bytes)));
  out.sized_text(head.log);
  return std::move(out).take();
}

Result<void> check_signature(const SignedHead& head, const PublicKey& key) {
  if (head.key != key.id()) return Error{ErrorCode::not_found, "head.key"};
  if (!key.verifies(signed_bytes(head), head.signature)) {
    return Error{ErrorCode::integrity_mismatch, "head.signature"};
  }
  return {};
}

std::string to_line(const SignedHead& head) {
  return std::string(kTag) + ' ' + head.log + ' ' + std::to_string(head.head.size) + ' ' +
         to_hex(head.head.root) + ' ' + std::to_string(head.time_ns) + ' ' + to_hex(head.key) +
         ' ' + to_hex(head.signature);
}

Result<SignedHead> parse_head_line(std::string_view line) {
  if (line.size() > kMaxHeadLineBytes) {
    return Error::at(ErrorCode::limit_exceeded, "head.max_line_bytes", kMaxHeadLineBytes);
  }
  SignedHead head;
  size_t at = 0;
  for (size_t field = 0; field < kFields; ++field) {
    const bool is_last = field + 1 == kFields;
    const size_t end = is_last ? line.size() : line.find(' ', at);
    if (end == std::string_view::npos) {
      return Error::at(ErrorCode::truncated, "head.fields", line.size());
    }
    if (!read_field(field, line.substr(at, end - at), head)) {
      // The last field is as long as it is: a shorter one was cut off.
      const bool is_cut = is_last && line.size() - at < 2 * Signature::kSize;
      return is_cut ? Error::at(ErrorCode::truncated, "head.fields", line.size())
                    : Error::at(ErrorCode::malformed, kRules[field], at);
    }
    at = end + 1;
  }
  return head;
}

}  // namespace safelight::audit

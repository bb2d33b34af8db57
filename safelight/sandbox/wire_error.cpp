#include "safelight/sandbox/wire_error.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <set>
#include <string>

namespace safelight::sandbox {
namespace {

constexpr size_t kMaxRules = 4'096;
constexpr auto kLastCode = static_cast<uint8_t>(ErrorCode::not_found);
constexpr auto kLastOffsetKind = static_cast<uint8_t>(OffsetKind::approximate);

constexpr bool is_rule_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_' || c == ' ';
}

/// The text of static storage equal to `rule`. The table is the one thing here that outlives its
/// callers: an Error is copied freely and may be looked at long after the worker that named the
/// rule has gone.
std::string_view keep_rule(std::string_view rule) {
  struct Table {
    std::mutex mutex;
    std::set<std::string, std::less<>> rules;
  };
  static Table& table = *new Table;
  const std::scoped_lock lock(table.mutex);
  if (const auto known = table.rules.find(rule); known != table.rules.end()) return *known;
  if (table.rules.size() >= kMaxRules) return "worker.too-many-rules";
  return *table.rules.emplace(rule).first;
}

}  // namespace

void write_error(ByteWriter& out, const Error& error) {
  out.u8(static_cast<uint8_t>(error.code));
  out.u8(static_cast<uint8_t>(error.offset_kind));
  out.u64_le(error.offset_bytes);
  const std::string_view rule = error.rule.substr(0, kMaxRuleBytes);
  out.u8(static_cast<uint8_t>(rule.size()));
  for (const char c : rule) out.u8(static_cast<uint8_t>(is_rule_character(c) ? c : '_'));
}

Result<SentError> read_error(ByteReader& in) {
  const Error wrong_code = in.error(ErrorCode::malformed, "wire-error.code");
  SAFELIGHT_TRY(const uint8_t code, in.u8());
  if (code > kLastCode) return wrong_code;
  const Error wrong_kind = in.error(ErrorCode::malformed, "wire-error.offset-kind");
  SAFELIGHT_TRY(const uint8_t kind, in.u8());
  if (kind > kLastOffsetKind) return wrong_kind;
  SAFELIGHT_TRY(const uint64_t offset_bytes, in.u64_le());
  const Error wrong_length = in.error(ErrorCode::malformed, "wire-error.rule-length");
  SAFELIGHT_TRY(const uint8_t length, in.u8());
  if (length > kMaxRuleBytes) return wrong_length;
  const Error wrong_rule = in.error(ErrorCode::malformed, "wire-error.rule");
  SAFELIGHT_TRY(const std::string_view rule, in.text(length));
  if (!std::all_of(rule.begin(), rule.end(), is_rule_character)) return wrong_rule;
  return SentError{
      {static_cast<ErrorCode>(code), keep_rule(rule), offset_bytes, static_cast<OffsetKind>(kind)}};
}

}  // namespace safelight::sandbox

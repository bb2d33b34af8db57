#include "safelight/scan/messages/evidence_message.h"

#include "safelight/base/byte_writer.h"
#include "safelight/base/wire.h"
#include "safelight/sandbox/worker.h"

namespace safelight::scan {
namespace {

constexpr uint8_t kVersion = 1;
constexpr size_t kMaxNameBytes = 64;
constexpr size_t kMaxStatementBytes = 2'048;
constexpr size_t kMaxValueBytes = 8'192;
constexpr size_t kMaxPromptBytes = 60'000;
/// What the fields of one finding may come to, so that a record holds them.
constexpr size_t kMaxFieldsBytes = sandbox::kMaxMessageBytes - 4'096;
constexpr size_t kMaxFields = 1'024;

void write_place(ByteWriter& out, const Place& place) {
  out.u64_le(place.offset_bytes);
  out.u64_le(place.length_bytes);
  out.u8(static_cast<uint8_t>(place.offset_kind));
}

Result<Place> read_place(ByteReader& in) {
  Place place;
  SAFELIGHT_TRY(place.offset_bytes, in.u64_le());
  SAFELIGHT_TRY(place.length_bytes, in.u64_le());
  SAFELIGHT_TRY(place.offset_kind,
                wire::read_enum(in, OffsetKind::approximate, "evidence-message.offset-kind"));
  return place;
}

Result<std::string> read_text(ByteReader& in, size_t max_bytes) {
  return wire::read_text(in, max_bytes, "evidence-message.text-length");
}

Result<Finding> read_finding(ByteReader& in) {
  Finding finding;
  SAFELIGHT_TRY(finding.kind, read_text(in, kMaxNameBytes));
  SAFELIGHT_TRY(finding.grade, wire::read_enum(in, Grade::contradicted, "evidence-message.grade"));
  SAFELIGHT_TRY(finding.statement, read_text(in, kMaxStatementBytes));
  SAFELIGHT_TRY(finding.place, read_place(in));
  const Error too_many = in.error(ErrorCode::limit_exceeded, "evidence-message.fields");
  SAFELIGHT_TRY(const auto count, in.u16_le());
  if (count > kMaxFields) return too_many;
  for (uint16_t i = 0; i < count; ++i) {
    SAFELIGHT_TRY(auto name, read_text(in, kMaxNameBytes));
    SAFELIGHT_TRY(auto value, read_text(in, kMaxValueBytes));
    finding.fields.emplace_back(std::move(name), std::move(value));
  }
  return finding;
}

Result<PromptText> read_prompt(ByteReader& in) {
  PromptText prompt;
  SAFELIGHT_TRY(prompt.kind, read_text(in, kMaxNameBytes));
  SAFELIGHT_TRY(prompt.rule, read_text(in, kMaxNameBytes));
  SAFELIGHT_TRY(prompt.place, read_place(in));
  SAFELIGHT_TRY(prompt.text_bytes, in.u64_le());
  SAFELIGHT_TRY(prompt.text, read_text(in, kMaxPromptBytes));
  return prompt;
}

std::string_view cut(std::string_view text, size_t max_bytes) { return text.substr(0, max_bytes); }

}  // namespace

std::vector<std::byte> encode(const Finding& finding) {
  ByteWriter out;
  out.u8(static_cast<uint8_t>(RecordKind::finding));
  out.u8(kVersion);
  out.sized_text(cut(finding.kind, kMaxNameBytes));
  out.u8(static_cast<uint8_t>(finding.grade));
  out.sized_text(cut(finding.statement, kMaxStatementBytes));
  write_place(out, finding.place);
  ByteWriter fields;
  size_t written = 0;
  for (const auto& [name, value] : finding.fields) {
    const auto cut_name = cut(name, kMaxNameBytes);
    const auto cut_value = cut(value, kMaxValueBytes);
    // Always room for the field that counts the rest.
    if (written + 1 == kMaxFields ||
        fields.view().size() + cut_name.size() + cut_value.size() + 128 > kMaxFieldsBytes) {
      break;
    }
    fields.sized_text(cut_name);
    fields.sized_text(cut_value);
    ++written;
  }
  if (written < finding.fields.size()) {
    fields.sized_text("fields_left_out");
    fields.sized_text(std::to_string(finding.fields.size() - written));
    ++written;
  }
  out.u16_le(static_cast<uint16_t>(written));
  out.bytes(fields.view());
  return std::move(out).take();
}

std::vector<std::byte> encode(const PromptText& prompt) {
  ByteWriter out;
  out.u8(static_cast<uint8_t>(RecordKind::prompt));
  out.u8(kVersion);
  out.sized_text(cut(prompt.kind, kMaxNameBytes));
  out.sized_text(cut(prompt.rule, kMaxNameBytes));
  write_place(out, prompt.place);
  out.u64_le(prompt.text_bytes);
  out.sized_text(cut(prompt.text, kMaxPromptBytes));
  return std::move(out).take();
}

Result<Evidence> decode_evidence(std::span<const std::byte> bytes) {
  ByteReader in(bytes);
  SAFELIGHT_TRY(const auto kind, wire::read_enum(in, RecordKind::prompt, "worker-record.kind"));
  SAFELIGHT_CHECK(wire::read_version(in, kVersion, "evidence-message.version"));
  Evidence evidence;
  if (kind == RecordKind::finding) {
    SAFELIGHT_TRY(evidence, read_finding(in));
  } else if (kind == RecordKind::prompt) {
    SAFELIGHT_TRY(evidence, read_prompt(in));
  } else {
    return Error::at(ErrorCode::malformed, "worker-record.kind", 0);
  }
  SAFELIGHT_CHECK(wire::read_end(in, "evidence-message.trailing-bytes"));
  return evidence;
}

}  // namespace safelight::scan

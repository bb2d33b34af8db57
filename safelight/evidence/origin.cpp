#include "safelight/evidence/origin.h"

#include "safelight/base/byte_reader.h"
#include "safelight/base/byte_writer.h"

namespace safelight {
namespace {

constexpr std::string_view kTag = "SLO1";

/// Length of the valid, printable UTF-8 sequence at the start of `text`, or 0.
size_t printable_length(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t first = byte(0);
  if (first < 0x80) return first >= 0x20 && first != 0x7f ? 1 : 0;
  const size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  uint32_t code = first & (0xffu >> (length + 1));
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
    code = code << 6 | (byte(i) & 0x3f);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  const bool control = code < 0xa0;
  // Marks that reorder or hide text could make one name look like another.
  const bool invisible = (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
                         (code >= 0x2060 && code <= 0x206f) || code == 0x61c || code == 0xfeff ||
                         (code >= 0xe0000 && code <= 0xe007f);
  return overlong || surrogate || control || invisible || code > 0x10ffff ? 0 : length;
}

}  // namespace

Origin Origin::child(OriginStep step) const {
  Origin origin = *this;
  origin.steps.push_back(std::move(step));
  return origin;
}

std::vector<std::byte> encode(const Origin& origin) {
  ByteWriter out;
  out.text(kTag);
  out.sized_text(origin.source_id);
  out.u32_le(static_cast<uint32_t>(origin.steps.size()));
  for (const OriginStep& step : origin.steps) {
    out.u8(static_cast<uint8_t>(step.kind));
    out.u64_le(step.ordinal);
    out.u64_le(step.offset_bytes);
    out.sized_text(step.name);
  }
  return std::move(out).take();
}

Result<Origin> decode_origin(std::span<const std::byte> bytes) {
  ByteReader in(bytes);
  SAFELIGHT_TRY(const auto tag, in.text(kTag.size()));
  if (tag != kTag) return Error::at(ErrorCode::malformed, "origin.tag", 0);
  Origin origin;
  SAFELIGHT_TRY(const auto source_length, in.u32_le());
  SAFELIGHT_TRY(const auto source_id, in.text(source_length));
  origin.source_id = source_id;
  SAFELIGHT_TRY(const auto step_count, in.u32_le());
  for (uint32_t i = 0; i < step_count; ++i) {
    OriginStep step;
    const Error bad_kind = in.error(ErrorCode::malformed, "origin.step-kind");
    SAFELIGHT_TRY(const auto kind, in.u8());
    if (kind < 1 || kind > static_cast<uint8_t>(StepKind::embedded_picture)) return bad_kind;
    step.kind = static_cast<StepKind>(kind);
    SAFELIGHT_TRY(step.ordinal, in.u64_le());
    SAFELIGHT_TRY(step.offset_bytes, in.u64_le());
    SAFELIGHT_TRY(const auto name_length, in.u32_le());
    SAFELIGHT_TRY(const auto name, in.text(name_length));
    step.name = name;
    origin.steps.push_back(std::move(step));
  }
  if (!in.at_end()) return in.error(ErrorCode::malformed, "origin.trailing-bytes");
  return origin;
}

std::string display_path(const Origin& origin) {
  std::string path;
  for (const OriginStep& step : origin.steps) {
    switch (step.kind) {
      case StepKind::directory_entry:
        if (!path.empty()) path += '/';
        break;
      case StepKind::archive_member:
        path += '!';
        break;
      case StepKind::embedded_picture:
        path += '#';
        break;
    }
    path += escape_name(step.name);
  }
  return path;
}

std::string escape_name(std::string_view raw) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  while (!raw.empty()) {
    const size_t length = printable_length(raw);
    if (length == 0) {
      const auto byte = static_cast<uint8_t>(raw[0]);
      text += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
      raw.remove_prefix(1);
    } else {
      if (raw[0] == '\\') text += '\\';
      text += raw.substr(0, length);
      raw.remove_prefix(length);
    }
  }
  return text;
}

}  // namespace safelight

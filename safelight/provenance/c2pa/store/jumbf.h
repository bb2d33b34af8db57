#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/provenance/c2pa/limits.h"

namespace safelight::c2pa {

/// Four characters as they stand in a box header.
constexpr uint32_t four_cc(const char (&name)[5]) {
  uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = value << 8 | static_cast<uint8_t>(name[i]);
  return value;
}

/// A box of ISO/IEC 19566-5. Of a superbox (`jumb`) the description is taken apart and the content
/// boxes are its children; any other box is its payload. Views are into the input.
struct JumbfBox {
  uint32_t type = 0;
  std::span<const std::byte> payload;  ///< Without the box's own header: what hashed URIs cover.
  uint64_t offset_bytes = 0;           ///< Of the payload in the input.
  std::array<uint8_t, 16> content_type{};
  std::string_view label;
  std::vector<JumbfBox> children;

  [[nodiscard]] bool is_superbox() const { return type == four_cc("jumb"); }
  /// Whether the content type is the UUID that JUMBF makes of four characters.
  [[nodiscard]] bool holds(const char (&name)[5]) const;
  /// The first child of a type; nullptr where there is none.
  [[nodiscard]] const JumbfBox* child(uint32_t child_type) const;
};

/// Parses one superbox that fills `bytes`; zeros may follow it as padding.
/// Errors: truncated; malformed ("jumbf.*"); limit_exceeded by max_boxes or max_box_depth.
Result<JumbfBox> parse_jumbf(std::span<const std::byte> bytes, const Limits& limits);

/// Parses the content of a superbox, its header taken off.
Result<JumbfBox> parse_jumbf_payload(std::span<const std::byte> payload, const Limits& limits);

}  // namespace safelight::c2pa

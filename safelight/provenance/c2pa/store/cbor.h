#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/provenance/c2pa/limits.h"

namespace safelight::c2pa {

enum class CborKind : uint8_t {
  unsigned_integer,
  negative_integer,
  bytes,
  text,
  array,
  map,
  boolean,
  null,
  undefined,
  simple,
  real,
};

/// One decoded CBOR item (RFC 8949). Its views are into the input, which must outlive it.
struct CborValue {
  CborKind kind = CborKind::null;
  uint64_t number = 0;  ///< Of an unsigned integer its value; of a negative one -1 - value.
  double real = 0;
  std::optional<uint64_t> tag;         ///< The outermost tag.
  std::span<const std::byte> raw;      ///< The whole encoding, tags included.
  std::span<const std::byte> content;  ///< Of a string of definite length.
  std::vector<std::byte> joined;       ///< Of a string that came in pieces.
  std::vector<CborValue> items;        ///< Of an array; of a map key, value, key, value ...
  uint64_t offset_bytes = 0;           ///< Of `raw` in the input.

  [[nodiscard]] std::optional<std::string_view> text() const;
  [[nodiscard]] std::optional<std::span<const std::byte>> bytes() const;
  [[nodiscard]] std::optional<uint64_t> unsigned_value() const;
  [[nodiscard]] std::optional<int64_t> signed_value() const;
  [[nodiscard]] std::optional<bool> boolean() const;

  /// The value under a key of a map; nullptr where there is none, or this is no map.
  [[nodiscard]] const CborValue* find(std::string_view key) const;
  [[nodiscard]] const CborValue* find(int64_t label) const;
  /// The text under a key, "" where there is none.
  [[nodiscard]] std::string text_at(std::string_view key) const;
};

/// Decodes exactly one item that fills `bytes`. Indefinite lengths, tags and every width of float
/// are taken. Errors: truncated; malformed ("cbor.*": a reserved encoding, text that is not UTF-8,
/// the same key twice in a map, bytes left over); limit_exceeded by max_cbor_depth or
/// max_cbor_items.
Result<CborValue> decode_cbor(std::span<const std::byte> bytes, const Limits& limits);

}  // namespace safelight::c2pa

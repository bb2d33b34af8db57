#include "safelight/provenance/c2pa/store/cbor.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "safelight/base/byte_reader.h"
#include "safelight/base/json_writer.h"

namespace safelight::c2pa {
namespace {

constexpr uint8_t kIndefinite = 31;
constexpr uint8_t kBreak = 0xff;

/// The leading byte of an item with its argument.
struct Head {
  uint8_t major = 0;
  uint8_t info = 0;
  uint64_t argument = 0;
};

double half_to_double(uint16_t half) {
  const int exponent = (half >> 10) & 0x1f;
  const int mantissa = half & 0x3ff;
  double value = 0;
  if (exponent == 0) {
    value = std::ldexp(mantissa, -24);
  } else if (exponent == 31) {
    value = mantissa == 0 ? std::numeric_limits<double>::infinity()
                          : std::numeric_limits<double>::quiet_NaN();
  } else {
    value = std::ldexp(mantissa + 1024, exponent - 25);
  }
  return (half & 0x8000) != 0 ? -value : value;
}

class Decoder {
 public:
  Decoder(std::span<const std::byte> bytes, const Limits& limits)
      : bytes_(bytes), reader_(bytes), limits_(limits) {}

  Result<CborValue> whole() {
    SAFELIGHT_TRY(CborValue value, item(0));
    if (!reader_.at_end()) return reader_.error(ErrorCode::malformed, "cbor.bytes-left-over");
    return value;
  }

 private:
  Result<Head> head() {
    SAFELIGHT_TRY(const uint8_t first, reader_.u8());
    Head head{static_cast<uint8_t>(first >> 5), static_cast<uint8_t>(first & 0x1f), 0};
    switch (head.info) {
      case 24: {
        SAFELIGHT_TRY(const uint8_t value, reader_.u8());
        head.argument = value;
        break;
      }
      case 25: {
        SAFELIGHT_TRY(const uint16_t value, reader_.u16_be());
        head.argument = value;
        break;
      }
      case 26: {
        SAFELIGHT_TRY(const uint32_t value, reader_.u32_be());
        head.argument = value;
        break;
      }
      case 27: {
        SAFELIGHT_TRY(head.argument, reader_.u64_be());
        break;
      }
      default:
        if (head.info > 27 && head.info != kIndefinite) {
          return reader_.error(ErrorCode::malformed, "cbor.reserved-length");
        }
        head.argument = head.info;
    }
    return head;
  }

  Result<CborValue> item(uint32_t depth) {
    if (depth > limits_.max_cbor_depth) {
      return reader_.error(ErrorCode::limit_exceeded, "max_cbor_depth");
    }
    if (++count_ > limits_.max_cbor_items) {
      return reader_.error(ErrorCode::limit_exceeded, "max_cbor_items");
    }
    const size_t start = reader_.position();
    SAFELIGHT_TRY(const Head first, head());
    CborValue value;
    if (first.major == 6) {
      if (first.info == kIndefinite) {
        return reader_.error(ErrorCode::malformed, "cbor.tag");
      }
      SAFELIGHT_TRY(value, item(depth + 1));
      value.tag = first.argument;
    } else {
      SAFELIGHT_CHECK(body(first, depth, value));
    }
    value.offset_bytes = start;
    value.raw = bytes_.subspan(start, reader_.position() - start);
    return value;
  }

  Result<void> body(const Head& first, uint32_t depth, CborValue& value) {
    const bool indefinite = first.info == kIndefinite;
    switch (first.major) {
      case 0:
      case 1:
        if (indefinite) return reader_.error(ErrorCode::malformed, "cbor.integer");
        value.kind = first.major == 0 ? CborKind::unsigned_integer : CborKind::negative_integer;
        value.number = first.argument;
        return {};
      case 2:
      case 3:
        value.kind = first.major == 2 ? CborKind::bytes : CborKind::text;
        return indefinite ? pieces(first.major, value) : string(first.argument, value);
      case 4:
      case 5:
        value.kind = first.major == 4 ? CborKind::array : CborKind::map;
        SAFELIGHT_CHECK(members(first, depth, value));
        return value.kind == CborKind::map ? unique_keys(value) : Result<void>{};
      default:
        return simple(first, value);
    }
  }

  Result<void> string(uint64_t length, CborValue& value) {
    SAFELIGHT_TRY(value.content, reader_.bytes(length));
    return well_formed_text(value);
  }

  Result<void> pieces(uint8_t major, CborValue& value) {
    while (true) {
      SAFELIGHT_TRY(const bool end, at_break());
      if (end) return well_formed_text(value);
      if (++count_ > limits_.max_cbor_items) {
        return reader_.error(ErrorCode::limit_exceeded, "max_cbor_items");
      }
      SAFELIGHT_TRY(const Head piece, head());
      if (piece.major != major || piece.info == kIndefinite) {
        return reader_.error(ErrorCode::malformed, "cbor.string-piece");
      }
      SAFELIGHT_TRY(const auto content, reader_.bytes(piece.argument));
      value.joined.insert(value.joined.end(), content.begin(), content.end());
    }
  }

  Result<void> well_formed_text(const CborValue& value) {
    const auto text = value.text();
    if (text && !is_utf8(*text)) return reader_.error(ErrorCode::malformed, "cbor.utf8");
    return {};
  }

  Result<void> members(const Head& first, uint32_t depth, CborValue& value) {
    const uint64_t per_entry = first.major == 5 ? 2 : 1;
    if (first.info == kIndefinite) {
      while (true) {
        SAFELIGHT_TRY(const bool end, at_break());
        if (end) break;
        for (uint64_t i = 0; i < per_entry; ++i) {
          SAFELIGHT_TRY(value.items.emplace_back(), item(depth + 1));
        }
      }
      return {};
    }
    // Every item takes a byte at least, so that a count over the bytes left is a lie.
    if (first.argument > reader_.remaining() / per_entry) {
      return reader_.error(ErrorCode::truncated, "cbor.count");
    }
    for (uint64_t i = 0; i < first.argument * per_entry; ++i) {
      SAFELIGHT_TRY(value.items.emplace_back(), item(depth + 1));
    }
    return {};
  }

  Result<bool> at_break() {
    const size_t start = reader_.position();
    SAFELIGHT_TRY(const uint8_t next, reader_.u8());
    if (next == kBreak) return true;
    SAFELIGHT_CHECK(reader_.seek(start));
    return false;
  }

  Result<void> simple(const Head& first, CborValue& value) {
    value.number = first.argument;
    switch (first.info) {
      case 20:
      case 21:
        value.kind = CborKind::boolean;
        value.number = first.info == 21 ? 1 : 0;
        return {};
      case 22:
        value.kind = CborKind::null;
        return {};
      case 23:
        value.kind = CborKind::undefined;
        return {};
      case 25:
        value.kind = CborKind::real;
        value.real = half_to_double(static_cast<uint16_t>(first.argument));
        return {};
      case 26:
        value.kind = CborKind::real;
        value.real = std::bit_cast<float>(static_cast<uint32_t>(first.argument));
        return {};
      case 27:
        value.kind = CborKind::real;
        value.real = std::bit_cast<double>(first.argument);
        return {};
      case kIndefinite:
        return reader_.error(ErrorCode::malformed, "cbor.break");
      default:
        if (first.info == 24 && first.argument < 32) {
          return reader_.error(ErrorCode::malformed, "cbor.simple");
        }
        value.kind = CborKind::simple;
        return {};
    }
  }

  /// Two readers of a map in which a key stands twice may disagree on what was signed.
  Result<void> unique_keys(const CborValue& map) {
    std::vector<const CborValue*> keys;
    for (size_t i = 0; i < map.items.size(); i += 2) keys.push_back(&map.items[i]);
    const auto order = [](const CborValue* a, const CborValue* b) {
      if (a->kind != b->kind) return a->kind < b->kind;
      if (a->kind == CborKind::text) return *a->text() < *b->text();
      if (a->kind == CborKind::bytes)
        return std::ranges::lexicographical_compare(*a->bytes(), *b->bytes());
      if (a->kind <= CborKind::negative_integer) return a->number < b->number;
      return std::ranges::lexicographical_compare(a->raw, b->raw);
    };
    std::sort(keys.begin(), keys.end(), order);
    for (size_t i = 1; i < keys.size(); ++i) {
      if (!order(keys[i - 1], keys[i])) {
        return Error::at(ErrorCode::malformed, "cbor.duplicate-key", keys[i]->offset_bytes);
      }
    }
    return {};
  }

  std::span<const std::byte> bytes_;
  ByteReader reader_;
  const Limits& limits_;
  uint32_t count_ = 0;
};

std::span<const std::byte> string_bytes(const CborValue& value) {
  return value.joined.empty() ? value.content : std::span<const std::byte>(value.joined);
}

}  // namespace

std::optional<std::string_view> CborValue::text() const {
  if (kind != CborKind::text) return std::nullopt;
  const auto view = string_bytes(*this);
  return std::string_view(reinterpret_cast<const char*>(view.data()), view.size());
}

std::optional<std::span<const std::byte>> CborValue::bytes() const {
  if (kind != CborKind::bytes) return std::nullopt;
  return string_bytes(*this);
}

std::optional<uint64_t> CborValue::unsigned_value() const {
  if (kind != CborKind::unsigned_integer) return std::nullopt;
  return number;
}

std::optional<int64_t> CborValue::signed_value() const {
  if (kind > CborKind::negative_integer || number > std::numeric_limits<int64_t>::max()) {
    return std::nullopt;
  }
  const auto magnitude = static_cast<int64_t>(number);
  return kind == CborKind::unsigned_integer ? magnitude : -1 - magnitude;
}

std::optional<bool> CborValue::boolean() const {
  if (kind != CborKind::boolean) return std::nullopt;
  return number != 0;
}

const CborValue* CborValue::find(std::string_view key) const {
  if (kind != CborKind::map) return nullptr;
  for (size_t i = 0; i + 1 < items.size(); i += 2) {
    if (items[i].text() == key) return &items[i + 1];
  }
  return nullptr;
}

const CborValue* CborValue::find(int64_t label) const {
  if (kind != CborKind::map) return nullptr;
  for (size_t i = 0; i + 1 < items.size(); i += 2) {
    if (items[i].signed_value() == label) return &items[i + 1];
  }
  return nullptr;
}

std::string CborValue::text_at(std::string_view key) const {
  const CborValue* value = find(key);
  const auto text = value != nullptr ? value->text() : std::nullopt;
  return text ? std::string(*text) : std::string();
}

Result<CborValue> decode_cbor(std::span<const std::byte> bytes, const Limits& limits) {
  return Decoder(bytes, limits).whole();
}

}  // namespace safelight::c2pa

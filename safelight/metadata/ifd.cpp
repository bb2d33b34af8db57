#include "safelight/metadata/ifd.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "safelight/base/byte_reader.h"
#include "safelight/base/checked.h"
#include "safelight/metadata/container/byte_range.h"

namespace safelight::metadata {
namespace {

constexpr uint16_t kOrientationTag = 274;

constexpr uint16_t kByte = 1;
constexpr uint16_t kAscii = 2;
constexpr uint16_t kRational = 5;
constexpr uint16_t kUndefined = 7;
constexpr uint16_t kSignedRational = 10;
constexpr uint16_t kUtf8 = 129;  // EXIF 3.0

/// Bytes of one value of an unsigned integer type, 0 for any other type.
size_t integer_bytes(uint16_t type) {
  switch (type) {
    case 1:  // BYTE
      return 1;
    case 3:  // SHORT
      return 2;
    case 4:   // LONG
    case 13:  // IFD
      return 4;
    case 16:  // LONG8
    case 18:  // IFD8
      return 8;
    default:
      return 0;
  }
}

/// Bytes of one value of a signed integer type, 0 for any other type.
size_t signed_bytes(uint16_t type) {
  switch (type) {
    case 6:  // SBYTE
      return 1;
    case 8:  // SSHORT
      return 2;
    case 9:  // SLONG
      return 4;
    case 17:  // SLONG8
      return 8;
    default:
      return 0;
  }
}

int64_t sign_extended(uint64_t value, size_t bytes) {
  const unsigned unused = static_cast<unsigned>(64 - 8 * bytes);
  return static_cast<int64_t>(value << unused) >> unused;
}

/// Bytes of one value of any type, 1 for a type that is none.
size_t value_bytes(uint16_t type) {
  constexpr std::array<uint8_t, 19> kBytes = {1, 1, 1, 2, 4, 8, 1, 1, 2, 4,
                                              8, 4, 8, 4, 1, 1, 8, 8, 8};
  return type < kBytes.size() ? kBytes[type] : 1;
}

}  // namespace

const IfdEntry* Ifd::find(uint16_t tag) const {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const IfdEntry& entry) { return entry.tag == tag; });
  return found == entries.end() ? nullptr : &*found;
}

Result<IfdReader> IfdReader::open(std::span<const std::byte> bytes) {
  ByteReader in(bytes);
  SAFELIGHT_TRY(const std::string_view order, in.text(2));
  if (order != "II" && order != "MM") {
    return Error::at(ErrorCode::malformed, "tiff.signature", 0);
  }
  IfdReader reader(bytes, order == "MM" ? ByteOrder::big_endian : ByteOrder::little_endian, false);
  SAFELIGHT_TRY(const uint64_t magic, reader.integer(2, 2));
  if (magic == 43) {
    reader.big_tiff_ = true;
    SAFELIGHT_TRY(const uint64_t offset_size, reader.integer(4, 2));
    if (offset_size != 8) return Error::at(ErrorCode::malformed, "tiff.offset-size", 4);
    SAFELIGHT_TRY(reader.first_offset_bytes_, reader.integer(8, 8));
  } else if (magic == 42) {
    SAFELIGHT_TRY(reader.first_offset_bytes_, reader.integer(4, 4));
  } else {
    return Error::at(ErrorCode::malformed, "tiff.signature", 2);
  }
  return reader;
}

Result<uint64_t> IfdReader::integer(uint64_t offset_bytes, size_t size) const {
  ByteReader in(bytes_);
  SAFELIGHT_CHECK(in.seek(offset_bytes));
  SAFELIGHT_TRY(const auto raw, in.bytes(size));
  uint64_t value = 0;
  for (size_t i = 0; i < size; ++i) {
    value = value << 8 |
            std::to_integer<uint64_t>(raw[order_ == ByteOrder::big_endian ? i : size - 1 - i]);
  }
  return value;
}

Result<Ifd> IfdReader::read(uint64_t offset_bytes) const {
  IfdPart part = read_part(offset_bytes);
  if (part.damage) return *part.damage;
  return std::move(part.ifd);
}

IfdPart IfdReader::read_part(uint64_t offset_bytes) const {
  IfdPart out;
  out.ifd.offset_bytes = offset_bytes;
  const size_t field_bytes = big_tiff_ ? 8 : 4;
  const auto count = integer(offset_bytes, big_tiff_ ? 8 : 2);
  if (!count) {
    out.damage = count.error();
    return out;
  }
  if (*count > kMaxIfdEntries) {
    out.damage = Error::at(ErrorCode::limit_exceeded, "max_ifd_entries", offset_bytes);
    return out;
  }
  uint64_t at = offset_bytes + (big_tiff_ ? 8 : 2);
  for (uint64_t i = 0; i < *count; ++i, at += 4 + 2 * field_bytes) {
    const auto entry = read_entry(at);
    if (!entry) {
      out.damage = entry.error();
      return out;
    }
    out.ifd.entries.push_back(*entry);
  }
  // Files whose last IFD lacks the link to the next are common enough; to read them is harmless.
  const auto next = integer(at, field_bytes);
  out.ifd.next_offset_bytes = next ? *next : 0;
  return out;
}

Result<IfdEntry> IfdReader::read_entry(uint64_t offset_bytes) const {
  const size_t field_bytes = big_tiff_ ? 8 : 4;
  IfdEntry entry;
  SAFELIGHT_TRY(const uint64_t tag, integer(offset_bytes, 2));
  SAFELIGHT_TRY(const uint64_t type, integer(offset_bytes + 2, 2));
  SAFELIGHT_TRY(entry.count, integer(offset_bytes + 4, field_bytes));
  entry.tag = static_cast<uint16_t>(tag);
  entry.type = static_cast<uint16_t>(type);
  const uint64_t field = offset_bytes + 4 + field_bytes;
  const auto size = checked_mul<uint64_t>(entry.count, value_bytes(entry.type));
  entry.offset_bytes = field;
  if (!size || *size > field_bytes) {
    SAFELIGHT_TRY(entry.offset_bytes, integer(field, field_bytes));
  }
  return entry;
}

std::optional<uint64_t> IfdReader::element(const IfdEntry& entry, uint64_t index,
                                           size_t size) const {
  if (size == 0 || index >= entry.count) return std::nullopt;
  const auto within = checked_mul<uint64_t>(index, value_bytes(entry.type));
  const auto offset = within ? checked_add(entry.offset_bytes, *within) : std::nullopt;
  if (!offset) return std::nullopt;
  const auto read = integer(*offset, size);
  return read ? std::optional(*read) : std::nullopt;
}

std::optional<uint64_t> IfdReader::value(const IfdEntry& entry, uint64_t index) const {
  return element(entry, index, integer_bytes(entry.type));
}

std::optional<uint64_t> IfdReader::value_of(const Ifd& ifd, uint16_t tag) const {
  const IfdEntry* entry = ifd.find(tag);
  return entry == nullptr ? std::nullopt : value(*entry);
}

std::optional<int64_t> IfdReader::signed_value(const IfdEntry& entry, uint64_t index) const {
  const size_t size = signed_bytes(entry.type);
  const auto raw = size == 0 ? value(entry, index) : element(entry, index, size);
  if (!raw) return std::nullopt;
  return size == 0 ? static_cast<int64_t>(*raw) : sign_extended(*raw, size);
}

std::optional<Rational> IfdReader::rational(const IfdEntry& entry, uint64_t index) const {
  if (entry.type != kRational && entry.type != kSignedRational) return std::nullopt;
  const auto numerator = element(entry, index, 4);
  if (!numerator) return std::nullopt;
  IfdEntry second = entry;
  second.offset_bytes += 4;  // cannot wrap: the numerator stands before it
  const auto denominator = element(second, index, 4);
  if (!denominator) return std::nullopt;
  if (entry.type == kSignedRational) {
    return Rational{sign_extended(*numerator, 4), sign_extended(*denominator, 4)};
  }
  return Rational{static_cast<int64_t>(*numerator), static_cast<int64_t>(*denominator)};
}

std::span<const std::byte> IfdReader::data(const IfdEntry& entry) const {
  const auto size = checked_mul<uint64_t>(entry.count, value_bytes(entry.type));
  return bytes_at(bytes_, {entry.offset_bytes, size.value_or(UINT64_MAX)});
}

std::optional<std::string_view> IfdReader::text(const IfdEntry& entry) const {
  if (entry.type != kByte && entry.type != kAscii && entry.type != kUndefined &&
      entry.type != kUtf8) {
    return std::nullopt;
  }
  const auto raw = data(entry);
  const std::string_view all(reinterpret_cast<const char*>(raw.data()), raw.size());
  return all.substr(0, all.find('\0'));
}

IfdChain IfdReader::chain(uint64_t offset_bytes) const {
  IfdChain out;
  std::unordered_set<uint64_t> seen;
  size_t entries = 0;
  while (offset_bytes != 0) {
    if (!seen.insert(offset_bytes).second) {
      out.damage = Error::at(ErrorCode::malformed, "tiff.ifd-cycle", offset_bytes);
      break;
    }
    if (out.ifds.size() == kMaxIfds) {
      out.damage = Error::at(ErrorCode::limit_exceeded, "max_ifds", offset_bytes);
      break;
    }
    IfdPart part = read_part(offset_bytes);
    entries += part.ifd.entries.size();
    if (entries > kMaxChainEntries) {
      out.damage = Error::at(ErrorCode::limit_exceeded, "max_chain_entries", offset_bytes);
      break;
    }
    offset_bytes = part.ifd.next_offset_bytes;
    out.ifds.push_back(std::move(part.ifd));
    if (part.damage) {
      out.damage = part.damage;
      break;
    }
  }
  return out;
}

uint8_t orientation_of(const IfdReader& reader, const Ifd& ifd) {
  const uint64_t value = reader.value_of(ifd, kOrientationTag).value_or(1);
  return value >= 1 && value <= 8 ? static_cast<uint8_t>(value) : uint8_t{1};
}

uint8_t exif_orientation(std::span<const std::byte> exif) {
  constexpr std::string_view kPrefix("Exif\0\0", 6);
  ByteReader in(exif);
  if (const auto start = in.text(kPrefix.size()); start && *start == kPrefix) {
    exif = exif.subspan(kPrefix.size());
  }
  const auto reader = IfdReader::open(exif);
  if (!reader) return 1;
  const auto ifd = reader->read(reader->first_offset_bytes());
  return ifd ? orientation_of(*reader, *ifd) : uint8_t{1};
}

}  // namespace safelight::metadata

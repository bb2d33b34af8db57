#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "safelight/base/byte_reader.h"
#include "safelight/base/result.h"

namespace safelight::codec {

/// One entry of an image file directory whose values are whole numbers.
struct IfdEntry {
  uint16_t tag = 0;
  uint16_t type = 0;
  uint32_t count = 0;
  /// The first value of a SHORT or LONG that stands in the entry itself; otherwise where the values
  /// begin, counted from the byte-order mark.
  uint32_t value_or_offset = 0;
};

/// One image file directory.
struct Ifd {
  std::vector<IfdEntry> entries;
  uint32_t next_offset = 0;  ///< Of the next directory, from the byte-order mark; 0 = none.

  /// The value of the first entry with that tag, if there is one.
  [[nodiscard]] std::optional<uint32_t> value(uint16_t tag) const;
  [[nodiscard]] const IfdEntry* find(uint16_t tag) const;
};

/// Reads directories of the TIFF structure inside EXIF and MPF marker segments.
/// Source: TIFF 6.0 section 2.
class IfdReader {
 public:
  /// `bytes` begin with the byte-order mark, at `base_offset_bytes` of the file.
  /// Errors: truncated; malformed without a byte-order mark and the number 42.
  static Result<IfdReader> open(std::span<const std::byte> bytes, uint64_t base_offset_bytes);

  /// Of the first directory, counted from the byte-order mark.
  [[nodiscard]] uint32_t first_offset() const { return first_offset_; }
  /// Errors: truncated.
  Result<Ifd> read(uint32_t offset);
  /// `count` 32-bit words from `offset` on. Errors: truncated.
  Result<std::vector<uint32_t>> words(uint32_t offset, uint32_t count);

 private:
  IfdReader(ByteReader in, bool big_endian) : in_(in), big_endian_(big_endian) {}
  Result<uint16_t> u16() { return big_endian_ ? in_.u16_be() : in_.u16_le(); }
  Result<uint32_t> u32() { return big_endian_ ? in_.u32_be() : in_.u32_le(); }

  ByteReader in_;
  bool big_endian_;
  uint32_t first_offset_ = 0;
};

}  // namespace safelight::codec

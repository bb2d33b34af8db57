#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/metadata/byte_order.h"

namespace safelight::metadata {

/// Entries of one IFD that are read; real ones hold a few hundred at most.
inline constexpr uint64_t kMaxIfdEntries = 4096;
/// IFDs of one chain that are read; a TIFF file of pages is the longest honest one.
inline constexpr size_t kMaxIfds = 4096;
/// Entries of one chain that are read: directories may lie over one another.
inline constexpr size_t kMaxChainEntries = 262'144;

struct IfdEntry {
  uint16_t tag = 0;
  uint16_t type = 0;          ///< 1 BYTE, 3 SHORT, 4 LONG, 13 IFD, 16 LONG8, 18 IFD8 ...
  uint64_t count = 0;         ///< Values, not bytes.
  uint64_t offset_bytes = 0;  ///< Where the first value stands, in the bytes opened.
};

struct Ifd {
  uint64_t offset_bytes = 0;
  std::vector<IfdEntry> entries;
  uint64_t next_offset_bytes = 0;  ///< 0 after the last.

  [[nodiscard]] const IfdEntry* find(uint16_t tag) const;
};

/// A numerator and a denominator, either of which may be 0.
struct Rational {
  int64_t numerator = 0;
  int64_t denominator = 0;
  friend bool operator==(const Rational&, const Rational&) = default;
};

/// An IFD, as far as it stands in the bytes.
struct IfdPart {
  Ifd ifd;
  std::optional<Error> damage;  ///< Why it is not all of it.
};

/// A chain of IFDs, each the next of the one before.
struct IfdChain {
  std::vector<Ifd> ifds;        ///< The last may be cut where there is damage.
  std::optional<Error> damage;  ///< Why the chain ended early.
};

/// The directories of a TIFF or BigTIFF file, or of the TIFF structure inside EXIF.
/// Source: TIFF 6.0 section 2; BigTIFF design (AWare Systems).
class IfdReader {
 public:
  /// `bytes` must outlive the reader. Errors: truncated; malformed for another signature.
  static Result<IfdReader> open(std::span<const std::byte> bytes);

  /// Directories without a signature before them, as in maker notes. first_offset_bytes() is 0.
  static IfdReader without_signature(std::span<const std::byte> bytes, ByteOrder order) {
    return {bytes, order, false};
  }

  [[nodiscard]] uint64_t first_offset_bytes() const { return first_offset_bytes_; }
  /// Errors: truncated; limit_exceeded (rule "max_ifd_entries") over kMaxIfdEntries.
  [[nodiscard]] Result<Ifd> read(uint64_t offset_bytes) const;
  /// The same, but with the entries that stand before the damage.
  [[nodiscard]] IfdPart read_part(uint64_t offset_bytes) const;
  /// Value `index` of an unsigned integer entry; nothing where it is of another type, has fewer
  /// values, or stands outside the bytes.
  [[nodiscard]] std::optional<uint64_t> value(const IfdEntry& entry, uint64_t index = 0) const;
  /// An unsigned integer of `size` bytes, in the directories' byte order. Errors: truncated.
  [[nodiscard]] Result<uint64_t> integer(uint64_t offset_bytes, size_t size) const;
  /// The first value of `tag`, as above.
  [[nodiscard]] std::optional<uint64_t> value_of(const Ifd& ifd, uint16_t tag) const;

  /// Value `index` of a signed or unsigned integer entry; nothing as for value().
  [[nodiscard]] std::optional<int64_t> signed_value(const IfdEntry& entry,
                                                    uint64_t index = 0) const;
  /// Value `index` of a signed or unsigned rational entry; nothing as for value().
  [[nodiscard]] std::optional<Rational> rational(const IfdEntry& entry, uint64_t index = 0) const;
  /// The bytes of all values of an entry of any type, cut at the end of the bytes opened.
  [[nodiscard]] std::span<const std::byte> data(const IfdEntry& entry) const;
  /// The same as characters, up to the first zero byte; nothing for a type that holds no text (not
  /// BYTE, ASCII, UNDEFINED or UTF-8).
  [[nodiscard]] std::optional<std::string_view> text(const IfdEntry& entry) const;

  /// The IFDs from `offset_bytes` on. Damage: that of read(); malformed (rule "tiff.ifd-cycle")
  /// where one comes again; limit_exceeded (rules "max_ifds", "max_chain_entries").
  [[nodiscard]] IfdChain chain(uint64_t offset_bytes) const;

  [[nodiscard]] ByteOrder byte_order() const { return order_; }

 private:
  [[nodiscard]] Result<IfdEntry> read_entry(uint64_t offset_bytes) const;
  /// An unsigned integer of `size` bytes at the start of value `index`.
  [[nodiscard]] std::optional<uint64_t> element(const IfdEntry& entry, uint64_t index,
                                                size_t size) const;

  IfdReader(std::span<const std::byte> bytes, ByteOrder order, bool big_tiff)
      : bytes_(bytes), order_(order), big_tiff_(big_tiff) {}

  std::span<const std::byte> bytes_;
  ByteOrder order_;
  bool big_tiff_;
  uint64_t first_offset_bytes_ = 0;
};

/// The orientation that an IFD states, 1 to 8; 1 where it states none.
uint8_t orientation_of(const IfdReader& reader, const Ifd& ifd);

/// The orientation in the TIFF structure of EXIF (a leading "Exif\0\0" is passed over), 1 to 8; 1
/// where there is none.
uint8_t exif_orientation(std::span<const std::byte> exif);

}  // namespace safelight::metadata

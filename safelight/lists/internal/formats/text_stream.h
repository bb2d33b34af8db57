#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/bytes/byte_source.h"

namespace safelight::lists {

/// A source of bytes read as text, a stretch at a time: UTF-8, or UTF-16 of either order where a
/// byte order mark says so. What it gives is always well-formed UTF-8 without the mark; what is
/// ill-formed becomes U+FFFD and is counted.
class TextStream {
 public:
  static constexpr size_t kReadBytes = 1u << 18;

  explicit TextStream(const ByteSource& source) : source_(source) {}

  /// Makes the next stretch of text the chunk; false at the end. Errors: those of the source.
  Result<bool> next_chunk();
  /// Never empty after next_chunk() gave true. Valid until the next call.
  [[nodiscard]] std::string_view chunk() const { return chunk_; }
  /// Where in the source the chunk's first byte came from.
  [[nodiscard]] uint64_t chunk_offset_bytes() const { return chunk_offset_bytes_; }
  /// Whether a byte of the chunk stands as far from its start as it does in the source.
  [[nodiscard]] bool chunk_is_verbatim() const { return verbatim_; }
  /// The error's place for byte `index` of the chunk.
  [[nodiscard]] Error error_at(ErrorCode code, std::string_view rule, size_t index) const;
  [[nodiscard]] uint64_t replaced_bytes() const { return replaced_bytes_; }

 private:
  enum class Encoding { unknown, utf8, utf16_le, utf16_be };

  void take_utf8(bool last);
  void take_utf16(bool last);

  const ByteSource& source_;
  Encoding encoding_ = Encoding::unknown;
  std::vector<std::byte> raw_;     ///< Bytes left over from the last read, then those of this one.
  size_t raw_used_ = 0;            ///< Of raw_, turned into the present chunk.
  uint64_t raw_offset_bytes_ = 0;  ///< Of raw_'s first byte.
  std::string rewritten_;
  std::string_view chunk_;
  uint64_t chunk_offset_bytes_ = 0;
  bool verbatim_ = true;
  uint64_t replaced_bytes_ = 0;
};

/// A line of a text.
struct TextLine {
  std::string_view text;  ///< Without its end; cut at the limit where `too_long`.
  uint64_t number = 0;    ///< From 1.
  uint64_t offset_bytes = 0;
  OffsetKind offset_kind = OffsetKind::exact;
  bool too_long = false;

  [[nodiscard]] Error error(ErrorCode code, std::string_view rule) const {
    return {code, rule, offset_bytes, offset_kind};
  }
};

/// The lines of a text, one at a time, whatever its length.
class LineReader {
 public:
  LineReader(const ByteSource& source, size_t max_line_bytes)
      : stream_(source), max_line_bytes_(max_line_bytes) {}

  /// Fills `line` with the next one; false at the end. Its text is valid until the next call.
  /// Errors: those of the source.
  Result<bool> next(TextLine& line);
  [[nodiscard]] uint64_t replaced_bytes() const { return stream_.replaced_bytes(); }

 private:
  TextStream stream_;
  size_t max_line_bytes_;
  std::string_view rest_;  ///< Of the stream's chunk.
  std::string joined_;     ///< A line that began in an earlier chunk.
  uint64_t lines_ = 0;
};

}  // namespace safelight::lists

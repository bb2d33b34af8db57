#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/metadata/container/byte_range.h"
#include "safelight/metadata/container/png_chunks.h"
#include "safelight/metadata/limits.h"

namespace safelight::metadata {

/// Bytes of one keyword. The standard allows 79.
inline constexpr size_t kMaxPngKeywordBytes = 1024;

/// A text chunk.
struct PngText {
  enum class Kind : uint8_t {
    plain,          ///< tEXt: Latin-1 by the book, often UTF-8 in fact.
    compressed,     ///< zTXt: likewise.
    international,  ///< iTXt: UTF-8.
  };
  Kind kind = Kind::plain;
  std::string keyword;
  std::string text;  ///< As stored, expanded.
  ByteRange place;   ///< The chunk's data.
  ByteRange stored;  ///< The text in it, compressed or not.
  bool compressed = false;
  bool checksum_fits = true;
  bool whole = true;  ///< False: damage or a limit cut the text; see PngTexts::damage.
};

struct PngTexts {
  std::vector<PngText> texts;  ///< In the file's order, before and behind the picture's data.
  std::vector<Error> damage;   ///< Of chunks that could not be read, or not to their end.
};

/// Reads the text chunks among `chunks`. A text that is cut is kept as far as it came. Damage:
/// malformed chunks and compressed data; truncated compressed data; limit_exceeded (rules
/// "max_text_bytes", "max_png_texts", "max_png_keyword_bytes"). Expands no more than
/// `limits.max_text_bytes` in all. Source: PNG specification, third edition, section 11.3.3.
PngTexts read_png_texts(std::span<const std::byte> file, const PngChunks& chunks,
                        const MetadataLimits& limits);

/// The bytes that ImageMagick keeps as hexadecimal text under "Raw profile type NAME": a line with
/// the name, a line with the number of bytes, the digits. Errors: malformed; truncated.
Result<std::vector<std::byte>> decode_raw_profile(std::string_view text);

}  // namespace safelight::metadata

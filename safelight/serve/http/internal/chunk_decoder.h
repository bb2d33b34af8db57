#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "safelight/base/result.h"

namespace safelight::serve {

/// Takes a chunked body apart, piece by piece as it comes. Chunk extensions and trailers, which
/// nobody needs and which parsers disagree on, are refused. Source: RFC 9112 section 7.1.
class ChunkDecoder {
 public:
  struct Step {
    size_t used_bytes = 0;               ///< Of the input.
    std::span<const std::byte> content;  ///< A part of the input.
  };
  /// Decodes up to the end of the input, of a chunk or of the body, whichever comes first.
  /// Errors: malformed, "http.chunk", at the byte of the body that breaks the rule.
  [[nodiscard]] Result<Step> next(std::span<const std::byte> input);

  [[nodiscard]] bool is_done() const { return place_ == Place::done; }

 private:
  enum class Place : uint8_t {
    first_digit,
    digits,
    size_end,
    content,
    content_cr,
    content_lf,
    last_cr,
    last_lf,
    done,
  };
  /// Takes one byte of the framing; says whether it may stand there.
  bool take(char c);
  bool take_digit(char c);
  bool expect(char c, char wanted, Place then);

  Place place_ = Place::first_digit;
  uint32_t digits_ = 0;
  uint64_t left_bytes_ = 0;  ///< Of the chunk.
  uint64_t consumed_bytes_ = 0;
};

}  // namespace safelight::serve

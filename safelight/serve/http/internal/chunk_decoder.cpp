#include "safelight/serve/http/internal/chunk_decoder.h"

#include <algorithm>

namespace safelight::serve {
namespace {

/// Enough for any chunk, and too few to overflow.
constexpr uint32_t kMaxDigits = 15;

}  // namespace

Result<ChunkDecoder::Step> ChunkDecoder::next(std::span<const std::byte> input) {
  Step step;
  while (step.used_bytes < input.size() && !is_done()) {
    if (place_ == Place::content) {
      const auto count =
          static_cast<size_t>(std::min<uint64_t>(left_bytes_, input.size() - step.used_bytes));
      step.content = input.subspan(step.used_bytes, count);
      step.used_bytes += count;
      consumed_bytes_ += count;
      left_bytes_ -= count;
      if (left_bytes_ == 0) place_ = Place::content_cr;
      break;
    }
    if (!take(static_cast<char>(input[step.used_bytes]))) {
      return Error::at(ErrorCode::malformed, "http.chunk", consumed_bytes_);
    }
    ++step.used_bytes;
    ++consumed_bytes_;
  }
  return step;
}

bool ChunkDecoder::take(char c) {
  switch (place_) {
    case Place::first_digit:
      digits_ = 0;
      left_bytes_ = 0;
      place_ = Place::digits;
      return take_digit(c);
    case Place::digits:
      if (c == '\r') {
        place_ = Place::size_end;
        return true;
      }
      return take_digit(c);
    case Place::size_end:
      return expect(c, '\n', left_bytes_ == 0 ? Place::last_cr : Place::content);
    case Place::content_cr:
      return expect(c, '\r', Place::content_lf);
    case Place::content_lf:
      return expect(c, '\n', Place::first_digit);
    case Place::last_cr:
      return expect(c, '\r', Place::last_lf);
    case Place::last_lf:
      return expect(c, '\n', Place::done);
    case Place::content:
    case Place::done:
      break;
  }
  return false;
}

bool ChunkDecoder::take_digit(char c) {
  unsigned value = 0;
  if (c >= '0' && c <= '9') {
    value = static_cast<unsigned>(c - '0');
  } else if (c >= 'a' && c <= 'f') {
    value = static_cast<unsigned>(c - 'a' + 10);
  } else if (c >= 'A' && c <= 'F') {
    value = static_cast<unsigned>(c - 'A' + 10);
  } else {
    return false;
  }
  left_bytes_ = left_bytes_ * 16 + value;
  return ++digits_ <= kMaxDigits;
}

bool ChunkDecoder::expect(char c, char wanted, Place then) {
  place_ = then;
  return c == wanted;
}

}  // namespace safelight::serve

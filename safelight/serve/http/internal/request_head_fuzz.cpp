#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "safelight/serve/http/internal/chunk_decoder.h"
#include "safelight/serve/http/internal/request_head.h"
#include "safelight/serve/http/internal/tokens.h"

namespace {

using namespace safelight;
using namespace safelight::serve;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_head(std::string_view text) {
  const HttpLimits limits{.max_target_bytes = 64, .max_headers = 8};
  const auto size = find_head(text, 0);
  if (!size) return;
  for (size_t searched = 0; searched < *size; ++searched) {
    require(find_head(text, searched) == size);
  }
  const auto head = parse_request_head(text.substr(0, *size), limits);
  if (!head) {
    require(head.error().offset_bytes <= *size);
    return;
  }
  require(head->target.size() <= limits.max_target_bytes);
  require(head->headers.entries().size() <= limits.max_headers);
  for (const auto& [name, value] : head->headers.entries()) {
    require(is_token(name) && trimmed(value) == value);
    require(value.find_first_of("\r\n") == std::string::npos);
  }
  require(!(head->is_chunked && head->headers.find("content-length")));
}

/// What a body decodes to, or where it breaks, however it is cut up.
std::string decoded(std::string_view text, size_t piece_bytes) {
  ChunkDecoder decoder;
  std::string out;
  size_t at = 0;
  while (at < text.size() && !decoder.is_done()) {
    const auto piece = text.substr(at, piece_bytes);
    const auto step = decoder.next(std::as_bytes(std::span(piece)));
    if (!step) return out + " broken at " + std::to_string(step.error().offset_bytes);
    require(step->used_bytes > 0 && step->used_bytes <= piece.size());
    require(step->content.size() <= step->used_bytes);
    out.append(reinterpret_cast<const char*>(step->content.data()), step->content.size());
    at += step->used_bytes;
  }
  return out + " used " + std::to_string(at) + (decoder.is_done() ? " done" : "");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_head(text);
  const std::string whole = decoded(text, text.size());
  require(decoded(text, 1) == whole && decoded(text, 3) == whole);
  return 0;
}

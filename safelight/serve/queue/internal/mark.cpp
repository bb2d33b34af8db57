#include "safelight/serve/queue/internal/mark.h"

#include <span>

#include "safelight/digest/sha256_stream.h"

namespace safelight::serve {

std::string mark_of(std::string_view case_id, std::string_view kind, std::string_view text) {
  std::string all;
  all.reserve(case_id.size() + kind.size() + text.size() + 2);
  all.append(case_id).append("\n").append(kind).append("\n").append(text);
  const Sha256 digest = sha256_of(std::as_bytes(std::span(all)));
  return to_hex(std::span(digest.bytes).first(8));
}

}  // namespace safelight::serve

#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

#include "safelight/base/json_writer.h"
#include "safelight/provenance/c2pa/store/json.h"

/// Any bytes: what is JSON stays so with blanks around it and inside an array, and is UTF-8.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto is = [](std::string_view whole) {
    return safelight::c2pa::is_json(std::as_bytes(std::span(whole)));
  };
  if (!is(text)) return 0;
  if (!safelight::is_utf8(text) || !is(" " + std::string(text) + "\n")) std::abort();
  if (is(std::string(text) + "]")) std::abort();
  return 0;
}

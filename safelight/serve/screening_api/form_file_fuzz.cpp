#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>

#include "safelight/serve/screening_api/form_file.h"

/// The first line is the content type, the rest the body. What is found lies in the body.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const size_t line = std::min(text.find('\n'), size);
  const auto body = std::as_bytes(std::span(data, size)).subspan(std::min(line + 1, size));
  const auto file = safelight::serve::file_of_form(text.substr(0, line), body);
  if (!file) return 0;
  if (file->bytes.size() > body.size()) std::abort();
  if (!file->bytes.empty() &&
      (file->bytes.data() < body.data() ||
       file->bytes.data() + file->bytes.size() > body.data() + body.size())) {
    std::abort();
  }
  return 0;
}

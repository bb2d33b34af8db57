#include <cstdlib>
#include <string>
#include <string_view>

#include "safelight/audit/heads/heads_file.h"

/// Any bytes are read as heads of which each stands in the text as it would be written, in a line
/// of its own.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace safelight;
  const auto bytes = std::as_bytes(std::span(data, size));
  const std::string text = '\n' + std::string(reinterpret_cast<const char*>(data), size);
  const MemorySource source(std::vector<std::byte>(bytes.begin(), bytes.end()));
  const auto reading = audit::read_heads(source, "server:1", {});
  if (!reading) std::abort();
  uint64_t line = 0;
  size_t at = 0;
  for (const auto& head : reading->heads) {
    if (head.line <= line) std::abort();
    line = head.line;
    at = text.find('\n' + audit::to_line(head.signed_head) + '\n', at);
    if (at == std::string::npos) std::abort();
    ++at;
  }
  for (const auto& fork : reading->forks) {
    if (fork.first_line >= fork.second_line) std::abort();
  }
  return 0;
}

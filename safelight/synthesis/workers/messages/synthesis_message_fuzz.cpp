#include <algorithm>
#include <cstdlib>

#include "safelight/synthesis/workers/messages/synthesis_message.h"

/// What decodes encodes to the same bytes: there is one way to say each thing.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace safelight::synthesis;
  const auto bytes = std::as_bytes(std::span(data, size));
  const auto is_input = [&](const std::vector<std::byte>& encoded) {
    return std::equal(encoded.begin(), encoded.end(), bytes.begin(), bytes.end());
  };
  const auto record = decode_synthesis_record(bytes);
  if (record && !is_input(encode(*record))) std::abort();
  const auto request = decode_synthesis_request(bytes);
  if (request && !is_input(encode(*request))) std::abort();
  return 0;
}

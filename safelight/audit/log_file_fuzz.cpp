#include <algorithm>
#include <cstdlib>

#include "safelight/audit/log_file.h"

/// Any bytes are refused or read as records that, with their lengths, are these bytes up to where
/// reading ends; a file that verifies whole has the head of exactly those records.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace safelight;
  const auto bytes = std::as_bytes(std::span(data, size));
  const MemorySource source(std::vector<std::byte>(bytes.begin(), bytes.end()));
  const auto verification = audit::verify_log_file(source, {});
  auto reader = audit::LogFileReader::open(source);
  if (verification.has_value() != reader.has_value()) std::abort();
  if (!reader) {
    if (reader.error().offset_bytes > size) std::abort();
    return 0;
  }
  audit::Frontier tree;
  uint64_t end = reader->offset_bytes();
  while (true) {
    const auto record = reader->next();
    if (!record || !*record) break;
    end += 4 + (**record).size();
    if (end != reader->offset_bytes() || end > size) std::abort();
    if (!std::equal((**record).begin(), (**record).end(), bytes.begin() + end - (**record).size()))
      std::abort();
    tree.append(audit::record_hash(**record));
  }
  if (!verification->broken && verification->head != tree.head()) std::abort();
  if (verification->torn_bytes > 0 && verification->torn_bytes != size - end) std::abort();
  return 0;
}

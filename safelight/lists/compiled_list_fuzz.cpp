#include <cstdlib>
#include <string>

#include "safelight/lists/compiled_list.h"
#include "safelight/lists/internal/list_layout.h"
#include "safelight/lists/internal/memory_file.h"
#include "safelight/lists/internal/sha256_stream.h"
#include "safelight/lists/matcher.h"

namespace {

/// Opens the bytes, and uses all that an opened list offers.
void open_and_use(const std::string& bytes) {
  using namespace safelight;
  const auto list = CompiledList::open(lists::memory_file(bytes), "fuzz");
  if (!list) return;
  for (uint32_t i = 0; i < list->info().entries; ++i) {
    const CompiledEntry entry = list->entry(i);
    if (entry.disposition != list->disposition(i)) std::abort();
    if (entry.size_bytes != list->size_bytes(i)) std::abort();
    const auto photodna = list->photodna(i);
    if (!photodna.empty() && photodna.size() != kPhotoDnaBytes) std::abort();
  }
  if (list->fingerprint_entries().size() != list->fingerprints().size()) std::abort();
  ListQuery query;
  query.md5 = Md5{};
  query.sha1 = Sha1{};
  query.sha256 = Sha256{};
  const OrientedHash hash = {{{}, list->info().pdq_mode, 100}, Orientation::original};
  query.fingerprints = std::span(&hash, 1);
  const Matcher matcher({&*list});
  if (verdict(matcher.match(query, 256)).disposition.has_value() && list->info().entries == 0) {
    std::abort();
  }
}

}  // namespace

/// Any bytes are refused or are a list of which everything can be read; the same with a checksum
/// that fits, so that what lies behind it is reached.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace safelight;
  std::string bytes(reinterpret_cast<const char*>(data), size);
  open_and_use(bytes);
  if (bytes.size() < lists::kChecksumBytes) return 0;
  const size_t body = bytes.size() - lists::kChecksumBytes;
  lists::Sha256Stream hash;
  hash.update(std::as_bytes(std::span(bytes).first(body)));
  const Sha256 sum = hash.digest();
  std::copy(sum.bytes.begin(), sum.bytes.end(), bytes.begin() + static_cast<ptrdiff_t>(body));
  open_and_use(bytes);
  return 0;
}

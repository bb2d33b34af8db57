#include <cstdlib>
#include <memory>
#include <string>

#include "safelight/base/fault.h"
#include "safelight/lists/compiled_list.h"
#include "safelight/lists/internal/memory_file.h"
#include "safelight/lists/internal/reseal.h"
#include "safelight/lists/matcher.h"

namespace {

using namespace safelight;

/// Uses all that an opened list offers. Throws Fault where it refers to what is not there.
void use(const CompiledList& list) {
  for (uint32_t i = 0; i < list.info().entries; ++i) {
    const CompiledEntry entry = list.entry(i);
    if (entry.disposition != list.disposition(i)) std::abort();
    if (entry.size_bytes != list.facts(i).size_bytes) std::abort();
    const auto photodna = list.photodna(i);
    if (!photodna.empty() && photodna.size() != kPhotoDnaBytes) std::abort();
    if (const auto row = list.row_of_entry(i); row && list.entry_of_row(*row) != i) std::abort();
  }
}

/// Looks up in what must be a list with something in it where anything is found.
void look_up(HashList list) {
  const auto shared = std::make_shared<const HashList>(std::move(list));
  ListQuery query;
  query.md5 = Md5{};
  query.sha1 = Sha1{};
  query.sha256 = Sha256{};
  const OrientedHash hash = {{{}, shared->info().pdq_mode, 100}, Orientation::original};
  query.fingerprints = std::span(&hash, 1);
  for (const uint32_t radius_bits : {31u, 256u}) {
    const MatchedItem found = Matcher({shared}).match(query, radius_bits);
    if (!found.hits.empty() && shared->info().entries == 0) std::abort();
    if (found.hits.size() > Matcher::kMaxHits) std::abort();
  }
}

void open_and_use(const std::string& bytes) {
  auto list = CompiledList::open(lists::memory_file(bytes), "fuzz");
  if (!list) return;
  const bool whole = list->verify().has_value();
  try {
    use(*list);
    auto of_one = HashList::make("fuzz", {std::make_shared<const CompiledList>(std::move(*list))});
    if (of_one) look_up(std::move(*of_one));
  } catch (const Fault&) {
    if (whole) std::abort();
  }
}

}  // namespace

/// Any bytes are refused, or are a list of which everything can be read or is a Fault; never a
/// Fault in one that verifies. The same with sums that fit, so that what lies behind them is
/// reached.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  open_and_use(bytes);
  open_and_use(lists::reseal(std::move(bytes)));
  return 0;
}

// A set viewed over any bytes: a look-up stays inside of them, alone and together is the same, and
// finds every pair of a layout that check_order() calls sound.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "safelight/index/exact_set.h"

namespace {

using namespace safelight;

void require(bool holds) {
  if (!holds) std::abort();
}

template <typename DigestType>
void look_up(std::span<const uint8_t> input, size_t pairs) {
  using Set = ExactSet<DigestType>;
  // Just as long as the layout, so that a sanitizer sees the first byte beyond it.
  AlignedBytes bytes(Set::layout_bytes(pairs));
  const auto layout = bytes.bytes();
  std::copy_n(std::as_bytes(input).begin(), std::min(input.size(), layout.size()), layout.begin());
  const auto set = Set::view(layout, pairs);
  require(set.has_value());
  const bool sound = set->check_order().has_value();
  for (size_t i = 0; i < set->size(); ++i) {
    const auto pair = set->pair(i);
    const auto found = set->find(pair.digest);
    if (sound) require(std::find(found.begin(), found.end(), pair.entry) != found.end());
    std::span<const uint32_t> again;
    set->find(std::span(&pair.digest, 1), std::span(&again, 1));
    require(again.data() == found.data() && again.size() == found.size());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const size_t pairs = data[1];
  const std::span input(data + 2, size - 2);
  switch (data[0] % 3) {
    case 0:
      look_up<Md5>(input, pairs);
      break;
    case 1:
      look_up<Sha1>(input, pairs);
      break;
    default:
      look_up<Sha256>(input, pairs);
      break;
  }
  return 0;
}

// An index viewed over any bytes: a search stays inside of them, and finds what a plain loop finds
// where check_postings() calls them sound. The first byte says what is put to them:
//   even  the rest is the layout
//   odd   the rest is damage: {u16 place, u8 xor} each, done to a sound layout of some rows

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "safelight/index/aligned_bytes.h"
#include "safelight/index/internal/fingerprint_sets.h"
#include "safelight/index/multi_index.h"

namespace {

using namespace safelight;

void require(bool holds) {
  if (!holds) std::abort();
}

/// Small enough that a damaged directory, which can name every row in every block, costs little.
constexpr size_t kMaxLayoutBytes = 64 * 1024;

void look_at(std::span<const std::byte> layout) {
  const auto index = MultiIndex::view(layout);
  if (!index) return;
  const bool sound = index->check_postings().has_value();
  std::vector<Fingerprint> queries(2);
  for (size_t row = 0; row < std::min<size_t>(index->size(), 3); ++row) {
    queries.push_back(index->fingerprint(row));
  }
  Matches found;
  for (const uint32_t radius : {0u, 5u, index->radius_bits(), 256u}) {
    index->search(queries, {radius, 50}, found);
    require(found.first.size() == queries.size() + 1 && found.cut.size() == queries.size());
    for (const Match& match : found.matches) {
      require(match.entry < index->size());
      require(match.distance_bits <= radius);
      require(hamming_distance(index->fingerprint(match.entry), queries[match.query]) ==
              match.distance_bits);
    }
    if (!sound) continue;
    for (size_t query = 0; query < queries.size(); ++query) {
      uint64_t wanted = 0;
      for (size_t row = 0; row < index->size(); ++row) {
        if (hamming_distance(index->fingerprint(row), queries[query]) <= radius) ++wanted;
      }
      require(found.of(query).size() + found.cut[query] == wanted);
    }
  }
}

AlignedBytes copied(std::span<const std::byte> bytes) {
  // Just as long, so that a sanitizer sees the first byte beyond it.
  AlignedBytes copy(bytes.size());
  std::copy(bytes.begin(), bytes.end(), copy.bytes().begin());
  return copy;
}

/// The sum that goes with a damaged header, so that the fields behind it are reached.
void mend_header_sum(std::span<std::byte> layout) {
  const size_t header_bytes = (64 + std::to_integer<size_t>(layout[12]) * 72 + 63) / 64 * 64;
  if (header_bytes > layout.size()) return;
  uint64_t sum = 0xcbf2'9ce4'8422'2325;
  for (size_t i = 0; i < header_bytes; ++i) {
    const uint64_t byte = i >= 40 && i < 48 ? 0 : std::to_integer<uint64_t>(layout[i]);
    sum = (sum ^ byte) * 0x100'0000'01b3;
  }
  for (size_t i = 0; i < 8; ++i) layout[40 + i] = static_cast<std::byte>(sum >> (8 * i));
}

const std::vector<MultiIndex>& sound_indexes() {
  static const std::vector<MultiIndex> indexes = [] {
    index_internal::Random random(1);
    std::vector<MultiIndex> made;
    for (const size_t rows : {1, 9, 100}) {
      made.push_back(MultiIndex::build(index_internal::clustered_fingerprints(rows, random)));
    }
    // All in few blocks, one of them heavy.
    made.push_back(MultiIndex::build(std::vector<Fingerprint>(1100), {3, 1, {}}));
    return made;
  }();
  return indexes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0 || size > kMaxLayoutBytes) return 0;
  const std::span input(data + 1, size - 1);
  if (data[0] % 2 == 0) {
    AlignedBytes layout = copied(std::as_bytes(input));
    if (layout.bytes().size() >= 64) mend_header_sum(layout.bytes());
    look_at(layout.bytes());
    return 0;
  }
  const auto& indexes = sound_indexes();
  AlignedBytes layout = copied(indexes[data[0] / 2 % indexes.size()].bytes());
  for (size_t i = 0; i + 3 <= input.size(); i += 3) {
    // The header is as likely as all that follows.
    size_t place = input[i] | size_t{input[i + 1]} << 8;
    place = (place & 0x8000) != 0 ? place % 1024 : place * 7;
    layout.bytes()[place % layout.bytes().size()] ^= std::byte{input[i + 2]};
  }
  mend_header_sum(layout.bytes());
  look_at(layout.bytes());
  return 0;
}

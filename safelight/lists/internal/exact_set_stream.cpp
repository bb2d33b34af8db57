#include "safelight/lists/internal/exact_set_stream.h"

#include <algorithm>
#include <bit>

namespace safelight::lists {
namespace {

constexpr int kMaxDirectoryBits = 28;

uint64_t round_up(uint64_t bytes) { return (bytes + 63) / 64 * 64; }

}  // namespace

template <typename D>
void stream_exact_set(const SpoolFile& pairs, uint64_t count, const SectionOutput& out) {
  static_assert(ExactSet<D>::kLayoutVersion == 2);
  using Pair = typename ExactSet<D>::Pair;
  if (count == 0) return;
  const int bits = std::min(static_cast<int>(std::bit_width(count >> 3)), kMaxDirectoryBits);
  const uint64_t buckets = uint64_t{1} << bits;
  const uint64_t digests_offset = round_up((buckets + 1) * sizeof(uint32_t));
  // The bytes of a digest that its bucket implies are not stored.
  const auto implied_bytes = static_cast<size_t>(bits) / 8;
  const uint64_t entries_offset = digests_offset + round_up(count * (D::kSize - implied_bytes));

  SectionStream directory(out, 0);
  SectionStream digests(out, digests_offset);
  SectionStream entries(out, entries_offset);
  const auto append = [](SectionStream& stream, uint32_t value) {
    stream.append(std::as_bytes(std::span(&value, 1)));
  };
  SpoolReader<Pair> reader(pairs, 0, count);
  uint64_t bucket = 0;
  for (uint32_t i = 0; !reader.at_end(); ++i) {
    const Pair pair = reader.next();
    const auto& bytes = pair.digest.bytes;
    const uint32_t word = static_cast<uint32_t>(bytes[0]) << 24 |
                          static_cast<uint32_t>(bytes[1]) << 16 |
                          static_cast<uint32_t>(bytes[2]) << 8 | bytes[3];
    const uint64_t own_bucket = static_cast<uint64_t>(word) >> (32 - bits);
    for (; bucket <= own_bucket; ++bucket) append(directory, i);
    digests.append(std::as_bytes(std::span(bytes).subspan(implied_bytes)));
    append(entries, pair.entry);
  }
  for (; bucket <= buckets; ++bucket) append(directory, static_cast<uint32_t>(count));
  directory.flush();
  digests.flush();
  entries.flush();
}

template void stream_exact_set<Md5>(const SpoolFile&, uint64_t, const SectionOutput&);
template void stream_exact_set<Sha1>(const SpoolFile&, uint64_t, const SectionOutput&);
template void stream_exact_set<Sha256>(const SpoolFile&, uint64_t, const SectionOutput&);

}  // namespace safelight::lists

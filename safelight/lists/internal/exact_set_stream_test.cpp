#include "safelight/lists/internal/exact_set_stream.h"

#include <gtest/gtest.h>
#include <random>

#include "safelight/lists/internal/memory_file.h"
#include "safelight/lists/internal/scratch_folder.h"

namespace safelight::lists {
namespace {

template <typename D>
void expect_same_layout(uint64_t count, uint64_t seed) {
  using Pair = typename ExactSet<D>::Pair;
  const ScratchFolder folder;
  std::mt19937_64 random(seed);
  std::vector<Pair> pairs(count);
  for (Pair& pair : pairs) {
    for (uint8_t& byte : pair.digest.bytes) byte = static_cast<uint8_t>(random());
    // Some share a digest, and some buckets stay empty.
    if (random() % 4 == 0) pair.digest = pairs.front().digest;
    pair.entry = static_cast<uint32_t>(random());
  }
  ExactSet<D>::sort_and_unique(pairs);
  std::vector<std::byte> wanted(ExactSet<D>::layout_bytes(pairs.size()));
  ExactSet<D>::write_layout(pairs, wanted);

  SpoolFile spool = SpoolFile::create({folder.path(), nullptr});
  for (const Pair& pair : pairs) spool.append_value(pair);
  spool.flush();
  const FileSource file = memory_file(std::string(wanted.size(), '\0'));
  stream_exact_set<D>(spool, pairs.size(), SectionOutput(file.descriptor(), {0, wanted.size()}));
  std::vector<std::byte> streamed(wanted.size());
  ASSERT_EQ(*file.read_at(0, streamed), wanted.size());
  EXPECT_EQ(streamed, wanted) << count;
}

TEST(ExactSetStream, WritesWhatTheIndexItselfWrites) {
  for (const uint64_t count : {0u, 1u, 2u, 7u, 8u, 9u, 64u, 1'000u, 30'000u}) {
    expect_same_layout<Md5>(count, count);
    expect_same_layout<Sha1>(count, count + 1);
    expect_same_layout<Sha256>(count, count + 2);
  }
}

}  // namespace
}  // namespace safelight::lists

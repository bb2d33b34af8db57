// Seconds and memory to group items whose fingerprints are hub-heavy: 60 % alone, 20 % in clusters
// of near-duplicates, 10 % equal copies, 10 % in one crowd that is all alike. Arguments: items and
// threads. `extend` adds a hundredth to what is grouped already.

#include <benchmark/benchmark.h>
#include <random>
#include <sys/resource.h>
#include <vector>

#include "safelight/triage/groups.h"

namespace safelight::triage {
namespace {

std::vector<Fingerprint> make_prints(size_t count) {
  std::mt19937_64 random(20);
  const auto uniform = [&] { return Fingerprint{{random(), random(), random(), random()}}; };
  const auto near = [&](Fingerprint fingerprint, uint64_t flips) {
    for (; flips > 0; --flips) {
      const uint64_t bit = random() % 256;
      fingerprint.words[bit / 64] ^= uint64_t{1} << (bit % 64);
    }
    return fingerprint;
  };
  const Fingerprint crowd = uniform();
  Fingerprint centre = uniform();
  std::vector<Fingerprint> prints(count);
  for (Fingerprint& fingerprint : prints) {
    const uint64_t kind = random() % 10;
    fingerprint = centre;
    if (kind < 6) {
      fingerprint = uniform();
    } else if (kind < 8) {
      if (random() % 8 == 0) centre = uniform();
      fingerprint = near(centre, random() % 16);
    } else if (kind < 9) {
      fingerprint = near(crowd, 15);
    }
  }
  return prints;
}

/// The first `seen` of them took part before.
GroupInput make_input(const std::vector<Fingerprint>& prints, size_t count, size_t seen) {
  GroupInput input;
  for (size_t i = 0; i < count; ++i) {
    Sha256 digest;
    for (size_t byte = 0; byte < 8; ++byte) {
      digest.bytes[byte] = static_cast<uint8_t>(i >> (8 * byte));
    }
    const PdqHash hash{prints[i], PdqMode::reference, 100};
    input.add(digest, {&hash, 1}, i < seen ? GroupInput::Seen::yes : GroupInput::Seen::no);
  }
  return input;
}

double peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

void check(benchmark::State& state, const Groups& groups) {
  for (const Group& one : groups.near) {
    for (const GroupMember& member : one.members) {
      if (member.distance_bits > kDefaultRadiusBits) state.SkipWithError("a member is too far");
    }
  }
  state.counters["near_groups"] = static_cast<double>(groups.near.size());
}

void group(benchmark::State& state) {
  const auto count = static_cast<size_t>(state.range(0));
  const auto prints = make_prints(count);
  GroupOptions options;
  options.threads = static_cast<uint32_t>(state.range(1));
  const double before = peak_megabytes();
  Groups groups;
  for (auto _ : state) groups = find_groups(make_input(prints, count, 0), options);
  check(state, groups);
  state.counters["added_MB"] = peak_megabytes() - before;
}

void extend(benchmark::State& state) {
  const auto count = static_cast<size_t>(state.range(0));
  const auto prints = make_prints(count + count / 100);
  GroupOptions options;
  options.threads = static_cast<uint32_t>(state.range(1));
  const Groups before = find_groups(make_input(prints, count, 0), options);
  Groups groups;
  for (auto _ : state) {
    groups = find_groups(make_input(prints, prints.size(), count), options, before.near);
  }
  check(state, groups);
}

BENCHMARK(group)
    ->UseRealTime()
    ->Unit(benchmark::kSecond)
    ->Iterations(1)
    ->Args({100'000, 1})
    ->Args({1'000'000, 2})
    ->Args({5'000'000, 2});
BENCHMARK(extend)->UseRealTime()->Unit(benchmark::kSecond)->Iterations(1)->Args({1'000'000, 2});

}  // namespace
}  // namespace safelight::triage

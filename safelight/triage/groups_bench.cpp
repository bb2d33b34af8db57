// CPU seconds to group items whose fingerprints are hub-heavy: 60 % alone, 20 % in clusters of
// near-duplicates, 10 % equal copies, 10 % in one crowd that is all alike. Argument: items.

#include <benchmark/benchmark.h>
#include <ctime>
#include <random>
#include <sys/resource.h>
#include <vector>

#include "safelight/triage/groups.h"

namespace safelight::triage {
namespace {

std::vector<GroupItem> make_items(size_t count) {
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
  std::vector<GroupItem> items(count);
  for (size_t i = 0; i < count; ++i) {
    const uint64_t kind = random() % 10;
    Fingerprint fingerprint = centre;
    if (kind < 6) {
      fingerprint = uniform();
    } else if (kind < 8) {
      if (random() % 8 == 0) centre = uniform();
      fingerprint = near(centre, random() % 16);
    } else if (kind < 9) {
      fingerprint = near(crowd, 15);
    }
    for (size_t byte = 0; byte < 8; ++byte) {
      items[i].item.value.bytes[byte] = static_cast<uint8_t>(i >> (8 * byte));
    }
    items[i].sha256 = items[i].item.value;
    items[i].fingerprints = {{fingerprint, PdqMode::reference, 100}};
  }
  return items;
}

double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

void group(benchmark::State& state) {
  const auto items = make_items(static_cast<size_t>(state.range(0)));
  const double before = peak_megabytes();
  Groups groups;
  for (auto _ : state) {
    const double begin = thread_seconds();
    groups = find_groups(items, {});
    state.SetIterationTime(thread_seconds() - begin);
  }
  for (const Group& one : groups.near) {
    for (const GroupMember& member : one.members) {
      if (member.distance_bits > kDefaultRadiusBits) state.SkipWithError("a member is too far");
    }
  }
  state.counters["near_groups"] = static_cast<double>(groups.near.size());
  state.counters["added_MB"] = peak_megabytes() - before;
}

BENCHMARK(group)
    ->UseManualTime()
    ->Unit(benchmark::kSecond)
    ->Iterations(1)
    ->Arg(100'000)
    ->Arg(1'000'000);

}  // namespace
}  // namespace safelight::triage

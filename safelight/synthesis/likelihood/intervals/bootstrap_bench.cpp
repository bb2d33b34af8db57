// Replicates a second of the cluster bootstrap of Cllr_min and of all figures that need an order of
// the scores. Arguments: rows, half of each class, 25 sources a class; threads. That threads change
// nothing in the result is checked first.

#include <benchmark/benchmark.h>

#include "safelight/synthesis/likelihood/intervals/bootstrap.h"
#include "safelight/synthesis/likelihood/measures/cllr.h"
#include "safelight/synthesis/likelihood/measures/discrimination.h"
#include "safelight/synthesis/likelihood/normal_for_test.h"

namespace safelight::synthesis {
namespace {

struct Set {
  std::vector<double> values;
  std::vector<Proposition> labels;
  std::vector<size_t> sources;
};

Set set_of(size_t rows) {
  Random random(1);
  Set set{normal_values(rows, 0, random), {}, {}};
  for (size_t row = 0; row < rows; ++row) {
    const bool camera = row % 2 == 0;
    if (camera) set.values[row] += 1;
    set.labels.push_back(camera ? Proposition::camera : Proposition::generated);
    set.sources.push_back(row / 2 % 25);
  }
  return set;
}

void run(benchmark::State& state, const Set& set, const Statistics& statistics) {
  const SourcedRows rows{set.labels, set.sources};
  const auto threads = static_cast<size_t>(state.range(1));
  const auto alone = bootstrap_intervals(rows, statistics, {.replicates = 50});
  const auto shared = bootstrap_intervals(rows, statistics, {.replicates = 50, .threads = threads});
  if (alone.front().interval != shared.front().interval) {
    state.SkipWithError("threads change the result");
  }
  constexpr size_t kReplicates = 1000;
  for (auto _ : state) {
    const BootstrapOptions options{.replicates = kReplicates, .threads = threads};
    benchmark::DoNotOptimize(bootstrap_intervals(rows, statistics, options));
  }
  state.counters["replicates"] = benchmark::Counter(
      static_cast<double>(state.iterations() * kReplicates), benchmark::Counter::kIsRate);
}

void cllr_min_alone(benchmark::State& state) {
  const Set set = set_of(static_cast<size_t>(state.range(0)));
  run(state, set, [&](std::span<const size_t> rows) {
    return std::vector<double>{cllr_min(by_class(set.values, set.labels, rows))};
  });
}

void five_figures(benchmark::State& state) {
  const Set set = set_of(static_cast<size_t>(state.range(0)));
  run(state, set, [&](std::span<const size_t> rows) {
    const TwoClassValues values = by_class(set.values, set.labels, rows);
    return std::vector<double>{cllr_min(values), cllr(values), auc(values),
                               true_positive_rate_at(values, 0.01),
                               true_positive_rate_at(values, 0.05)};
  });
}

BENCHMARK(cllr_min_alone)->Args({1000, 1})->Args({1000, 2})->Args({10'000, 1})->UseRealTime();
BENCHMARK(five_figures)->Args({1000, 1})->Args({1000, 2})->UseRealTime();

}  // namespace
}  // namespace safelight::synthesis

// Time of one fit. Arguments: rows, features. That the model that drew the labels is found is
// checked first.

#include <benchmark/benchmark.h>
#include <cmath>

#include "safelight/synthesis/likelihood/fit/logistic_regression.h"
#include "safelight/synthesis/likelihood/normal_for_test.h"

namespace safelight::synthesis {
namespace {

void fit(benchmark::State& state) {
  const auto rows = static_cast<size_t>(state.range(0));
  const auto feature_count = static_cast<size_t>(state.range(1));
  Random random(1);
  const std::vector<double> features = normal_values(rows * feature_count, 0, random);
  std::vector<Proposition> labels;
  for (size_t row = 0; row < rows; ++row) {
    const double odds = std::exp(features[row * feature_count]);
    labels.push_back(random.unit() * (1 + odds) < odds ? Proposition::generated
                                                       : Proposition::camera);
  }
  const LabelledRows labelled{features, feature_count, labels, {}};
  const auto model = fit_logistic(labelled, {});
  if (!model || std::abs(model->coefficients[0] - 1) > 10 / std::sqrt(static_cast<double>(rows))) {
    state.SkipWithError("another model than the one that drew the labels");
  }
  for (auto _ : state) benchmark::DoNotOptimize(fit_logistic(labelled, {}));
}

BENCHMARK(fit)
    ->Args({1000, 1})
    ->Args({1000, 25})
    ->Args({100'000, 60})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace safelight::synthesis

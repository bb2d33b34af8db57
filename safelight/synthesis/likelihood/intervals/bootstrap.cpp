#include "safelight/synthesis/likelihood/intervals/bootstrap.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "safelight/base/share_work.h"
#include "safelight/synthesis/likelihood/random.h"

namespace safelight::synthesis {
namespace {

/// The rows of each source of a class, by the source's number.
using Sources = std::vector<std::vector<size_t>>;

std::array<Sources, 2> sources_by_class(const SourcedRows& rows) {
  std::array<std::map<size_t, std::vector<size_t>>, 2> found;
  for (size_t row = 0; row < rows.labels.size(); ++row) {
    found.at(static_cast<size_t>(rows.labels[row]))[rows.sources[row]].push_back(row);
  }
  std::array<Sources, 2> out;
  for (size_t i = 0; i < out.size(); ++i) {
    for (auto& [source, of_source] : found.at(i)) out.at(i).push_back(std::move(of_source));
  }
  return out;
}

void resample(const std::array<Sources, 2>& classes, Random random, std::vector<size_t>& rows) {
  rows.clear();
  for (const Sources& sources : classes) {
    for (size_t drawn = 0; drawn < sources.size(); ++drawn) {
      const auto& source = sources[random.below(sources.size())];
      rows.insert(rows.end(), source.begin(), source.end());
    }
  }
}

/// With straight lines between the ordered values (Hyndman and Fan 1996, definition 7).
double quantile(std::span<const double> sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(place);
  const double along = place - static_cast<double>(below);
  // Not computed where it is not needed: infinite values have no differences.
  if (along == 0 || sorted[below] == sorted[below + 1]) return sorted[below];
  return sorted[below] + along * (sorted[below + 1] - sorted[below]);
}

}  // namespace

std::vector<BootstrapInterval> bootstrap_intervals(const SourcedRows& rows,
                                                   const Statistics& statistics,
                                                   const BootstrapOptions& options) {
  assert(rows.labels.size() == rows.sources.size());
  assert(options.threads > 0 && options.confidence > 0 && options.confidence < 1);
  std::vector<size_t> all_rows(rows.labels.size());
  std::iota(all_rows.begin(), all_rows.end(), size_t{0});
  const std::vector<double> estimates = statistics(all_rows);

  const auto classes = sources_by_class(rows);
  std::vector<std::vector<double>> replicates(options.replicates);
  share_work(options.replicates, options.threads, [&](const auto& next) {
    std::vector<size_t> resampled;
    while (const auto replicate = next()) {
      resample(classes, Random(options.seed, *replicate), resampled);
      replicates[*replicate] = statistics(resampled);
      assert(replicates[*replicate].size() == estimates.size());
    }
  });

  std::vector<BootstrapInterval> out;
  std::vector<double> values;
  for (size_t figure = 0; figure < estimates.size(); ++figure) {
    values.clear();
    for (const auto& replicate : replicates) {
      if (!std::isnan(replicate[figure])) values.push_back(replicate[figure]);
    }
    BootstrapInterval interval{estimates[figure], {}, options.replicates - values.size()};
    if (values.empty()) {
      constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
      interval.interval = {kNan, kNan};
    } else {
      std::ranges::sort(values);
      const double outside = (1 - options.confidence) / 2;
      interval.interval = {quantile(values, outside), quantile(values, 1 - outside)};
    }
    out.push_back(interval);
  }
  return out;
}

BootstrapInterval bootstrap_interval(const SourcedRows& rows, const Statistic& statistic,
                                     const BootstrapOptions& options) {
  const auto one = [&](std::span<const size_t> of_rows) {
    return std::vector<double>{statistic(of_rows)};
  };
  return bootstrap_intervals(rows, one, options).front();
}

}  // namespace safelight::synthesis

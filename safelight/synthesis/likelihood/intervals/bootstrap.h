#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "safelight/synthesis/likelihood/intervals/interval.h"
#include "safelight/synthesis/likelihood/proposition.h"

namespace safelight::synthesis {

/// Rows of measured pictures, as far as resampling needs them.
struct SourcedRows {
  std::span<const Proposition> labels;  ///< One a row.
  /// One a row: rows of one number and one label come from one source (a camera, a generator, a
  /// photographer), and stay together.
  std::span<const size_t> sources;
};

struct BootstrapOptions {
  size_t replicates = 2000;
  uint64_t seed = 1;
  size_t threads = 1;  ///< At least 1. Changes nothing in the result.
  double confidence = kConfidence;
};

struct BootstrapInterval {
  double estimate = 0;   ///< Of the rows themselves.
  Interval interval;     ///< NaN if no replicate gave a number.
  size_t undefined = 0;  ///< Replicates that gave NaN, and are left out.
};

/// Any number of figures of the rows given, each as often as it is given; always as many figures,
/// in one order. Called from all threads at once.
using Statistics = std::function<std::vector<double>(std::span<const size_t> rows)>;
using Statistic = std::function<double(std::span<const size_t> rows)>;

/// Percentile intervals by the cluster bootstrap (Davison and Hinkley, Bootstrap Methods and their
/// Application, 1997, section 3.8; Field and Welsh, Journal of the Royal Statistical Society B 69,
/// 2007): each replicate draws, from each class, as many of its sources as it has, with
/// replacement, and takes all of their rows. Pictures of one source are alike: an interval over
/// rows would be too narrow. So is this one where a class has few sources; with one source the
/// class does not vary at all. The result depends on rows, seed and replicates alone.
[[nodiscard]] std::vector<BootstrapInterval> bootstrap_intervals(const SourcedRows& rows,
                                                                 const Statistics& statistics,
                                                                 const BootstrapOptions& options);

/// The same of one figure.
[[nodiscard]] BootstrapInterval bootstrap_interval(const SourcedRows& rows,
                                                   const Statistic& statistic,
                                                   const BootstrapOptions& options);

}  // namespace safelight::synthesis

#pragma once

#include <span>
#include <vector>

namespace safelight::traces {

/// Magnitudes of the Fourier transform of `signal`, whose mean is removed and which is windowed
/// (Hann) and padded to a power of two: size / 2 + 1 values from frequency 0 to one half.
std::vector<double> magnitudes(std::span<const double> signal);

/// `signal` less the mean of the `2 * reach + 1` values around each.
std::vector<double> without_trend(std::span<const double> signal, size_t reach);

/// The median of `values`; 0 of none.
double median(std::vector<double> values);

}  // namespace safelight::traces

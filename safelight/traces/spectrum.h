#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace safelight::traces {

/// The Fourier transform, along the columns and in place, of a plane of `rows` rows (a power of
/// two) of `columns` complex values, whose parts stand in `real` and `imaginary` row after row.
void fourier_of_columns(std::span<double> real, std::span<double> imaginary, size_t rows,
                        size_t columns);

/// Magnitudes of the Fourier transform of `signal`, whose mean is removed and which is windowed
/// (Hann) and padded to a power of two: size / 2 + 1 values from frequency 0 to one half.
std::vector<double> magnitudes(std::span<const double> signal);

/// `signal` less the mean of the `2 * reach + 1` values around each.
std::vector<double> without_trend(std::span<const double> signal, size_t reach);

/// The median of `values`; 0 of none.
double median(std::vector<double> values);

}  // namespace safelight::traces

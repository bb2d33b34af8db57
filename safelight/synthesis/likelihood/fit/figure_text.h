#pragma once

#include <string>

namespace safelight::synthesis {

/// How a file holds a coefficient of a model: 13 significant digits, such as
/// "2.500000000000e-01". `value` is finite, as everywhere here.
std::string coefficient_text(double value);
/// And a bound of a log10 LR: to a millionth, such as "-1.620000".
std::string bound_text(double value);

/// The number that is read back.
double as_coefficient(double value);
double as_bound(double value);

}  // namespace safelight::synthesis

#pragma once

#include <string>
#include <string_view>

#include "safelight/synthesis/likelihood/intervals/bootstrap.h"
#include "safelight/synthesis/likelihood/proportion.h"

/// Figures as the page shows them, as HTML.
namespace safelight::synthesis {

/// To 3 decimals; a dash for NaN, which the page's legend explains.
[[nodiscard]] std::string shown(double figure);
/// With its interval in a line of its own.
[[nodiscard]] std::string shown(const BootstrapInterval& figure);
/// A share with Wilson's interval.
[[nodiscard]] std::string shown(const Proportion& proportion);
/// Within a sentence: "0.912 (0.871 to 0.948)".
[[nodiscard]] std::string in_a_sentence(const BootstrapInterval& figure);
/// The name of a condition, which a line may break after each underscore.
[[nodiscard]] std::string shown_condition(std::string_view name);
/// Such as "1 picture", "2 pictures".
[[nodiscard]] std::string counted(size_t number, std::string_view one, std::string_view many);

}  // namespace safelight::synthesis

#pragma once

#include "safelight/synthesis/likelihood/proposition.h"

/// What log10 LRs cost whoever decides by them. Each measure is NaN where a class is empty or a
/// value NaN.
namespace safelight::synthesis {

/// The log-likelihood-ratio cost (Brümmer and du Preez, Application-independent evaluation of
/// speaker detection, Computer Speech and Language 20, 2006): 1/2 (mean log2(1 + 1/LR) under H1 +
/// mean log2(1 + LR) under H2). 0 is perfect, 1 is what ratios of 1 cost; over 1 it were better to
/// say nothing. Infinite where an infinite ratio misleads.
[[nodiscard]] double cllr(const TwoClasses& log10_lr);

/// The empirical cross-entropy (Ramos, Gonzalez-Rodriguez, Zadora and Aitken, Journal of Forensic
/// Sciences 58, 2013; not the expected calibration error) in bits, for a prior probability of H1
/// between 0 and 1, both excluded. At 1/2 it is the Cllr.
[[nodiscard]] double empirical_cross_entropy(const TwoClasses& log10_lr, double prior);

/// The Cllr after the best non-decreasing change of the ratios (pav.h): what the order of the
/// values is worth. Takes any values of which larger ones support H1. At most 1.
[[nodiscard]] double cllr_min(const TwoClasses& values);

/// What calibration would save: the Cllr less the Cllr_min, never under 0.
[[nodiscard]] double cllr_cal(const TwoClasses& log10_lr);

}  // namespace safelight::synthesis

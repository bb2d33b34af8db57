#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "safelight/base/result.h"
#include "safelight/synthesis/calibration/calibration.h"

namespace safelight::synthesis {

inline constexpr size_t kMaxCalibrationBytes = 8u << 20;
inline constexpr size_t kMaxNameBytes = 256;
inline constexpr uint64_t kMaxPictures = 1'000'000'000;
inline constexpr double kMaxCllr = 1000;
inline constexpr double kMaxCoefficient = 1e12;

/// Reads a calibration. Every member must be there, and no other. Errors: truncated or malformed
/// ("calibration.json") at the byte; truncated ("calibration.end") without the last line's end;
/// unsupported ("calibration.version"); limit_exceeded ("calibration.max-bytes",
/// "calibration.max-depth"); without an offset malformed, "calibration.members" for a member that
/// is missing, unknown or there twice, and "calibration.WHAT" for a value that is of another type
/// or out of range. Source: docs/formats/calibration.md.
Result<Calibration> read_calibration(std::span<const std::byte> bytes);

/// The bytes that read_calibration() reads: the same for the same calibration, and again for what
/// is read from them. Figures are rounded to 6 digits behind the point, coefficients to 13 digits.
/// Every value must keep to the rules of the format: whoever makes a calibration holds what he
/// wrote against the reader.
std::string write_calibration(const Calibration& calibration);

}  // namespace safelight::synthesis

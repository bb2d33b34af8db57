#include <cmath>
#include <cstdlib>

#include "safelight/synthesis/calibration/calibration_file.h"
#include "safelight/synthesis/calibration/gate.h"

/// What is read is written so that it is read again, to the same bytes; and the gate can be asked.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace safelight::synthesis;
  const auto read = read_calibration(std::as_bytes(std::span(data, size)));
  if (!read) {
    if (read.error().offset_bytes > size) std::abort();
    return 0;
  }
  const std::string text = write_calibration(*read);
  const auto again = read_calibration(std::as_bytes(std::span(text)));
  if (!again || write_calibration(*again) != text) std::abort();
  static_cast<void>(gate(*read, read->made));
  for (const StratumCalibration& stratum : read->strata) {
    const double ratio = stratum.calibration.log10_lr(1);
    if (!std::isfinite(ratio) || read->find(stratum.stratum) != &stratum) std::abort();
  }
  return 0;
}

#pragma once

#include "safelight/synthesis/calibration/calibration.h"

/// What the tests of this module share.
namespace safelight::synthesis {

inline Sha256 digest_for_test(uint8_t byte) {
  Sha256 digest;
  digest.bytes.fill(byte);
  return digest;
}

inline constexpr Stratum kLargeLight = {SizeBand::large, CompressionBand::light};
inline constexpr Stratum kSmallStrong = {SizeBand::small, CompressionBand::strong};

/// An invented calibration that the gate lets through on its day, of two strata: small and strong
/// has too few references. All figures have few digits, so that a file holds them as they are.
inline Calibration calibration_for_test() {
  Calibration out;
  out.detector = {"built-in <cues>", digest_for_test(0x11), digest_for_test(0x22)};
  out.manifest = digest_for_test(0x33);
  out.made = *date_from_text("2026-11-29");
  out.expires = days_after(out.made, kValidDays);
  out.references = {{568, 12}, {514, 9}};
  out.confound_auc = 0.738;
  out.confounded = true;
  out.equalised = HeldOutCost{0.72, {0.61, 0.85}};
  out.clean = HeldOutCost{0.65, {0.52, 0.8}};
  out.abstention = AbstentionRange{-0.75, 0.5};
  out.population.sources = {{"lab-2026", 514}, {"unit-phones", 568}};
  out.population.generators = {{"model-x", 300}, {"model-y", 214}};
  out.population.camera_makers = {{"Canon", 120}, {"Samsung", 448}};
  out.strata = {{kSmallStrong, {{49, 8}, {60, 6}}, {{0.25, -0.5}, {-0.9, 1.1}}, 0.91, {"jpeg_40"}},
                {kLargeLight, {{380, 10}, {290, 7}}, {{0.25, -1.5}, {-1.62, 1.78}}, 0.64, {}}};
  return out;
}

/// The same for the detectors of digests 0x41 and 0x42, weighed together.
inline Calibration fused_calibration_for_test() {
  Calibration out = calibration_for_test();
  out.fusion = Fusion{
      {{{"first", digest_for_test(0x41), digest_for_test(0x51)}, {{0.5, -2}, {-1.5, 1.5}}, 0.75},
       {{"second", digest_for_test(0x42), digest_for_test(0x52)},
        {{0.25, -1}, {-1.25, 1.75}},
        0.5}},
      0.125};
  out.detector = out.fusion->identity();
  return out;
}

}  // namespace safelight::synthesis

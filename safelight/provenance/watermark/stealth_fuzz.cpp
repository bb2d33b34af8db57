#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "safelight/provenance/watermark/stealth.h"
#include "safelight/provenance/watermark/stealth_encode_for_test.h"

using namespace safelight::provenance;

/// Any bytes behind any name, hidden in a canvas: what comes out is what went in, or an error with
/// a rule; never more than the limits.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 3) return 0;
  constexpr StealthLimits kLimits = {.max_stored_bytes = 2'000, .max_expanded_bytes = 20'000};
  constexpr std::string_view kNames[] = {"stealth_pnginfo", "stealth_pngcomp", "stealth_rgbinfo",
                                         "stealth_rgbcomp"};
  const size_t variant = data[0] % 4;
  const auto carrier = variant < 2 ? StealthCarrier::alpha : StealthCarrier::rgb;
  const auto pixels = variant < 2 || data[1] % 2 == 0 ? StealthPixels::rgba : StealthPixels::rgb;
  const uint32_t height = 1 + data[2];
  const uint32_t width = 4 + 16'000 / height;
  std::string_view rest(reinterpret_cast<const char*>(data) + 3, size - 3);
  std::vector<uint8_t> samples(size_t{width} * height * static_cast<size_t>(pixels));
  // Half of the inputs say a length of their own.
  const bool own_length = data[1] < 128;
  const std::string bytes =
      own_length ? std::string(kNames[variant]).append(rest) : stealth_bytes(kNames[variant], rest);
  hide(bytes, carrier, width, height, pixels, samples);
  StealthReader reader(width, height, pixels, kLimits);
  reader.rows(samples);
  const auto result = reader.finish();
  if (!result) {
    if (result.error().rule.empty()) std::abort();
    return 0;
  }
  if (!*result) return 0;
  const auto& text = **result;
  if (text.carrier != carrier || text.compressed != (variant % 2 == 1)) std::abort();
  const uint64_t most = text.compressed ? kLimits.max_expanded_bytes : kLimits.max_stored_bytes;
  if (text.text.size() > most) std::abort();
  if (!own_length && !text.compressed) {
    const std::span<const std::byte> expected = std::as_bytes(std::span(rest));
    if (!std::equal(text.text.begin(), text.text.end(), expected.begin(), expected.end())) {
      std::abort();
    }
  }
  return 0;
}

#include <cstdlib>

#include "safelight/metadata/read_metadata.h"
#include "safelight/provenance/c2pa/findings.h"
#include "safelight/provenance/c2pa/validate.h"

/// The whole store: as a store beside a file, and embedded where the input is a file itself.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace c2pa = safelight::c2pa;
  const auto bytes = std::as_bytes(std::span(data, size));
  c2pa::Options options;
  options.clock_s = 1'795'392'000;
  const auto check = [](const c2pa::Report& report) {
    // No list was given, so that nobody can be trusted.
    if (report.state == c2pa::State::trusted) std::abort();
    if (report.binding.fits == c2pa::Answer::yes && report.binding.hash_fits != c2pa::Answer::yes) {
      std::abort();
    }
    (void)c2pa::findings_of(report);
  };
  const c2pa::Container container = c2pa::container_of(bytes);
  if (container != c2pa::Container::none) {
    const auto report = c2pa::validate({bytes, container}, options);
    if (report) check(*report);
    // Whoever asks only of files that say so misses no store.
    if (report && report->place == c2pa::StorePlace::embedded &&
        !safelight::metadata::read_metadata(bytes, {}).content_credentials) {
      std::abort();
    }
    return 0;
  }
  options.detached_store = bytes;
  const auto report = c2pa::validate({{}, c2pa::Container::none}, options);
  if (report) check(*report);
  return 0;
}

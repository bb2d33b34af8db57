#include <cstdlib>

#include "safelight/provenance/c2pa/crypto/cose_sign1.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace c2pa = safelight::c2pa;
  const auto cose = c2pa::parse_cose_sign1(std::as_bytes(std::span(data, size)), {});
  if (!cose) return 0;
  if (cose->chain.empty() || cose->chain.size() > c2pa::Limits{}.max_certificates) std::abort();
  const auto signer = c2pa::Certificate::from_der(cose->chain.front());
  // Nobody signed these bytes.
  if (signer && c2pa::signature_fits(*cose, *signer, std::as_bytes(std::span("nothing", 7)))) {
    std::abort();
  }
  (void)c2pa::has_cose_form(*cose);
  return 0;
}

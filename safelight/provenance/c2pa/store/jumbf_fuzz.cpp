#include <cstdlib>

#include "safelight/provenance/c2pa/store/jumbf.h"

namespace {

/// Every box lies inside its parent.
void check(const safelight::c2pa::JumbfBox& box) {
  for (const auto& child : box.children) {
    if (child.payload.data() < box.payload.data() ||
        child.payload.data() + child.payload.size() > box.payload.data() + box.payload.size()) {
      std::abort();
    }
    check(child);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  const auto box = safelight::c2pa::parse_jumbf(bytes, {});
  if (box) {
    check(*box);
  } else if (box.error().offset_bytes > size) {
    std::abort();
  }
  return 0;
}

#include <cstdlib>

#include "safelight/provenance/c2pa/store/cbor.h"

namespace {

/// Every item lies inside its parent, and none is counted beyond the limits.
void check(const safelight::c2pa::CborValue& value, std::span<const std::byte> parent,
           uint32_t depth) {
  if (depth > safelight::c2pa::Limits{}.max_cbor_depth) std::abort();
  if (value.raw.data() < parent.data() ||
      value.raw.data() + value.raw.size() > parent.data() + parent.size()) {
    std::abort();
  }
  if (value.kind == safelight::c2pa::CborKind::map && value.items.size() % 2 != 0) std::abort();
  for (const auto& item : value.items) check(item, value.raw, depth + 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  const auto value = safelight::c2pa::decode_cbor(bytes, {});
  if (value) {
    if (value->raw.size() != size) std::abort();
    check(*value, bytes, 0);
  } else if (value.error().offset_bytes > size) {
    std::abort();
  }
  return 0;
}

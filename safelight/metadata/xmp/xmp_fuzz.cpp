#include <cstdint>

#include "safelight/metadata/promises_for_test.h"
#include "safelight/metadata/xmp/xmp.h"

using namespace safelight::metadata;

/// Any bytes: properties stay within the limits, and what a packet says
/// does not depend on zero bytes behind it.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto packet = std::as_bytes(std::span(data, size));
  const MetadataLimits limits{
      .max_xmp_depth = 16, .max_xmp_properties = 64, .max_text_bytes = 4096};
  const Xmp xmp = read_xmp(packet, limits);
  promise(xmp.properties.size() <= 64);
  promise(!xmp.damage || xmp.damage->offset_bytes <= size);
  size_t text_bytes = xmp.toolkit.size();
  for (const XmpProperty& property : xmp.properties) {
    text_bytes += property.ns.size() + property.name.size() + property.path.size() +
                  property.value.size() + property.language.size();
    promise(property.offset_bytes < size);
  }
  promise(text_bytes <= 4096);
  if (!xmp.damage && size % 2 == 0) {
    std::vector<std::byte> padded(packet.begin(), packet.end());
    padded.resize(size + 4);
    const Xmp again = read_xmp(padded, limits);
    promise(!again.damage && again.properties.size() == xmp.properties.size());
  }
  return 0;
}

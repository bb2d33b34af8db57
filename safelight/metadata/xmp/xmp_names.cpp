#include "safelight/metadata/xmp/xmp_names.h"

namespace safelight::metadata {

std::vector<const XmpProperty*> digital_source_types(const Xmp& xmp) {
  std::vector<const XmpProperty*> found;
  for (const XmpProperty& property : xmp.properties) {
    if (property.ns == kIptcExtensionNs && !property.value.empty() &&
        (property.name == kDigitalSourceType.name || property.name == "DigitalSourcefileType" ||
         property.name == "DigitalSourceFileType")) {
      found.push_back(&property);
    }
  }
  return found;
}

}  // namespace safelight::metadata

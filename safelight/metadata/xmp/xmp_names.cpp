#include "safelight/metadata/xmp/xmp_names.h"

#include <algorithm>

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

std::string_view manifest_url(const Xmp& xmp) {
  constexpr size_t kMaxUrlBytes = 2'048;
  constexpr std::string_view kBlanks = " \t\r\n";
  for (const XmpProperty* property : xmp.all(kProvenance)) {
    std::string_view url = property->value;
    url.remove_prefix(std::min(url.find_first_not_of(kBlanks), url.size()));
    url = url.substr(0, url.find_last_not_of(kBlanks) + 1);
    if (!url.empty() && !url.starts_with("self#") && url.size() <= kMaxUrlBytes) return url;
  }
  return {};
}

}  // namespace safelight::metadata

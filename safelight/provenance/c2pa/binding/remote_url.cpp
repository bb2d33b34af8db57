#include <algorithm>

#include "safelight/metadata/xmp/xmp_names.h"
#include "safelight/provenance/c2pa/binding/asset_parts.h"

namespace safelight::c2pa {

std::string remote_url_in(std::string_view xmp) {
  // Most packets name none, and need not be read for that.
  if (xmp.find(metadata::kProvenance.name) == std::string_view::npos) return {};
  // A chunk or box may have fields of its own before the packet.
  const auto packet = std::as_bytes(std::span(xmp.substr(std::min(xmp.find('<'), xmp.size()))));
  return std::string(metadata::manifest_url(metadata::read_xmp(packet, {})));
}

}  // namespace safelight::c2pa

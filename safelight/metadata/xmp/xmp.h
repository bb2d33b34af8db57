#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/metadata/limits.h"

namespace safelight::metadata {

/// Bytes of one local name; real ones have a few dozen.
inline constexpr size_t kMaxXmpNameBytes = 1024;

/// The name of an XMP property.
struct XmpName {
  std::string_view ns;    ///< The URI of its namespace.
  std::string_view name;  ///< Its local name.
};

/// One value of an XMP packet.
struct XmpProperty {
  enum class Form : uint8_t {
    element,    ///< Text of a property element.
    attribute,  ///< An attribute of a description or of a property element.
    resource,   ///< The rdf:resource of a property element.
    item,       ///< An rdf:li of a Bag, Seq or Alt: its text or its rdf:resource.
  };
  /// The URI of the property's namespace; an item has that of its property. Empty where the packet
  /// does not declare the prefix.
  std::string ns;
  std::string name;  ///< Its local name; likewise.
  /// The local names from the packet's own level down to it, such as "History[2]/softwareAgent".
  /// Items count from 1.
  std::string path;
  std::string value;     ///< As XML gives it, in UTF-8.
  std::string language;  ///< Its xml:lang.
  Form form = Form::element;
  uint64_t offset_bytes = 0;  ///< Of its element in the packet.
};

/// What one XMP packet says: a flat list, in the packet's order.
struct Xmp {
  std::string toolkit;  ///< x:xmptk
  std::vector<XmpProperty> properties;
  std::optional<Error> damage;  ///< Why the rest was not read.

  /// All properties of that name, at any depth.
  [[nodiscard]] std::vector<const XmpProperty*> all(XmpName name) const;
  /// The value of the first of them that is not empty.
  [[nodiscard]] std::string_view value(XmpName name) const;
};

/// Reads a packet in UTF-8 or UTF-16. A document type ends the reading: no entities are declared or
/// expanded. Zero bytes and blanks behind the packet are passed over. Damage: malformed (XML that
/// is not well-formed, rule "xmp.xml"; "xmp.document-type"); truncated where it just ends;
/// limit_exceeded (rules "max_packet_bytes", "max_xmp_depth", "max_xmp_name_bytes",
/// "max_xmp_properties", "max_text_bytes"). Source: ISO 16684-1 (XMP part 1) section 7.
Xmp read_xmp(std::span<const std::byte> packet, const MetadataLimits& limits);

}  // namespace safelight::metadata

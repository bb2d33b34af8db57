#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/provenance/c2pa/store/cbor.h"

namespace safelight::c2pa {

/// A reference to a box with the digest of its payload.
struct HashedUri {
  std::string url;
  std::string alg;  ///< "" where the claim's own algorithm holds.
  std::vector<std::byte> hash;
};

/// Nothing where the value is no map with a `url` of text and a `hash` of bytes.
std::optional<HashedUri> hashed_uri_of(const CborValue* value);

/// A JUMBF URI taken apart: `self#jumbf=c2pa.assertions/x` names a box of the manifest that says
/// it, `self#jumbf=/c2pa/MANIFEST/c2pa.assertions/x` one of any manifest.
struct JumbfUri {
  std::string_view manifest;  ///< "" where the URI is relative.
  std::string_view path;      ///< Inside the manifest, such as "c2pa.assertions/c2pa.hash.data".

  /// What stands behind the last slash of the path.
  [[nodiscard]] std::string_view label() const;
};

/// Views into `uri`. Nothing where it is neither form.
std::optional<JumbfUri> parse_jumbf_uri(std::string_view uri);

/// Whether a label is of a form that the specification gives manifests (2.2, section 8.3):
/// `urn:c2pa:ID[:vendor[:version_reason]]`, or, before version 2, `[vendor:]urn:uuid:ID`.
bool is_manifest_label(std::string_view label);

/// `self#jumbf=/c2pa/MANIFEST`, with "/PATH" behind it where there is a path.
std::string jumbf_uri(std::string_view manifest, std::string_view path = {});
/// The same URI, absolute: a relative one is taken to be of `manifest`.
std::string absolute_uri(std::string_view manifest, std::string_view uri);

}  // namespace safelight::c2pa

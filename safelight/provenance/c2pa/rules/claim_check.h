#pragma once

#include "safelight/provenance/c2pa/rules/prepared_store.h"

namespace safelight::c2pa {

/// Says why a manifest has no claim that could be checked. True where it has one.
bool has_readable_claim(const PreparedManifest& manifest, StatusLog& log);

/// Checks what the claim says of its manifest but for the signature: that every assertion it lists
/// is there, in this manifest, and has the hash it states; that the store holds no other, and none
/// that nobody could read; that icons are what is referred to; that what is redacted may be, and is
/// gone; the rules of update manifests, ingredients' relations and actions. Source: specification
/// 2.2, sections 15.10 and 15.11.
void check_claim(const PreparedManifest& manifest, PreparedStore& store,
                 const ReferenceGraph& graph, const Limits& limits, StatusLog& log);

/// Whether the assertion is a hard binding of any kind (not of a part of a multi-part asset).
bool is_hard_binding(const Assertion& assertion);

}  // namespace safelight::c2pa

#pragma once

#include "safelight/provenance/c2pa/rules/prepared_store.h"

namespace safelight::c2pa {

/// Checks the actions of a manifest (specification 2.2, section 15.10.3 and 18.14): there is one
/// assertion at most in a claim of version 1; in version 2 the first action is that the asset was
/// created or opened, and no later one; opened, placed and removed things are ingredients of the
/// right relation; what is said to be redacted can be found.
void check_action_rules(const PreparedManifest& manifest, const ReferenceGraph& graph,
                        const PreparedStore& store, StatusLog& log);

}  // namespace safelight::c2pa

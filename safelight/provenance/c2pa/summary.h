#pragma once

#include "safelight/provenance/c2pa/rules/signature_check.h"
#include "safelight/provenance/c2pa/validation.h"

namespace safelight::c2pa {

/// Marks the statuses about ingredients that some ingredient assertion recorded before.
void mark_recorded(const PreparedStore& store, Report& report);

/// Fills in what the report says beside statuses and binding: the state, the structure, the
/// signature, its signer and time, what is declared, and the manifests of the store.
void summarize(const PreparedStore& store, const ReferenceGraph& graph, const SignatureFacts& facts,
               Report& report);

}  // namespace safelight::c2pa

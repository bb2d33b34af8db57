#pragma once

#include <cstdint>

namespace safelight::c2pa {

/// The bounds on what one file's manifest store may make us do. Each is reached as `limit_exceeded`
/// with its name as the rule, or ends the walk that it bounds with a status that says so. Real
/// stores of the public test files stay below a tenth of each.
struct Limits {
  uint64_t max_store_bytes = 64ull << 20;  ///< One manifest store as it is embedded.
  uint64_t max_expanded_bytes = 32ull
                                << 20;     ///< What all compressed manifests expand to, together.
  uint32_t max_boxes = 50'000;             ///< JUMBF boxes of a store.
  uint32_t max_box_depth = 10;             ///< JUMBF boxes inside boxes.
  uint32_t max_cbor_items = 100'000;       ///< Items of one CBOR document.
  uint32_t max_cbor_depth = 24;            ///< CBOR items inside items.
  uint32_t max_manifests = 200;            ///< Manifests of a store.
  uint32_t max_assertions = 2'000;         ///< That one claim lists, and that it redacts.
  uint32_t max_actions = 20'000;           ///< Of all manifests together.
  uint32_t max_ingredient_depth = 32;      ///< Ingredients of ingredients.
  uint32_t max_certificates = 16;          ///< Certificates that one signature carries.
  uint32_t max_exclusions = 4'096;         ///< Ranges that one hard binding leaves out.
  uint32_t max_hash_boxes = 65'536;        ///< Boxes of an asset that a binding walks over.
  uint32_t max_box_visits = 1'000'000;     ///< Boxes looked at for what a binding leaves out.
  uint32_t max_merkle_leaves = 1'000'000;  ///< Pieces that a video is hashed in.
  uint32_t max_statuses = 50'000;          ///< Entries of a report.
};

}  // namespace safelight::c2pa

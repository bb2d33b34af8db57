#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/provenance/c2pa/store/hashed_uri.h"
#include "safelight/provenance/c2pa/store/manifest_store.h"

namespace safelight::c2pa {

/// One action of an actions assertion (specification section 18.14).
struct Action {
  std::string name;                 ///< Such as "c2pa.created".
  std::string digital_source_type;  ///< The URI as it stands; "" where none is stated.
  std::string software_agent;
  bool has_ingredients = false;  ///< Its parameters have an `ingredient` or `ingredients` field.
  std::vector<std::string> ingredient_uris;
  std::string redacted_uri;

  [[nodiscard]] bool begins_history() const {
    return name == "c2pa.created" || name == "c2pa.opened";
  }
};

/// What an actions assertion holds.
struct Actions {
  std::vector<Action> actions;
  std::vector<HashedUri> icons;  ///< Of the programs and templates that it names.
};

/// Errors: those of decode_cbor(); malformed ("actions.fields"); limit_exceeded ("max_actions").
Result<Actions> parse_actions(const Assertion& assertion, uint32_t max_actions,
                              const Limits& limits);

}  // namespace safelight::c2pa

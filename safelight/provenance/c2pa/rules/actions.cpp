#include "safelight/provenance/c2pa/rules/actions.h"

#include "safelight/provenance/c2pa/store/claim.h"

namespace safelight::c2pa {
namespace {

/// The agent of an action: text, a map, or the index of one in the assertion's own list.
std::string agent_of(const CborValue& action, const CborValue& assertion) {
  if (const CborValue* agent = action.find("softwareAgent")) return generator_text(*agent);
  const CborValue* index = action.find("softwareAgentIndex");
  const CborValue* agents = assertion.find("softwareAgents");
  if (index == nullptr || agents == nullptr || agents->kind != CborKind::array) return {};
  const auto position = index->unsigned_value();
  if (!position || *position >= agents->items.size()) return {};
  return generator_text(agents->items[*position]);
}

void read_parameters(const CborValue& parameters, Action& action) {
  action.redacted_uri = parameters.text_at("redacted");
  if (const CborValue* one = parameters.find("ingredient")) {
    action.has_ingredients = true;
    if (const auto uri = hashed_uri_of(one)) action.ingredient_uris.push_back(uri->url);
  }
  if (const CborValue* list = parameters.find("ingredients")) {
    action.has_ingredients = true;
    if (list->kind != CborKind::array) return;
    for (const CborValue& item : list->items) {
      if (const auto uri = hashed_uri_of(&item)) action.ingredient_uris.push_back(uri->url);
    }
  }
}

void read_icons(const CborValue* list, Actions& found) {
  if (list == nullptr || list->kind != CborKind::array) return;
  for (const CborValue& item : list->items) {
    if (auto icon = icon_of(item)) found.icons.push_back(std::move(*icon));
  }
}

}  // namespace

Result<Actions> parse_actions(const Assertion& assertion, uint32_t max_actions,
                              const Limits& limits) {
  SAFELIGHT_TRY(const CborValue map, decode_cbor(assertion.cbor(), limits));
  const CborValue* list = map.find("actions");
  if (list == nullptr || list->kind != CborKind::array) {
    return Error::at(ErrorCode::malformed, "actions.fields", map.offset_bytes);
  }
  if (list->items.size() > max_actions) {
    return Error::at(ErrorCode::limit_exceeded, "max_actions", list->offset_bytes);
  }
  Actions found;
  read_icons(map.find("softwareAgents"), found);
  read_icons(map.find("templates"), found);
  for (const CborValue& item : list->items) {
    if (item.kind != CborKind::map) {
      return Error::at(ErrorCode::malformed, "actions.fields", item.offset_bytes);
    }
    Action action;
    action.name = item.text_at("action");
    action.digital_source_type = item.text_at("digitalSourceType");
    action.software_agent = agent_of(item, map);
    if (const CborValue* agent = item.find("softwareAgent")) {
      if (auto icon = icon_of(*agent)) found.icons.push_back(std::move(*icon));
    }
    if (const CborValue* parameters = item.find("parameters")) read_parameters(*parameters, action);
    found.actions.push_back(std::move(action));
  }
  return found;
}

}  // namespace safelight::c2pa

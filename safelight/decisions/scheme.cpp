#include "safelight/decisions/scheme.h"

#include <algorithm>
#include <array>
#include <set>

#include "safelight/base/json/json_object.h"
#include "safelight/base/json_writer.h"

namespace safelight {
namespace {

constexpr size_t kMaxCategories = 40;
constexpr size_t kMaxCodeBytes = 16;
constexpr size_t kMaxKeyBytes = 4;  // One character.
constexpr size_t kMaxNameBytes = 200;
constexpr size_t kMaxHintBytes = 2000;
constexpr std::array<std::string_view, 7> kColours = {"red",  "orange", "yellow", "green",
                                                      "blue", "violet", "grey"};

Category category_from_json(JsonObject& object) {
  Category out;
  out.code = object.text("code", kMaxCodeBytes);
  out.key = object.text("key", kMaxKeyBytes);
  out.name = object.text("name", kMaxNameBytes);
  out.hint = object.text("hint", kMaxHintBytes);
  out.colour = object.text("colour", kMaxNameBytes);
  out.is_grave = object.boolean("grave");
  out.second_look = object.boolean("second_look");
  return out;
}

bool keeps_the_rules(const std::vector<Category>& categories) {
  std::set<std::string_view> codes;
  std::set<std::string_view> keys;
  for (const Category& category : categories) {
    if (category.code.empty() || !codes.insert(category.code).second) return false;
    if (!category.key.empty() && !keys.insert(category.key).second) return false;
    if (category.name.empty()) return false;
    if (std::find(kColours.begin(), kColours.end(), category.colour) == kColours.end()) {
      return false;
    }
  }
  return !categories.empty();
}

}  // namespace

const Category* Scheme::find(std::string_view code) const {
  for (const Category& category : categories) {
    if (category.code == code) return &category;
  }
  return nullptr;
}

Scheme default_scheme() {
  return {
      "Safelight",
      {{"1", "1", "Abuse material", "Shows the abuse of a real child, as national law has it.",
        "red", true, true},
       {"2", "2", "Age or law uncertain", "Needs an expert's or a lawyer's opinion.", "orange",
        true, false},
       {"3", "3", "Drawn or generated",
        "Unlawful as shown, and no real child can be recognised. What looks generated may still "
        "show one.",
        "violet", true, true},
       {"4", "4", "Relevant to the case", "Lawful, and of use: places, persons, objects.", "blue",
        false, false},
       {"5", "5", "Not relevant", "", "grey", false, false}}};
}

std::string to_json(const Scheme& scheme) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("name", scheme.name).key("categories").begin_array();
  for (const Category& category : scheme.categories) {
    json.begin_object().field("code", category.code).field("key", category.key);
    json.field("name", category.name).field("hint", category.hint);
    json.field("colour", category.colour).key("grave").boolean(category.is_grave);
    json.key("second_look").boolean(category.second_look).end_object();
  }
  json.end_array().end_object();
  return out;
}

Result<Scheme> scheme_from_json(std::string_view text) {
  SAFELIGHT_TRY(JsonObject object, JsonObject::parse(text, "scheme.json"));
  Scheme out;
  out.name = object.text("name", kMaxNameBytes);
  for (JsonObject& category : object.objects("categories", kMaxCategories)) {
    out.categories.push_back(category_from_json(category));
    SAFELIGHT_CHECK(category.finish());
  }
  SAFELIGHT_CHECK(object.finish());
  if (!keeps_the_rules(out.categories)) return Error{ErrorCode::malformed, "scheme.category"};
  return out;
}

}  // namespace safelight

#include "safelight/serve/preferences/person_settings.h"

#include <algorithm>
#include <initializer_list>

#include "safelight/base/json/json_object.h"
#include "safelight/base/json_writer.h"

namespace safelight::serve {
namespace {

constexpr uint32_t kMaxColumns = 12;
constexpr uint32_t kMost = 1'000'000;
constexpr uint32_t kDayMinutes = 24 * 60;
constexpr size_t kMaxWordBytes = 32;

std::string one_of(JsonObject& object, const char* name,
                   std::initializer_list<std::string_view> values) {
  std::string value = object.text(name, kMaxWordBytes);
  if (std::find(values.begin(), values.end(), value) == values.end()) object.fail();
  return value;
}

std::optional<uint32_t> limit(JsonObject& object, const char* name, uint32_t max) {
  if (!object.has(name)) return std::nullopt;
  return static_cast<uint32_t>(object.number(name, max));
}

OwnBudget budget_from_json(JsonObject object) {
  OwnBudget out;
  out.reveals_a_day = limit(object, "reveals_a_day", kMost);
  out.seconds_a_day = limit(object, "seconds_a_day", kMost);
  out.break_every_minutes = limit(object, "break_every_minutes", kDayMinutes);
  out.break_minutes = limit(object, "break_minutes", kDayMinutes);
  return out;
}

std::optional<uint32_t> least(std::optional<uint32_t> one, std::optional<uint32_t> other) {
  if (!one || !other) return one ? one : other;
  return std::min(*one, *other);
}

/// A limit of 0 is none for how often there are breaks.
std::optional<uint32_t> or_never(uint32_t minutes) {
  return minutes == 0 ? std::nullopt : std::optional(minutes);
}

}  // namespace

ExposureBudget effective(const ExposureBudget& policy, const OwnBudget& own) {
  ExposureBudget out;
  out.reveals_a_day = least(policy.reveals_a_day, own.reveals_a_day);
  out.seconds_a_day = least(policy.seconds_a_day, own.seconds_a_day);
  out.break_every_minutes =
      least(or_never(policy.break_every_minutes), or_never(own.break_every_minutes.value_or(0)))
          .value_or(0);
  out.break_minutes = std::max(policy.break_minutes, own.break_minutes.value_or(0));
  return out;
}

Cover effective(Cover floor, Cover own) { return std::min(floor, own); }

std::string to_json(const PersonSettings& settings) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("style", to_text(settings.style)).field("columns", settings.columns);
  json.field("size", settings.size).field("theme", settings.theme);
  json.field("reveal", settings.reveal).field("rendition", settings.rendition);
  json.field("keys", settings.keys).key("budget").begin_object();
  json.field("reveals_a_day", settings.budget.reveals_a_day);
  json.field("seconds_a_day", settings.budget.seconds_a_day);
  json.field("break_every_minutes", settings.budget.break_every_minutes);
  json.field("break_minutes", settings.budget.break_minutes);
  json.end_object().key("interleave").boolean(settings.interleave).end_object();
  return out;
}

Result<PersonSettings> settings_from_json(std::string_view text) {
  SAFELIGHT_TRY(JsonObject object, JsonObject::parse(text, "settings.json"));
  PersonSettings out;
  const auto style = cover_from_text(object.text("style", kMaxWordBytes));
  out.columns = static_cast<uint32_t>(object.number("columns", kMaxColumns));
  out.size = one_of(object, "size", {"small", "medium", "large"});
  out.theme = one_of(object, "theme", {"dark", "light", "system"});
  out.reveal = one_of(object, "reveal", {"hold", "hold_key_only"});
  out.rendition = one_of(object, "rendition", {"grey", "colour"});
  out.keys = one_of(object, "keys", {"single", "with_alt"});
  out.budget = budget_from_json(object.object("budget"));
  out.interleave = object.boolean("interleave");
  if (!style) object.fail();
  SAFELIGHT_CHECK(object.finish());
  out.style = *style;
  return out;
}

}  // namespace safelight::serve

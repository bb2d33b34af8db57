#include "safelight/decisions/policy.h"

#include <array>
#include <utility>

#include "safelight/base/json/json_object.h"
#include "safelight/base/json_writer.h"

namespace safelight {
namespace {

constexpr std::array<std::pair<Cover, std::string_view>, 4> kCovers = {{{Cover::card, "card"},
                                                                        {Cover::drawing, "drawing"},
                                                                        {Cover::blur, "blur"},
                                                                        {Cover::grey, "grey"}}};
constexpr uint32_t kDayMinutes = 24 * 60;
constexpr uint32_t kDaySeconds = kDayMinutes * 60;
constexpr uint32_t kMost = 1'000'000;
constexpr size_t kMaxCoverBytes = 16;

bool at_most(const std::optional<uint32_t>& own, const std::optional<uint32_t>& floor) {
  return !floor || (own && *own <= *floor);
}

uint32_t number(JsonObject& object, const char* name, uint32_t max) {
  return static_cast<uint32_t>(object.number(name, max));
}

ExposureBudget budget_from_json(JsonObject object) {
  ExposureBudget out;
  out.reveals_a_day = object.number_or_null("reveals_a_day", kMost);
  out.seconds_a_day = object.number_or_null("seconds_a_day", kDaySeconds);
  out.break_every_minutes = number(object, "break_every_minutes", kDayMinutes);
  out.break_minutes = number(object, "break_minutes", kDayMinutes);
  return out;
}

}  // namespace

std::string_view to_text(Cover cover) {
  for (const auto& [one, text] : kCovers) {
    if (one == cover) return text;
  }
  return "";
}

std::optional<Cover> cover_from_text(std::string_view text) {
  for (const auto& [cover, name] : kCovers) {
    if (name == text) return cover;
  }
  return std::nullopt;
}

bool is_as_tight(const ExposureBudget& own, const ExposureBudget& floor) {
  const bool breaks =
      floor.break_every_minutes == 0 ||
      (own.break_every_minutes != 0 && own.break_every_minutes <= floor.break_every_minutes &&
       own.break_minutes >= floor.break_minutes);
  return breaks && at_most(own.reveals_a_day, floor.reveals_a_day) &&
         at_most(own.seconds_a_day, floor.seconds_a_day);
}

std::string to_json(const ReviewPolicy& policy) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("second_look").boolean(policy.second_look);
  json.key("known_needs_reason").boolean(policy.known_needs_reason);
  json.field("reveal_max_seconds", policy.reveal_max_seconds);
  json.field("cover_after_idle_seconds", policy.cover_after_idle_seconds);
  json.key("budget").begin_object();
  json.field("reveals_a_day", policy.budget.reveals_a_day);
  json.field("seconds_a_day", policy.budget.seconds_a_day);
  json.field("break_every_minutes", policy.budget.break_every_minutes);
  json.field("break_minutes", policy.budget.break_minutes).end_object();
  json.field("floor", to_text(policy.floor));
  json.field("interleave_every", policy.interleave_every).end_object();
  return out;
}

Result<ReviewPolicy> policy_from_json(std::string_view text) {
  SAFELIGHT_TRY(JsonObject object, JsonObject::parse(text, "policy.json"));
  ReviewPolicy out;
  out.second_look = object.boolean("second_look");
  out.known_needs_reason = object.boolean("known_needs_reason");
  out.reveal_max_seconds = number(object, "reveal_max_seconds", kDaySeconds);
  out.cover_after_idle_seconds = number(object, "cover_after_idle_seconds", kDaySeconds);
  out.budget = budget_from_json(object.object("budget"));
  const auto floor = cover_from_text(object.text("floor", kMaxCoverBytes));
  out.interleave_every = number(object, "interleave_every", kMost);
  if (!floor || out.reveal_max_seconds == 0 || out.cover_after_idle_seconds == 0) object.fail();
  SAFELIGHT_CHECK(object.finish());
  out.floor = *floor;
  return out;
}

}  // namespace safelight

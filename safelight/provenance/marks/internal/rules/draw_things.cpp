#include <algorithm>
#include <array>

#include "safelight/provenance/marks/internal/rules/rules.h"

namespace safelight::marks {
namespace {

constexpr std::string_view kExifNs = "http://ns.adobe.com/exif/1.0/";

/// "c" and "uc" are its names for the two prompts.
bool is_settings(const Json& json) {
  const Json* prompt = member(json, "c");
  if (prompt == nullptr || !prompt->is_string()) return false;
  constexpr std::array<std::string_view, 6> kOthers = {"uc",   "steps", "sampler",
                                                       "seed", "scale", "model"};
  return std::count_if(kOthers.begin(), kOthers.end(),
                       [&](std::string_view name) { return member(json, name) != nullptr; }) >= 3;
}

}  // namespace

void find_draw_things(Statements& statements, Marks& marks) {
  const Statement* software = statements.png("Software");
  const bool png = software != nullptr && software->text == "Draw Things";
  for (const Statement& statement : statements.all()) {
    const bool comment = png && statement.spot == Spot::png_text && statement.key == "Comment";
    const bool xmp =
        statement.spot == Spot::xmp && statement.ns == kExifNs && statement.key == "UserComment";
    if (!comment && !xmp && statement.spot != Spot::user_comment) continue;
    const Json* json = statements.object(statement);
    if (json == nullptr || !is_settings(*json)) continue;
    Mark& mark = marks.add(kGeneratorMark,
                           comment ? "draw-things.png-text"
                           : xmp   ? "draw-things.xmp"
                                   : "draw-things.exif",
                           "Draw Things", statement.place);
    mark.state(settings_statement("Draw Things"));
    take_facts(*json,
               {{"model", "model"},
                {"seed", "seed"},
                {"sampler", "sampler"},
                {"steps", "steps"},
                {"cfg_scale", "scale"},
                {"size", "size"}},
               mark);
    for (const JsonMember& lora : elements(member(*json, "lora"))) {
      mark.fact("lora", scalar_member(lora.value, "model"));
    }
    mark.prompt(PromptKind::positive, text_member(*json, "c"));
    mark.prompt(PromptKind::negative, text_member(*json, "uc"));
  }
}

}  // namespace safelight::marks

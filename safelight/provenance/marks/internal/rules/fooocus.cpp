#include <string>

#include "safelight/provenance/marks/internal/rules/rules.h"

namespace safelight::marks {
namespace {

bool names_fooocus(std::string_view text) {
  return text.starts_with("Fooocus") || text.starts_with("RuinedFooocus");
}

/// By what the JSON says of itself, or by the fields that every version writes together.
bool is_fooocus(const Json& json) {
  if (text_member(json, "metadata_scheme") == "fooocus") return true;
  if (names_fooocus(text_member(json, "version")) || names_fooocus(text_member(json, "software"))) {
    return true;
  }
  return member(json, "prompt") != nullptr && member(json, "base_model") != nullptr &&
         member(json, "sampler") != nullptr &&
         (member(json, "refiner_model") != nullptr || member(json, "base_model_hash") != nullptr);
}

void take_loras(const Json* loras, Mark& mark) {
  for (const JsonMember& lora : elements(loras)) {
    const auto parts = elements(&lora.value);  // name, weight, hash
    if (!parts.empty()) mark.fact("lora", parts[0].value.text);
    if (parts.size() > 2) mark.fact("lora_hash", parts[2].value.text);
  }
}

void take_json(const Json& json, std::string_view rule, const Place& place, Marks& marks) {
  Mark& mark = marks.add(kGeneratorMark, rule, "Fooocus", place);
  mark.state(settings_statement("Fooocus"));
  for (const std::string_view key : {"base_model", "base_model_name"}) {
    mark.fact("model", scalar_member(json, key));
  }
  take_facts(json,
             {{"model_hash", "base_model_hash"},
              {"refiner_model", "refiner_model"},
              {"vae", "vae"},
              {"seed", "seed"},
              {"sampler", "sampler"},
              {"scheduler", "scheduler"},
              {"steps", "steps"},
              {"cfg_scale", "guidance_scale"}},
             mark);
  for (const std::string_view key : {"version", "software"}) {
    mark.fact("software_version", scalar_member(json, key));
  }
  take_loras(member(json, "loras"), mark);
  mark.prompt(PromptKind::positive, text_member(json, "prompt"));
  mark.prompt(PromptKind::positive, text_member(json, "prompt_expansion"));
  mark.prompt(PromptKind::negative, text_member(json, "negative_prompt"));
  for (const auto& [key, kind] : {std::pair("full_prompt", PromptKind::positive),
                                  std::pair("full_negative_prompt", PromptKind::negative)}) {
    for (const JsonMember& part : elements(member(json, key))) mark.prompt(kind, part.value.text);
  }
}

}  // namespace

bool is_said_to_be_fooocus(const Statements& statements, const Statement& statement) {
  if (statement.spot == Spot::png_text && statement.key == "parameters") {
    return statements.png("fooocus_scheme") != nullptr;
  }
  if (statement.spot != Spot::user_comment) return false;
  const Statement* software = statements.exif(statement.block, metadata::ExifTag::software);
  if (software != nullptr && names_fooocus(software->text)) return true;
  const Statement* note = statements.at(statement.block, Spot::maker_note);
  return note != nullptr && (note->text == "fooocus" || note->text == "a1111");
}

void find_fooocus(Statements& statements, Marks& marks) {
  for (const Statement& statement : statements.all()) {
    const bool png = statement.spot == Spot::png_text;
    const bool parameters = png && statement.key == "parameters";
    const bool comment =
        (png && statement.key == "Comment") || statement.spot == Spot::jpeg_comment;
    const bool user_comment = statement.spot == Spot::user_comment;
    if (!parameters && !comment && !user_comment) continue;

    if (const Json* json = statements.object(statement); json != nullptr && is_fooocus(*json)) {
      take_json(*json,
                parameters     ? "fooocus.png-text"
                : user_comment ? "fooocus.exif"
                               : "fooocus.comment",
                statement.place, marks);
      continue;
    }
    if (!is_said_to_be_fooocus(statements, statement)) continue;
    const auto info = parse_infotext(statement.text);
    if (!info) continue;
    Mark& mark = marks.add(kGeneratorMark, "fooocus.a1111-scheme", "Fooocus", statement.place);
    mark.state(settings_statement("Fooocus"));
    take_infotext(*info, statements, mark);
  }
}

}  // namespace safelight::marks

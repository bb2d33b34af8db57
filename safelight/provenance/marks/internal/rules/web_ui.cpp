#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "safelight/provenance/marks/internal/infotext.h"
#include "safelight/provenance/marks/internal/rules/rules.h"

/// AUTOMATIC1111's web UI and what writes its form of text.
namespace safelight::marks {
namespace {

/// Which tool a text's version names.
std::string_view tool_of(const Infotext& info) {
  const std::string_view version = info.value("Version");
  const std::string_view app = info.value("App");
  if (version.starts_with("Fooocus")) return "Fooocus";
  if (version == "ComfyUI" || app == "ComfyUI") return "ComfyUI";
  if (version == "neo" || version.starts_with("neo-")) return "Forge Neo";
  if (app == "SD.Next" || app == "SDNext") return "SD.Next";
  if (version.size() > 1 && version[0] == 'f' && version[1] >= '0' && version[1] <= '9') {
    return "Forge";
  }
  if (!info.value("Civitai resources").empty() && version.empty()) return "Civitai";
  return "AUTOMATIC1111";
}

/// "name: hash, other: hash" of "Lora hashes" and "TI hashes".
void take_hash_list(std::string_view list, std::string_view name, std::string_view hash_name,
                    Mark& mark) {
  while (!list.empty()) {
    const std::string_view entry = list.substr(0, list.find(','));
    list.remove_prefix(std::min(entry.size() + 1, list.size()));
    const size_t colon = entry.rfind(':');
    if (colon == std::string_view::npos) continue;
    std::string_view key = entry.substr(0, colon);
    std::string_view hash = entry.substr(colon + 1);
    while (key.starts_with(' ')) key.remove_prefix(1);
    while (hash.starts_with(' ')) hash.remove_prefix(1);
    mark.fact(name, std::string(key));
    mark.fact(hash_name, std::string(hash));
  }
}

/// {"model": "...", "vae": "...", "lora:NAME": "...", "embed:NAME": "..."}
void take_hashes(const Json& hashes, Mark& mark) {
  if (!hashes.is_object()) return;
  for (const auto& [key, value] : hashes.members) {
    const std::string hash = value.text;
    if (key == "model") mark.fact("model_hash", hash);
    if (key == "vae") mark.fact("vae_hash", hash);
    if (key.starts_with("lora:")) {
      mark.fact("lora", key.substr(5));
      mark.fact("lora_hash", hash);
    }
  }
}

void take_civitai_resources(const Json& resources, Mark& mark) {
  for (const auto& [unnamed, resource] : elements(&resources)) {
    const std::string_view type = text_member(resource, "type");
    const bool model = type == "checkpoint" || type == "Checkpoint";
    const bool lora = type == "lora" || type == "lycoris" || type == "LORA";
    if (model || lora) mark.fact(model ? "model" : "lora", scalar_member(resource, "modelName"));
    mark.fact("civitai_model_version", scalar_member(resource, "modelVersionId"));
  }
}

bool is_infotext_spot(const Statement& statement) {
  return (statement.spot == Spot::png_text && statement.key == "parameters") ||
         statement.spot == Spot::user_comment || statement.spot == Spot::gif_comment ||
         statement.spot == Spot::hidden;
}

/// The web UI's own page for enlarging and mending any picture.
bool is_postprocessing(const Statement& statement) {
  if (statement.spot != Spot::png_text) return false;
  if (statement.key != "postprocessing" && statement.key != "extras") return false;
  constexpr std::array<std::string_view, 5> kStarts = {"Postprocess upscale", "Postprocess crop",
                                                       "GFPGAN visibility", "CodeFormer visibility",
                                                       "Upscale: "};
  return std::any_of(kStarts.begin(), kStarts.end(), [&](std::string_view start) {
    return std::string_view(statement.text).starts_with(start);
  });
}

}  // namespace

void take_infotext(const Infotext& info, Statements& statements, Mark& mark) {
  const auto copy = [&](std::string_view setting, std::string_view fact) {
    mark.fact(fact, std::string(info.value(setting)));
  };
  copy("Model", "model");
  copy("Model hash", "model_hash");
  copy("VAE", "vae");
  copy("VAE hash", "vae_hash");
  copy("Seed", "seed");
  copy("Sampler", "sampler");
  copy("Schedule type", "scheduler");
  copy("Steps", "steps");
  copy("CFG scale", "cfg_scale");
  copy("Size", "size");
  copy("Version", "software_version");
  take_hash_list(info.value("Lora hashes"), "lora", "lora_hash", mark);
  for (const std::string& name : lora_names_in(info.prompt)) mark.fact("lora", name);
  if (const auto hashes = statements.parse(info.value("Hashes"), {})) take_hashes(*hashes, mark);
  if (const auto resources = statements.parse(info.value("Civitai resources"), {})) {
    take_civitai_resources(*resources, mark);
  }
  mark.prompt(PromptKind::positive, info.prompt);
  mark.prompt(PromptKind::negative, info.negative_prompt);
}

void find_web_ui(Statements& statements, Marks& marks) {
  for (const Statement& statement : statements.all()) {
    if (is_postprocessing(statement)) {
      marks.add(kGeneratorMark, "a1111.postprocessing", "AUTOMATIC1111", statement.place)
          .state(
              "The file says that AUTOMATIC1111's web UI or a relative enlarged or mended the "
              "picture. It does that with any picture, photographs too. Anybody can write it.");
    }
    if (!is_infotext_spot(statement) || is_said_to_be_fooocus(statements, statement)) continue;
    const auto info = parse_infotext(statement.text);
    if (!info) continue;
    const std::string_view tool = tool_of(*info);
    Mark& mark = marks.add(kGeneratorMark, "a1111.infotext", tool, statement.place);
    mark.state(settings_statement(
        tool == "AUTOMATIC1111" ? "AUTOMATIC1111's web UI and its relatives" : tool));
    take_infotext(*info, statements, mark);
  }
}

}  // namespace safelight::marks

#include <string>

#include "safelight/provenance/marks/internal/rules/rules.h"

namespace safelight::marks {

void find_swarmui(Statements& statements, Marks& marks) {
  for (const Statement& statement : statements.all()) {
    const bool model = statement.spot == Spot::exif_text &&
                       statement.tag == static_cast<uint16_t>(metadata::ExifTag::model);
    const bool fits = (statement.spot == Spot::png_text && statement.key == "parameters") ||
                      statement.spot == Spot::user_comment || statement.spot == Spot::hidden ||
                      model;
    if (!fits) continue;
    const Json* json = statements.object(statement);
    const Json* values = json == nullptr ? nullptr : member(*json, "sui_image_params");
    if (values == nullptr || !values->is_object()) continue;
    if (model) marks.claim_exif(statement.block);

    Mark& mark = marks.add(kGeneratorMark,
                           statement.spot == Spot::png_text ? "swarmui.png-text"
                           : statement.spot == Spot::hidden ? "swarmui.hidden"
                                                            : "swarmui.exif",
                           "SwarmUI", statement.place);
    mark.state(settings_statement("SwarmUI"));
    mark.fact("model", scalar_member(*values, "model"));
    mark.fact("seed", scalar_member(*values, "seed"));
    for (const std::string_view key : {"sampler", "comfyuisampler", "autowebuisampler"}) {
      mark.fact("sampler", scalar_member(*values, key));
    }
    take_facts(*values,
               {{"scheduler", "scheduler"},
                {"steps", "steps"},
                {"cfg_scale", "cfgscale"},
                {"software_version", "swarm_version"},
                {"lora", "loras"}},
               mark);
    for (const JsonMember& lora : elements(member(*values, "loras"))) {
      mark.fact("lora", lora.value.text);
    }
    for (const JsonMember& entry : elements(member(*json, "sui_models"))) {
      const bool lora = text_member(entry.value, "param") == "loras";
      mark.fact(lora ? "lora" : "model", scalar_member(entry.value, "name"));
      mark.fact(lora ? "lora_hash" : "model_hash", scalar_member(entry.value, "hash"));
    }
    mark.prompt(PromptKind::positive, text_member(*values, "prompt"));
    mark.prompt(PromptKind::negative, text_member(*values, "negativeprompt"));
    for (const std::string_view key : {"original_prompt", "original_negativeprompt"}) {
      const Json* extra = member(*json, "sui_extra_data");
      if (extra == nullptr) continue;
      mark.prompt(key == "original_prompt" ? PromptKind::positive : PromptKind::negative,
                  text_member(*extra, key));
    }
  }
}

}  // namespace safelight::marks

#include <array>
#include <functional>
#include <string>

#include "safelight/provenance/marks/internal/rules/rules.h"

namespace safelight::marks {
namespace {

/// A setting under its name in the program, and as the program shows it: users choose.
struct Setting {
  std::string_view key;
  std::string_view shown;
  std::string_view fact;
};

constexpr Setting kModel = {"use_stable_diffusion_model", "Stable Diffusion model", "model"};
constexpr Setting kSteps = {"num_inference_steps", "Steps", "steps"};
constexpr std::array<Setting, 7> kSettings = {{
    kModel,
    kSteps,
    {"seed", "Seed", "seed"},
    {"sampler_name", "Sampler", "sampler"},
    {"guidance_scale", "Guidance Scale", "cfg_scale"},
    {"use_vae_model", "VAE model", "vae"},
    {"use_lora_model", "LoRA model", "lora"},
}};
constexpr Setting kPrompt = {"prompt", "Prompt", ""};
constexpr Setting kNegative = {"negative_prompt", "Negative Prompt", ""};

/// `value_of` gives the text under a name, empty where there is none.
void take(const std::function<std::string(std::string_view)>& value_of, std::string_view rule,
          const Place& place, Marks& marks) {
  const auto value = [&](const Setting& setting) {
    std::string found = value_of(setting.key);
    return found.empty() ? value_of(setting.shown) : found;
  };
  // Of its own names these two are the ones that nobody else uses together.
  if (value(kModel).empty() || value(kSteps).empty()) return;
  Mark& mark = marks.add(kGeneratorMark, rule, "Easy Diffusion", place);
  mark.state(settings_statement("Easy Diffusion"));
  for (const Setting& setting : kSettings) mark.fact(setting.fact, value(setting));
  mark.prompt(PromptKind::positive, value(kPrompt));
  mark.prompt(PromptKind::negative, value(kNegative));
}

}  // namespace

void find_easy_diffusion(Statements& statements, Marks& marks) {
  for (const std::string_view name : {kModel.key, kModel.shown}) {
    if (const Statement* model = statements.png(name)) {
      take(
          [&](std::string_view key) {
            const Statement* found = statements.png(key);
            return found == nullptr ? std::string() : found->text;
          },
          "easy-diffusion.png-text", model->place, marks);
      break;
    }
  }
  for (const Statement* statement : statements.at(Spot::user_comment)) {
    if (const Json* json = statements.object(*statement)) {
      take([&](std::string_view key) { return scalar_member(*json, key); }, "easy-diffusion.exif",
           statement->place, marks);
    }
  }
}

}  // namespace safelight::marks

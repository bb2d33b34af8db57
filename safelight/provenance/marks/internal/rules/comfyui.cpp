#include <array>
#include <cctype>
#include <string>

#include "safelight/provenance/marks/internal/comfy_graph.h"
#include "safelight/provenance/marks/internal/rules/rules.h"

namespace safelight::marks {
namespace {

/// Adds a mark where the JSON is one of ComfyUI's graphs, and says whether it was.
bool take_graph(const Json& json, std::string_view rule, const Place& place, Marks& marks) {
  const bool prompt = ComfyGraph::is_prompt(json);
  if (!prompt && !ComfyGraph::is_workflow(json)) return false;
  Mark& mark = marks.add(kGeneratorMark, rule, "ComfyUI", place);
  mark.state(
      prompt ? "The file carries the graph of steps that ComfyUI ran. It is not signed: anybody "
               "can write it. A graph can also change a picture that was there before."
             : "The file carries the workflow that ComfyUI's editor keeps. It is not signed: "
               "anybody can write it. A workflow can also change a picture that was there "
               "before.");
  const ComfyGraph graph = prompt ? ComfyGraph::of_prompt(json) : ComfyGraph::of_workflow(json);
  mark.fact(prompt ? "graph_sha256" : "workflow_sha256", graph.shape().digest());
  graph.describe(mark);
  return true;
}

/// What follows "prompt:" or "workflow:", in any case, at the start of a text; empty where neither
/// stands there.
std::string_view behind_key(std::string_view text) {
  for (const std::string_view key : {"prompt:", "workflow:"}) {
    if (text.size() < key.size()) continue;
    const bool fits = std::equal(key.begin(), key.end(), text.begin(), [](char a, char b) {
      return a == std::tolower(static_cast<unsigned char>(b));
    });
    if (fits) return text.substr(key.size());
  }
  return {};
}

/// Civitai's own generator adds its settings to the graph, as JSON in a string.
void take_extra(const Json& graph, Statements& statements, const Place& place, Marks& marks) {
  const std::string_view text = text_member(graph, "extraMetadata");
  if (text.empty()) return;
  const auto extra = statements.parse(text, place);
  if (extra == nullptr) return;
  Mark& mark = marks.add(kGeneratorMark, "civitai.extra-metadata", "Civitai", place);
  mark.state(settings_statement("Civitai's generator"));
  take_facts(
      *extra,
      {{"seed", "seed"}, {"sampler", "sampler"}, {"steps", "steps"}, {"cfg_scale", "cfgScale"}},
      mark);
  mark.prompt(PromptKind::positive, text_member(*extra, "prompt"));
  mark.prompt(PromptKind::negative, text_member(*extra, "negativePrompt"));
}

}  // namespace

void find_comfyui(Statements& statements, Marks& marks) {
  for (const Statement& statement : statements.all()) {
    switch (statement.spot) {
      case Spot::png_text:
      case Spot::png_comf: {
        if (statement.key != "prompt" && statement.key != "workflow") break;
        const std::string_view rule =
            statement.spot == Spot::png_comf ? "comfyui.png-comf" : "comfyui.png-text";
        if (const Json* json = statements.object(statement)) {
          take_graph(*json, rule, statement.place, marks);
        }
        break;
      }
      case Spot::exif_text: {
        const std::string_view text = behind_key(statement.text);
        if (text.empty()) break;
        const auto json = statements.parse(text, statement.place);
        if (json != nullptr && take_graph(*json, "comfyui.exif", statement.place, marks)) {
          marks.claim_exif(statement.block);
        }
        break;
      }
      case Spot::user_comment: {
        const Json* json = statements.object(statement);
        if (json == nullptr) break;
        constexpr std::string_view kRule = "comfyui.user-comment";
        if (take_graph(*json, kRule, statement.place, marks)) {
          take_extra(*json, statements, statement.place, marks);
          break;
        }
        for (const std::string_view key : {"prompt", "workflow"}) {
          const Json* inner = member(*json, key);
          if (inner != nullptr) take_graph(*inner, kRule, statement.place, marks);
        }
        break;
      }
      default:
        break;
    }
  }
}

}  // namespace safelight::marks

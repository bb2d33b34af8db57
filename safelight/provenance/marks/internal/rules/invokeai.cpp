#include <string>

#include "safelight/provenance/marks/internal/graph.h"
#include "safelight/provenance/marks/internal/rules/rules.h"

namespace safelight::marks {
namespace {

constexpr std::string_view kName = "InvokeAI";

/// Versions 1 and 2 write what the picture should not show in square brackets inside the prompt.
void take_bracketed(std::string_view text, Mark& mark) {
  std::string positive;
  std::string negative;
  while (!text.empty()) {
    const size_t open = text.find('[');
    const size_t close = open == std::string_view::npos ? open : text.find(']', open);
    positive += text.substr(0, close == std::string_view::npos ? text.size() : open);
    if (close == std::string_view::npos) break;
    if (!negative.empty()) negative += '\n';
    negative += text.substr(open + 1, close - open - 1);
    text.remove_prefix(close + 1);
  }
  while (positive.ends_with(' ')) positive.pop_back();
  mark.prompt(PromptKind::positive, positive);
  mark.prompt(PromptKind::negative, negative);
}

/// A model is an object with "name" or "model_name" and often "hash", or a name alone.
void take_model(const Json& model, std::string_view name, std::string_view hash_name, Mark& mark) {
  mark.fact(name, model.text);
  mark.fact(name, scalar_member(model, "name"));
  mark.fact(name, scalar_member(model, "model_name"));
  mark.fact(hash_name, scalar_member(model, "hash"));
  mark.fact(hash_name, scalar_member(model, "model_hash"));
}

/// Since version 3.
void take_metadata(Statements& statements, const Statement& statement, Marks& marks) {
  const Json* json = statements.object(statement);
  if (json == nullptr) return;
  const bool fits = member(*json, "app_version") != nullptr ||
                    member(*json, "generation_mode") != nullptr ||
                    member(*json, "positive_prompt") != nullptr;
  if (!fits) return;
  Mark& mark = marks.add(kGeneratorMark, "invokeai.metadata", kName, statement.place);
  mark.state(settings_statement(kName));
  if (const Json* model = member(*json, "model")) take_model(*model, "model", "model_hash", mark);
  if (const Json* vae = member(*json, "vae")) take_model(*vae, "vae", "vae_hash", mark);
  for (const JsonMember& lora : elements(member(*json, "loras"))) {
    const Json* model = member(lora.value, "model");
    if (model == nullptr) model = member(lora.value, "lora");
    if (model != nullptr) take_model(*model, "lora", "lora_hash", mark);
  }
  take_facts(*json,
             {{"seed", "seed"},
              {"sampler", "scheduler"},
              {"steps", "steps"},
              {"cfg_scale", "cfg_scale"},
              {"mode", "generation_mode"},
              {"software_version", "app_version"}},
             mark);
  for (const std::string_view key : {"positive_prompt", "positive_style_prompt"}) {
    mark.prompt(PromptKind::positive, text_member(*json, key));
  }
  for (const std::string_view key : {"negative_prompt", "negative_style_prompt"}) {
    mark.prompt(PromptKind::negative, text_member(*json, key));
  }
}

/// The graph that ran: nodes by id, and edges between their fields.
void take_graph(Statements& statements, const Statement& statement, Marks& marks) {
  const Json* json = statements.object(statement);
  const Json* nodes = json == nullptr ? nullptr : member(*json, "nodes");
  const Json* edges = json == nullptr ? nullptr : member(*json, "edges");
  if (nodes == nullptr || !nodes->is_object() || edges == nullptr || !edges->is_array()) return;
  GraphShape shape;
  Mark& mark = marks.add(kGeneratorMark, "invokeai.graph", kName, statement.place);
  mark.state(
      "The file carries the graph of steps that InvokeAI ran. It is not signed: anybody can write "
      "it.");
  for (const auto& [id, node] : nodes->members) {
    shape.node(text_member(node, "type"));
    // Nodes that take prompts have "prompt"; those that only pass strings on have "value".
    const std::string_view text = text_member(node, "prompt");
    mark.prompt(PromptKind::unassigned, text.empty() && text_member(node, "type") == "string"
                                            ? text_member(node, "value")
                                            : text);
  }
  const auto end = [&](const Json& edge, std::string_view side) {
    const Json* place = member(edge, side);
    if (place == nullptr) return std::pair<std::string_view, std::string_view>();
    const Json* node = member(*nodes, text_member(*place, "node_id"));
    return std::pair(node == nullptr ? std::string_view() : text_member(*node, "type"),
                     text_member(*place, "field"));
  };
  for (const JsonMember& edge : elements(edges)) {
    const auto [from, output] = end(edge.value, "source");
    const auto [to, input] = end(edge.value, "destination");
    shape.link(from, output, to, input);
  }
  mark.fact("graph_sha256", shape.digest());
}

void take_workflow(Statements& statements, const Statement& statement, Marks& marks) {
  const Json* json = statements.object(statement);
  const Json* nodes = json == nullptr ? nullptr : member(*json, "nodes");
  if (nodes == nullptr || !nodes->is_array() || member(*json, "edges") == nullptr) return;
  Mark& mark = marks.add(kGeneratorMark, "invokeai.workflow", kName, statement.place);
  mark.state(
      "The file carries a workflow of InvokeAI's editor. It is not signed: anybody can write it.");
  GraphShape shape;
  for (const JsonMember& node : elements(nodes)) {
    const Json* data = member(node.value, "data");
    if (data != nullptr) shape.node(text_member(*data, "type"));
  }
  mark.fact("workflow_sha256", shape.digest());
}

/// Version 2.
void take_sd_metadata(Statements& statements, const Statement& statement, Marks& marks) {
  const Json* json = statements.object(statement);
  const Json* image = json == nullptr ? nullptr : member(*json, "image");
  if (image == nullptr || !image->is_object()) return;
  if (member(*json, "app_id") == nullptr && member(*json, "model_weights") == nullptr) return;
  Mark& mark = marks.add(kGeneratorMark, "invokeai.sd-metadata", kName, statement.place);
  mark.state(settings_statement(kName));
  take_facts(*json,
             {{"model", "model_weights"},
              {"model_hash", "model_hash"},
              {"software_version", "app_version"}},
             mark);
  take_facts(
      *image,
      {{"seed", "seed"}, {"sampler", "sampler"}, {"steps", "steps"}, {"cfg_scale", "cfg_scale"}},
      mark);
  const Json* prompt = member(*image, "prompt");
  if (prompt == nullptr) return;
  if (prompt->is_string()) take_bracketed(prompt->text, mark);
  for (const JsonMember& part : elements(prompt)) {
    take_bracketed(text_member(part.value, "prompt"), mark);
  }
}

/// Version 1: a prompt in quotes, and flags as on its command line.
void take_dream(const Statement& statement, Marks& marks) {
  const std::string_view text = statement.text;
  const size_t end = text.rfind('"');
  if (!text.starts_with('"') || end == 0) return;
  std::string_view flags = text.substr(end + 1);
  std::vector<std::pair<std::string_view, std::string_view>> values;
  while (true) {
    const size_t dash = flags.find(" -");
    if (dash == std::string_view::npos || values.size() == 64) break;
    flags.remove_prefix(dash + 2);
    const size_t blank = flags.find(' ');
    if (blank == std::string_view::npos) break;
    const std::string_view name = flags.substr(0, blank);
    flags.remove_prefix(blank);
    const std::string_view value = flags.substr(1, flags.substr(1).find(' '));
    values.emplace_back(name, value);
  }
  const auto value_of = [&](std::string_view name) {
    for (const auto& [flag, value] : values) {
      if (flag == name) return std::string(value);
    }
    return std::string();
  };
  if (value_of("s").empty() || (value_of("S").empty() && value_of("A").empty())) return;
  Mark& mark = marks.add(kGeneratorMark, "invokeai.dream", kName, statement.place);
  mark.state(settings_statement(kName));
  mark.fact("seed", value_of("S"));
  mark.fact("sampler", value_of("A"));
  mark.fact("steps", value_of("s"));
  mark.fact("cfg_scale", value_of("C"));
  take_bracketed(text.substr(1, end - 1), mark);
}

}  // namespace

void find_invokeai(Statements& statements, Marks& marks) {
  for (const Statement& statement : statements.all()) {
    if (statement.spot != Spot::png_text) continue;
    if (statement.key == "invokeai_metadata") take_metadata(statements, statement, marks);
    if (statement.key == "invokeai_graph") take_graph(statements, statement, marks);
    if (statement.key == "invokeai_workflow") take_workflow(statements, statement, marks);
    if (statement.key == "sd-metadata") take_sd_metadata(statements, statement, marks);
    if (statement.key == "Dream") take_dream(statement, marks);
  }
}

}  // namespace safelight::marks

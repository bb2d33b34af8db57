#include "safelight/provenance/marks/internal/comfy_graph.h"

#include <algorithm>
#include <array>

namespace safelight::marks {
namespace {

bool is_file_of_weights(std::string_view value) {
  constexpr std::array<std::string_view, 8> kEndings = {".safetensors", ".ckpt", ".gguf", ".sft",
                                                        ".pth",         ".pt",   ".bin",  ".onnx"};
  return std::any_of(kEndings.begin(), kEndings.end(),
                     [&](std::string_view ending) { return value.ends_with(ending); });
}

/// Under which name a scalar input is kept; empty where it is not.
std::string_view fact_name(std::string_view input) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kNames = {{
      {"ckpt_name", "model"},
      {"unet_name", "model"},
      {"gguf_name", "model"},
      {"base_ckpt_name", "model"},
      {"vae_name", "vae"},
      {"seed", "seed"},
      {"noise_seed", "seed"},
      {"sampler_name", "sampler"},
      {"scheduler", "scheduler"},
      {"steps", "steps"},
      {"cfg", "cfg_scale"},
  }};
  for (const auto& [name, fact] : kNames) {
    if (name == input) return fact;
  }
  return input.starts_with("lora_name") ? "lora" : std::string_view();
}

bool is_text_input(std::string_view type, std::string_view input) {
  constexpr std::array<std::string_view, 12> kNames = {
      "prompt",        "positive",       "negative", "positive_prompt", "negative_prompt", "clip_l",
      "wildcard_text", "populated_text", "t5xxl",    "string",          "caption",         "tags"};
  return input.starts_with("text") || (input == "value" && type.starts_with("PrimitiveString")) ||
         std::find(kNames.begin(), kNames.end(), input) != kNames.end();
}

PromptKind kind_of_input(std::string_view input) {
  if (input.starts_with("negative") || input.ends_with("negative")) return PromptKind::negative;
  if (input.starts_with("positive") || input.ends_with("positive")) return PromptKind::positive;
  return PromptKind::unassigned;
}

/// An input that another node feeds is written as [ID, NUMBER OF OUTPUT].
bool is_link(const Json& value) {
  if (!value.is_array() || value.members.size() != 2) return false;
  const Json& from = value.members[0].value;
  return (from.is_string() || from.kind == Json::Kind::integer) &&
         value.members[1].value.kind == Json::Kind::integer;
}

}  // namespace

bool ComfyGraph::is_prompt(const Json& json) {
  if (!json.is_object()) return false;
  return std::any_of(json.members.begin(), json.members.end(), [](const JsonMember& node) {
    const Json* inputs = member(node.value, "inputs");
    return !text_member(node.value, "class_type").empty() && inputs != nullptr &&
           inputs->is_object();
  });
}

bool ComfyGraph::is_workflow(const Json& json) {
  const auto nodes = elements(member(json, "nodes"));
  const Json* links = member(json, "links");
  if ((links == nullptr || !links->is_array()) && member(json, "last_node_id") == nullptr) {
    return false;
  }
  return std::any_of(nodes.begin(), nodes.end(), [](const JsonMember& node) {
    return !text_member(node.value, "type").empty() && member(node.value, "id") != nullptr;
  });
}

void ComfyGraph::take_input(std::string_view type, const std::string& name, const Json& value,
                            Node& node) {
  if (is_link(value)) {
    node.links.push_back({name, value.members[0].value.text, value.members[1].value.text});
    return;
  }
  // Loaders of several LoRAs hold an object for each.
  if (const std::string_view lora = text_member(value, "lora"); !lora.empty()) {
    node.facts.emplace_back("lora", lora);
    return;
  }
  const std::string_view fact = fact_name(name);
  if (!fact.empty()) {
    node.facts.emplace_back(fact, value.text);
  } else if (value.is_string() && is_text_input(type, name)) {
    if (!is_file_of_weights(value.text)) node.texts.push_back({kind_of_input(name), value.text});
  }
}

/// The editor keeps values in the order of a node's fields, without their names.
void ComfyGraph::take_widgets(const Json& widgets, Node& node) {
  const bool encodes_text = node.type.find("TextEncode") != std::string_view::npos;
  const bool loads_lora = node.type.find("Lora") != std::string_view::npos;
  const auto values = elements(&widgets);
  for (const JsonMember& widget : values) {
    if (!widget.value.is_string()) continue;
    const std::string& text = widget.value.text;
    if (is_file_of_weights(text)) {
      const bool vae = node.type.find("VAE") != std::string_view::npos;
      const bool model = node.type.find("Checkpoint") != std::string_view::npos ||
                         node.type.find("UNET") != std::string_view::npos ||
                         node.type.find("Unet") != std::string_view::npos;
      if (loads_lora || vae || model) {
        node.facts.emplace_back(loads_lora ? "lora" : vae ? "vae" : "model", text);
      }
    } else if (encodes_text) {
      node.texts.push_back({PromptKind::unassigned, text});
    }
  }
  // Seed, what to do with it, steps, scale, sampler, scheduler.
  if (node.type == "KSampler" && values.size() >= 6) {
    node.facts.emplace_back("seed", values[0].value.text);
    node.facts.emplace_back("steps", values[2].value.text);
    node.facts.emplace_back("cfg_scale", values[3].value.text);
    node.facts.emplace_back("sampler", values[4].value.text);
    node.facts.emplace_back("scheduler", values[5].value.text);
  }
}

ComfyGraph ComfyGraph::of_prompt(const Json& json) {
  ComfyGraph graph;
  for (const auto& [id, value] : json.members) {
    const Json* inputs = member(value, "inputs");
    if (inputs == nullptr || !inputs->is_object()) continue;
    Node& node = graph.nodes_[id];
    node.type = text_member(value, "class_type");
    for (const auto& [name, input] : inputs->members) take_input(node.type, name, input, node);
  }
  return graph;
}

ComfyGraph ComfyGraph::of_workflow(const Json& json) {
  ComfyGraph graph;
  std::map<std::string, std::pair<std::string, std::string>> input_names;  // by link: node, name
  for (const auto& [unnamed, value] : elements(member(json, "nodes"))) {
    const std::string id = scalar_member(value, "id");
    if (id.empty()) continue;
    Node& node = graph.nodes_[id];
    node.type = text_member(value, "type");
    if (const Json* widgets = member(value, "widgets_values")) take_widgets(*widgets, node);
    for (const JsonMember& input : elements(member(value, "inputs"))) {
      const std::string link = scalar_member(input.value, "link");
      if (!link.empty()) input_names[link] = {id, std::string(text_member(input.value, "name"))};
    }
  }
  for (const JsonMember& entry : elements(member(json, "links"))) {
    const Json& link = entry.value;
    // [id, from node, from output, to node, to input, type], or an object with such names.
    const auto listed = elements(&link);
    const auto part = [&](size_t index, std::string_view name) {
      return index < listed.size() ? listed[index].value.text : scalar_member(link, name);
    };
    const std::string id = part(0, "id");
    const std::string from = part(1, "origin_id");
    const std::string output = part(2, "origin_slot");
    const auto input = input_names.find(id);
    if (input == input_names.end()) continue;
    graph.nodes_[input->second.first].links.push_back({input->second.second, from, output});
  }
  return graph;
}

void ComfyGraph::take_prompts(PromptKind kind, std::string_view input, Mark& mark,
                              std::set<std::string_view>& reached) const {
  const std::string_view other = kind == PromptKind::positive ? "negative" : "positive";
  std::vector<std::string_view> waiting;
  for (const auto& [id, node] : nodes_) {
    for (const Link& link : node.links) {
      if (link.input == input) waiting.push_back(link.from);
    }
  }
  std::set<std::string_view> seen;
  while (!waiting.empty()) {
    const auto found = nodes_.find(waiting.back());
    waiting.pop_back();
    if (found == nodes_.end() || !seen.insert(found->first).second) continue;
    reached.insert(found->first);
    for (const Text& text : found->second.texts) {
      mark.prompt(text.kind == PromptKind::unassigned ? kind : text.kind, text.text);
    }
    for (const Link& link : found->second.links) {
      // A node between that passes both kinds on.
      if (link.input != other) waiting.push_back(link.from);
    }
  }
}

void ComfyGraph::describe(Mark& mark) const {
  bool of_civitai = false;
  for (const auto& [id, node] : nodes_) {
    for (const auto& [name, value] : node.facts) {
      mark.fact(name, value);
      of_civitai |= value.starts_with("urn:air:") && value.find(":civitai:") != std::string::npos;
    }
  }
  if (of_civitai) mark.fact("service", "Civitai");
  std::set<std::string_view> reached;
  take_prompts(PromptKind::positive, "positive", mark, reached);
  take_prompts(PromptKind::negative, "negative", mark, reached);
  for (const auto& [id, node] : nodes_) {
    if (reached.contains(id)) continue;
    for (const Text& text : node.texts) mark.prompt(text.kind, text.text);
  }
}

GraphShape ComfyGraph::shape() const {
  GraphShape shape;
  for (const auto& [id, node] : nodes_) {
    shape.node(node.type);
    for (const Link& link : node.links) {
      const auto from = nodes_.find(link.from);
      shape.link(from == nodes_.end() ? std::string_view() : from->second.type, link.output,
                 node.type, link.input);
    }
  }
  return shape;
}

}  // namespace safelight::marks

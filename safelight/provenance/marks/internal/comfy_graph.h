#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/provenance/marks/internal/graph.h"
#include "safelight/provenance/marks/internal/json.h"
#include "safelight/provenance/marks/internal/mark.h"

namespace safelight::marks {

/// A graph of ComfyUI's, read from either of its two forms.
class ComfyGraph {
 public:
  /// Whether at least one member is a node of the form that is executed: an object with a
  /// "class_type" and an object of "inputs".
  static bool is_prompt(const Json& json);
  /// Whether it is the form that the editor keeps: "nodes" with types, and "links" or
  /// "last_node_id".
  static bool is_workflow(const Json& json);

  /// `json` must outlive the graph, and be what is_prompt() or is_workflow() says.
  static ComfyGraph of_prompt(const Json& json);
  static ComfyGraph of_workflow(const Json& json);

  /// Adds models, samplers, seeds and prompts. A prompt is positive or negative by the input of
  /// that name that it is led to.
  void describe(Mark& mark) const;
  [[nodiscard]] GraphShape shape() const;

 private:
  struct Link {
    std::string input;
    std::string from;  ///< Id of the node.
    std::string output;
  };
  struct Text {
    PromptKind kind;
    std::string_view text;
  };
  struct Node {
    std::string_view type;
    std::vector<Link> links;
    std::vector<Text> texts;
    std::vector<std::pair<std::string_view, std::string>> facts;
  };

  static void take_input(std::string_view type, const std::string& name, const Json& value,
                         Node& node);
  static void take_widgets(const Json& widgets, Node& node);
  void take_prompts(PromptKind kind, std::string_view input, Mark& mark,
                    std::set<std::string_view>& reached) const;

  std::map<std::string, Node, std::less<>> nodes_;
};

}  // namespace safelight::marks

#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace safelight::marks {

/// The shape of a graph of processing steps: which kinds of nodes there are, and which output feeds
/// which input. Node ids, positions and all values (prompts, seeds, models) are left out, so that
/// pictures made with one workflow have one shape.
class GraphShape {
 public:
  void node(std::string_view type) { nodes_.emplace_back(type); }
  /// `output` and `input` are the names or numbers that the format gives them.
  void link(std::string_view from_type, std::string_view output, std::string_view to_type,
            std::string_view input);

  /// The SHA-256 of `{"links":[[FROM TYPE,OUTPUT,TO TYPE,INPUT],...],"nodes":[TYPE,...]}`, both
  /// lists in the order of their bytes, as JSON without white space and with '<', '>', '&' and
  /// U+2028/9 as \u escapes; empty where there is no node.
  [[nodiscard]] std::string digest() const;

 private:
  std::vector<std::string> nodes_;
  std::vector<std::array<std::string, 4>> links_;
};

}  // namespace safelight::marks

#include "safelight/provenance/marks/internal/graph.h"

#include <algorithm>

#include "safelight/base/json_writer.h"
#include "safelight/provenance/marks/internal/mark.h"

namespace safelight::marks {

void GraphShape::link(std::string_view from_type, std::string_view output, std::string_view to_type,
                      std::string_view input) {
  links_.push_back(
      {std::string(from_type), std::string(output), std::string(to_type), std::string(input)});
}

std::string GraphShape::digest() const {
  if (nodes_.empty()) return {};
  auto nodes = nodes_;
  auto links = links_;
  std::sort(nodes.begin(), nodes.end());
  std::sort(links.begin(), links.end());
  std::string text;
  JsonWriter writer(text);
  writer.begin_object().key("links").begin_array();
  for (const auto& link : links) {
    writer.begin_array();
    for (const std::string& part : link) writer.string(part);
    writer.end_array();
  }
  writer.end_array().key("nodes").begin_array();
  for (const std::string& node : nodes) writer.string(node);
  writer.end_array().end_object();
  return sha256_text(text);
}

}  // namespace safelight::marks

#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include "safelight/provenance/marks/internal/rules/rules.h"

/// China's label for generated content. Source: GB 45438-2025 annex.
namespace safelight::marks {
namespace {

constexpr std::string_view kNamespace = "www.tc260.org.cn/ns/AIGC";

std::string_view statement_of(std::string_view label) {
  if (label == "1") {
    return "The file carries China's label for generated content, which says that it is generated. "
           "It is not signed: anybody can write it.";
  }
  if (label == "2") {
    return "The file carries China's label for generated content, which says that it may be "
           "generated. It is not signed: anybody can write it.";
  }
  if (label == "3") {
    return "The file carries China's label for generated content, which says that it is suspected "
           "to be generated. It is not signed: anybody can write it.";
  }
  return "The file carries China's label for generated content, with a value that the standard "
         "does "
         "not have. It is not signed: anybody can write it.";
}

/// A label has its level and says at least one thing about who made or spread it.
bool is_label(const Json& json) {
  if (scalar_member(json, "Label").empty()) return false;
  constexpr std::array<std::string_view, 6> kOthers = {"ContentProducer",   "ProduceID",
                                                       "ContentPropagator", "PropagateID",
                                                       "ReservedCode1",     "ReservedCode2"};
  return std::any_of(kOthers.begin(), kOthers.end(),
                     [&](std::string_view name) { return member(json, name) != nullptr; });
}

void take(const Json& label, std::string_view rule, const Place& place, Marks& marks) {
  const std::string level = scalar_member(label, "Label");
  Mark& mark = marks.add(kGeneratorMark, rule, "AIGC label", place);
  mark.state(std::string(statement_of(level)));
  mark.fact("label", level);
  take_facts(label,
             {{"content_producer", "ContentProducer"},
              {"produce_id", "ProduceID"},
              {"content_propagator", "ContentPropagator"},
              {"propagate_id", "PropagateID"}},
             mark);
}

}  // namespace

void find_aigc_label(Statements& statements, Marks& marks) {
  for (const Statement& statement : statements.all()) {
    const bool png = statement.spot == Spot::png_text && statement.key == "AIGC";
    const bool xmp = statement.spot == Spot::xmp && statement.key == "AIGC" &&
                     statement.ns.find(kNamespace) != std::string::npos;
    const bool exif =
        statement.spot == Spot::user_comment ||
        (statement.spot == Spot::exif_text &&
         statement.tag == static_cast<uint16_t>(metadata::ExifTag::image_description));
    if (!png && !xmp && !exif) continue;
    const Json* json = statements.object(statement);
    if (json == nullptr) continue;
    const std::string_view rule = png ? "tc260.png-text" : xmp ? "tc260.xmp" : "tc260.exif";
    const Json* inner = member(*json, "AIGC");
    if (inner != nullptr && is_label(*inner)) {
      take(*inner, rule, statement.place, marks);
    } else if (!exif && is_label(*json)) {
      take(*json, rule, statement.place, marks);
    }
  }
}

}  // namespace safelight::marks

#include <algorithm>
#include <string>

#include "safelight/metadata/iptc/digital_source_type.h"
#include "safelight/metadata/xmp/xmp_names.h"
#include "safelight/provenance/marks/internal/rules/rules.h"

namespace safelight::marks {
namespace {

using metadata::SourceGroup;
using metadata::Xmp;
using metadata::XmpBlock;
using metadata::XmpProperty;

constexpr std::string_view kAnybody = " It is an unsigned declaration that anybody can write.";

std::string_view name_of(SourceGroup group) {
  switch (group) {
    case SourceGroup::fully_generated:
      return "fully_generated";
    case SourceGroup::contains_generated:
      return "contains_generated";
    case SourceGroup::synthetic_without_ai:
      return "synthetic_without_ai";
    case SourceGroup::capture:
      return "capture";
    case SourceGroup::edited:
      return "edited";
    case SourceGroup::none:
      break;
  }
  return "other";
}

std::string_view meaning_of(SourceGroup group) {
  switch (group) {
    case SourceGroup::fully_generated:
      return "The metadata declare that a trained model made the picture.";
    case SourceGroup::contains_generated:
      return "The metadata declare that parts of the picture are generated. A small retouch of a "
             "photograph is declared in the same way: it does not make an AI picture of it.";
    case SourceGroup::synthetic_without_ai:
      return "The metadata declare that the picture was made by a program or drawn, without a "
             "trained model.";
    case SourceGroup::capture:
      return "The metadata declare that the picture was captured from real life.";
    case SourceGroup::edited:
      return "The metadata declare that the picture was edited or composed from others.";
    case SourceGroup::none:
      break;
  }
  return "The metadata declare a source type that says nothing of how much was generated.";
}

std::string_view name_of(XmpBlock::Kind kind) {
  switch (kind) {
    case XmpBlock::Kind::main:
      return "main";
    case XmpBlock::Kind::extended:
      return "extended";
    case XmpBlock::Kind::unannounced:
      return "unannounced";
    case XmpBlock::Kind::wrong_digest:
      break;
  }
  return "wrong_digest";
}

Place place_of(const XmpBlock& block, const XmpProperty& property) {
  if (block.place.direct) return {property.offset_bytes, 0, OffsetKind::exact};
  const auto& range = block.place.range;
  return {range.offset_bytes, range.length_bytes, OffsetKind::approximate};
}

void take_source_types(const XmpBlock& block, Marks& marks) {
  for (const XmpProperty* property : metadata::digital_source_types(block.xmp)) {
    const auto type = metadata::parse_digital_source_type(property->value);
    Mark& mark =
        marks.add(kDeclaredOrigin, "iptc.digital-source-type", "", place_of(block, *property));
    const SourceGroup group = type ? metadata::group_of(*type) : SourceGroup::none;
    mark.state(std::string(type ? meaning_of(group)
                                : "The metadata declare a source type that IPTC's vocabulary does "
                                  "not have.") +
               std::string(kAnybody));
    mark.fact("source_type", type ? std::string(to_text(*type)) : property->value);
    mark.fact("group", std::string(type ? name_of(group) : "unknown"));
    mark.fact("property", property->path);
    mark.fact("packet", std::string(name_of(block.kind)));
  }
}

void take_ai_fields(const XmpBlock& block, Marks& marks) {
  const auto systems = block.xmp.all(metadata::kAiSystemUsed);
  const auto versions = block.xmp.all(metadata::kAiSystemVersionUsed);
  const auto prompts = block.xmp.all(metadata::kAiPromptInformation);
  const auto writers = block.xmp.all(metadata::kAiPromptWriterName);
  const XmpProperty* first = nullptr;
  for (const auto* found : {&systems, &versions, &prompts, &writers}) {
    for (const XmpProperty* property : *found) {
      if (!property->value.empty() && first == nullptr) first = property;
    }
  }
  if (first == nullptr) return;
  Mark& mark = marks.add(kDeclaredOrigin, "iptc.ai-fields", "", place_of(block, *first));
  mark.state("The metadata declare that an AI system was used." + std::string(kAnybody));
  for (const XmpProperty* property : systems) mark.fact("ai_system", property->value);
  for (const XmpProperty* property : versions) mark.fact("ai_system_version", property->value);
  for (const XmpProperty* property : writers) mark.fact("prompt_writer", property->value);
  mark.fact("packet", std::string(name_of(block.kind)));
  for (const XmpProperty* property : prompts) mark.prompt(PromptKind::unassigned, property->value);
}

bool is_google_credit(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text == "Made with Google AI" || text == "Edited with Google AI";
}

void take_credit(std::string_view credit, const Place& place, Marks& marks) {
  if (!is_google_credit(credit)) return;
  Mark& mark = marks.add(kDeclaredOrigin, "google.credit", "Google AI", place);
  mark.state(
      "The credit line declares that a Google AI tool made or edited the picture. A small retouch "
      "of a photograph is declared in the same way." +
      std::string(kAnybody));
  mark.fact("credit", std::string(credit));
}

}  // namespace

void find_declared_origin(const metadata::Metadata& metadata, Marks& marks) {
  for (const XmpBlock& block : metadata.xmp) {
    take_source_types(block, marks);
    take_ai_fields(block, marks);
    for (const XmpProperty* property : block.xmp.all(metadata::kCredit)) {
      take_credit(property->value, place_of(block, *property), marks);
    }
  }
  for (const metadata::IimBlock& block : metadata.iim) {
    for (const metadata::IimDataset& dataset : block.iim.datasets) {
      if (dataset.field != metadata::kIimCredit) continue;
      const bool direct = block.place.direct;
      const auto& range = direct ? dataset.place : block.place.range;
      take_credit(dataset.value,
                  {range.offset_bytes, range.length_bytes,
                   direct ? OffsetKind::exact : OffsetKind::approximate},
                  marks);
    }
  }
}

}  // namespace safelight::marks

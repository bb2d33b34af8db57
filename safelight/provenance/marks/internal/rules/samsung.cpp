#include <algorithm>
#include <string>

#include "safelight/metadata/container/bmff_boxes.h"
#include "safelight/provenance/marks/internal/rules/rules.h"
#include "safelight/provenance/marks/internal/samsung_trailer.h"

namespace safelight::marks {
namespace {

/// The blocks behind a JPEG picture, or in the box "sefd" of a HEIF file.
std::vector<TrailerBlock> trailer_blocks(std::span<const std::byte> file,
                                         const metadata::Metadata& metadata) {
  if (metadata.container == metadata::Container::jpeg && metadata.trailing_offset_bytes) {
    return samsung_trailer(file, *metadata.trailing_offset_bytes);
  }
  if (metadata.container != metadata::Container::bmff) return {};
  const metadata::BmffBoxes boxes = metadata::bmff_boxes(file, {});
  const metadata::BmffBox* box = boxes.find("sefd");
  if (box == nullptr) return {};
  return samsung_trailer(file.first(box->payload.end_bytes()), box->payload.offset_bytes);
}

}  // namespace

void find_samsung_edit(std::span<const std::byte> file, const metadata::Metadata& metadata,
                       Statements& statements, Marks& marks) {
  const auto blocks = trailer_blocks(file, metadata);
  // Blocks may overlap: of several of the name only the first is parsed.
  const auto block = std::find_if(blocks.begin(), blocks.end(), [](const TrailerBlock& candidate) {
    return candidate.name == "PhotoEditor_Re_Edit_Data";
  });
  if (block == blocks.end()) return;
  const Place place = {block->data.offset_bytes, block->data.length_bytes, OffsetKind::exact};
  std::string_view text = metadata::text_at(file, block->data);
  text = text.substr(0, text.find('\0'));
  const auto json = statements.parse(text, place);
  const Json* type = json == nullptr ? nullptr : member(*json, "genAIType");
  const bool says_so = type != nullptr && type->kind == Json::Kind::integer && type->text != "0" &&
                       !type->text.starts_with('-');
  if (!says_so) return;
  Mark& mark = marks.add(kGeneratorMark, "samsung.gen-ai-type", "Samsung Galaxy AI", place);
  mark.state(
      "Samsung's photo editor notes that one of its generative tools worked on the picture. The "
      "rest may be a photograph. The note is not documented and not signed: anybody can write "
      "it.");
  mark.fact("gen_ai_type", type->text);
}

}  // namespace safelight::marks

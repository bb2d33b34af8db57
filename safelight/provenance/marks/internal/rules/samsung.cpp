#include <algorithm>
#include <string>

#include "safelight/provenance/marks/internal/rules/rules.h"
#include "safelight/provenance/marks/internal/samsung_trailer.h"

namespace safelight::marks {

void find_samsung_edit(std::span<const std::byte> file, const metadata::Metadata& metadata,
                       Statements& statements, Marks& marks) {
  if (metadata.container != metadata::Container::jpeg || !metadata.trailing_offset_bytes) return;
  const auto blocks = samsung_trailer(file, *metadata.trailing_offset_bytes);
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

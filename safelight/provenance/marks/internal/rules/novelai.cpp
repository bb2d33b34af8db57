#include "safelight/provenance/marks/internal/rules/novelai.h"

#include <algorithm>
#include <string>

#include "safelight/provenance/marks/internal/rules/rules.h"

namespace safelight::marks {
namespace {

std::string_view text_of(const Statement* statement) {
  return statement == nullptr ? std::string_view() : std::string_view(statement->text);
}

bool is_title(std::string_view text) {
  return text == "AI generated image" || text == "NovelAI generated image";
}

bool is_source(std::string_view text) {
  return text.starts_with("NovelAI") || text.starts_with("Stable Diffusion");
}

bool is_settings(const Json& json) {
  if (member(json, "signed_hash") != nullptr || member(json, "request_type") != nullptr)
    return true;
  return member(json, "uc") != nullptr && member(json, "c") == nullptr &&
         (member(json, "sampler") != nullptr || member(json, "steps") != nullptr);
}

bool agrees(Statements& statements, const NovelAi& found, std::string_view software,
            std::string_view title) {
  const std::string settings = novelai_settings(statements, *found.comment);
  const auto json = statements.parse(settings, found.comment->place);
  const int signs = (software == "NovelAI" ? 1 : 0) + (is_title(title) ? 1 : 0) +
                    (is_source(found.source) ? 1 : 0) +
                    (json != nullptr && is_settings(*json) ? 1 : 0);
  return signs >= 2 && json != nullptr;
}

/// {"caption": {"base_caption": "...", "char_captions": [{"char_caption": "..."}, ...]}}, since
/// version 4.
void take_captions(const Json& settings, std::string_view key, PromptKind kind, Mark& mark) {
  const Json* prompt = member(settings, key);
  const Json* caption = prompt == nullptr ? nullptr : member(*prompt, "caption");
  if (caption == nullptr) return;
  mark.prompt(kind, text_member(*caption, "base_caption"));
  for (const JsonMember& part : elements(member(*caption, "char_captions"))) {
    mark.prompt(kind, text_member(part.value, "char_caption"));
  }
}

}  // namespace

std::string novelai_settings(Statements& statements, const Statement& comment) {
  const Json* json = statements.object(comment);
  if (json == nullptr) return {};
  const Json* inner = member(*json, "Comment");
  if (inner == nullptr || !inner->is_string()) return comment.text;
  return inner->text;
}

std::vector<NovelAi> novelai_texts(Statements& statements) {
  std::vector<NovelAi> found;
  if (const Statement* comment = statements.png("Comment")) {
    const NovelAi texts = {comment, statements.png("Description"),
                           text_of(statements.png("Source")), true};
    if (agrees(statements, texts, text_of(statements.png("Software")),
               text_of(statements.png("Title")))) {
      found.push_back(texts);
    }
  }
  using Tag = metadata::ExifTag;
  for (size_t block = 0; block < statements.exif_blocks(); ++block) {
    const Statement* comment = statements.at(block, Spot::user_comment);
    if (comment == nullptr) continue;
    // In EXIF, Software holds what PNG calls Source.
    const NovelAi texts = {comment, statements.exif(block, Tag::image_description),
                           text_of(statements.exif(block, Tag::software)), false};
    if (agrees(statements, texts, texts.source,
               text_of(statements.exif(block, Tag::document_name)))) {
      found.push_back(texts);
    }
  }
  return found;
}

void find_novelai(Statements& statements, Marks& marks) {
  for (const NovelAi& texts : novelai_texts(statements)) {
    Mark& mark = marks.add(kGeneratorMark, texts.of_png ? "novelai.png-text" : "novelai.exif",
                           "NovelAI", texts.comment->place);
    const auto json =
        statements.parse(novelai_settings(statements, *texts.comment), texts.comment->place);
    const bool has_signature = json != nullptr && member(*json, "signed_hash") != nullptr;
    mark.state(
        has_signature
            ? "The file carries settings for generating a picture, in the form of NovelAI, with a "
              "signature that can be checked against the pixels. This finding does not rest on it: "
              "anybody can write such texts."
            : settings_statement("NovelAI"));
    mark.fact("model", std::string(texts.source));
    mark.fact("signature", has_signature ? "present" : "absent");
    mark.prompt(PromptKind::positive, text_of(texts.description));
    if (json == nullptr) continue;
    take_facts(*json,
               {{"seed", "seed"},
                {"sampler", "sampler"},
                {"scheduler", "noise_schedule"},
                {"steps", "steps"},
                {"cfg_scale", "scale"},
                {"mode", "request_type"}},
               mark);
    mark.prompt(PromptKind::positive, text_member(*json, "prompt"));
    mark.prompt(PromptKind::negative, text_member(*json, "uc"));
    take_captions(*json, "v4_prompt", PromptKind::positive, mark);
    take_captions(*json, "v4_negative_prompt", PromptKind::negative, mark);
  }
}

}  // namespace safelight::marks

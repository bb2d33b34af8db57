#include "safelight/provenance/marks/marks.h"

#include "safelight/provenance/marks/internal/camera.h"
#include "safelight/provenance/marks/internal/rules/rules.h"

namespace safelight::marks {
namespace {

/// Rules over texts, wherever those come from.
void apply_rules(Statements& statements, Marks& marks) {
  find_web_ui(statements, marks);
  find_comfyui(statements, marks);
  find_invokeai(statements, marks);
  find_fooocus(statements, marks);
  find_swarmui(statements, marks);
  find_novelai(statements, marks);
  find_draw_things(statements, marks);
  find_easy_diffusion(statements, marks);
  find_services(statements, marks);
  find_aigc_label(statements, marks);
}

std::vector<Prompt> all_prompts(const Marks& marks) {
  std::vector<Prompt> prompts;
  for (const Mark& mark : marks.all()) {
    prompts.insert(prompts.end(), mark.prompts().begin(), mark.prompts().end());
  }
  return prompts;
}

/// What was found, and what could not be looked at.
std::vector<Finding> findings(const Marks& marks, const Statements& statements,
                              const std::vector<Prompt>& prompts) {
  std::vector<Finding> out;
  for (const Mark& mark : marks.all()) out.push_back(mark.finding(prompts));
  for (const auto& [error, place] : statements.damage()) {
    out.push_back(coverage_finding(Coverage::partial, "A text of a generator", error));
    out.back().place = place;
  }
  if (marks.overflowed()) {
    out.push_back(
        coverage_finding(Coverage::partial, "What the file says of generators",
                         Error{ErrorCode::limit_exceeded, "max_marks", 0, OffsetKind::none}));
  }
  return out;
}

void find_all(std::span<const std::byte> file, const metadata::Metadata& metadata,
              Statements& statements, Marks& marks) {
  apply_rules(statements, marks);
  find_samsung_edit(file, metadata, statements, marks);
  find_declared_origin(metadata, marks);
}

}  // namespace

std::vector<Finding> findings_of(std::span<const std::byte> file,
                                 const metadata::Metadata& metadata,
                                 const std::optional<PictureSize>& picture,
                                 const MarksLimits& limits) {
  Statements statements(file, metadata, limits);
  Marks marks(limits);
  find_all(file, metadata, statements, marks);
  const std::vector<Prompt> prompts = all_prompts(marks);
  std::vector<Finding> out = findings(marks, statements, prompts);
  for (Finding& finding : camera_findings(metadata, marks, picture)) {
    remove_prompts(finding, prompts);
    out.push_back(std::move(finding));
  }
  return out;
}

std::vector<Prompt> prompts_of(std::span<const std::byte> file, const metadata::Metadata& metadata,
                               const MarksLimits& limits) {
  Statements statements(file, metadata, limits);
  Marks marks(limits);
  find_all(file, metadata, statements, marks);
  return all_prompts(marks);
}

std::vector<Finding> findings_of_hidden_text(std::string_view text, const MarksLimits& limits) {
  Statements statements(text, limits);
  Marks marks(limits);
  apply_rules(statements, marks);
  std::vector<Finding> out = findings(marks, statements, all_prompts(marks));
  for (Finding& finding : out) finding.fields.emplace_back("carrier", "pixels");
  return out;
}

std::vector<Prompt> prompts_of_hidden_text(std::string_view text, const MarksLimits& limits) {
  Statements statements(text, limits);
  Marks marks(limits);
  apply_rules(statements, marks);
  return all_prompts(marks);
}

}  // namespace safelight::marks

#include "safelight/scan/handlers/metadata_evidence.h"

#include <algorithm>
#include <string>

#include "safelight/provenance/marks/marks.h"

namespace safelight::scan {
namespace {

/// Places of damage that a finding names one by one.
constexpr size_t kMaxNamedDamage = 16;

std::string describe(const Error& error) {
  std::string text = std::string(to_text(error.code)) + " (" + std::string(error.rule) + ")";
  if (error.offset_kind != OffsetKind::none) text += " at " + std::to_string(error.offset_bytes);
  return text;
}

Finding damage_finding(const std::vector<Error>& damage) {
  Finding finding;
  finding.kind = "damaged_metadata";
  finding.statement =
      "Part of the file's metadata could not be read: " + describe(damage.front()) +
      (damage.size() == 1 ? "" : " and " + std::to_string(damage.size() - 1) + " more") +
      ". What it said of the origin is not among the findings.";
  finding.place = {damage.front().offset_bytes, 0, damage.front().offset_kind};
  for (size_t i = 0; i < std::min(damage.size(), kMaxNamedDamage); ++i)
    finding.fields.emplace_back("damage", describe(damage[i]));
  return finding;
}

}  // namespace

std::vector<Finding> metadata_findings(std::span<const std::byte> file,
                                       const metadata::Metadata& metadata,
                                       const std::optional<marks::PictureSize>& picture) {
  std::vector<Finding> findings = marks::findings_of(file, metadata, picture, {});
  if (!metadata.damage.empty()) findings.push_back(damage_finding(metadata.damage));
  return findings;
}

std::vector<PromptText> metadata_prompts(std::span<const std::byte> file,
                                         const metadata::Metadata& metadata) {
  std::vector<PromptText> prompts;
  for (const marks::Prompt& prompt : marks::prompts_of(file, metadata, {}))
    prompts.push_back(to_message(prompt));
  return prompts;
}

PromptText to_message(const marks::Prompt& prompt) {
  return {std::string(marks::to_text(prompt.kind)), std::string(prompt.rule), prompt.text,
          prompt.text.size(), prompt.place};
}

}  // namespace safelight::scan

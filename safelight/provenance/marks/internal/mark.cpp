#include "safelight/provenance/marks/internal/mark.h"

#include <algorithm>

#include "safelight/digest/sha256_stream.h"

namespace safelight::marks {
namespace {

std::string_view field_prefix(PromptKind kind) {
  switch (kind) {
    case PromptKind::positive:
      return "prompt";
    case PromptKind::negative:
      return "negative_prompt";
    case PromptKind::unassigned:
      break;
  }
  return "other_prompt";
}

}  // namespace

std::string_view to_text(PromptKind kind) {
  switch (kind) {
    case PromptKind::positive:
      return "positive";
    case PromptKind::negative:
      return "negative";
    case PromptKind::unassigned:
      break;
  }
  return "unassigned";
}

std::string sha256_text(std::string_view text) {
  return to_hex(sha256_of(std::as_bytes(std::span(text))));
}

std::string field_value(std::string value, const MarksLimits& limits) {
  if (value.size() <= limits.max_value_bytes) return value;
  return "sha256:" + sha256_text(value);
}

void Mark::fact(std::string_view name, std::string value) {
  if (value.empty()) return;
  if (facts_.size() == limits_.max_facts) {
    ++left_out_;
    return;
  }
  std::pair<std::string_view, std::string> entry(name, field_value(std::move(value), limits_));
  if (std::find(facts_.begin(), facts_.end(), entry) == facts_.end()) {
    facts_.push_back(std::move(entry));
  }
}

void Mark::prompt(PromptKind kind, std::string_view text) {
  if (text.empty()) return;
  if (prompts_.size() == limits_.max_prompts) {
    ++left_out_;
    return;
  }
  const bool known = std::any_of(prompts_.begin(), prompts_.end(), [&](const Prompt& other) {
    return other.kind == kind && other.text == text;
  });
  if (!known) prompts_.push_back({kind, std::string(text), rule_, place_});
}

void remove_prompts(Finding& finding, const std::vector<Prompt>& prompts) {
  std::erase_if(finding.fields, [&](const auto& field) {
    return std::any_of(prompts.begin(), prompts.end(), [&](const Prompt& prompt) {
      return prompt.text.size() >= kMinGuardedPromptBytes &&
             field.second.find(prompt.text) != std::string::npos;
    });
  });
}

Finding Mark::finding(const std::vector<Prompt>& all_prompts) const {
  Finding finding;
  finding.kind = kind_;
  finding.grade = Grade::declared;
  finding.statement = statement_;
  finding.place = place_;
  for (const auto& [name, value] : facts_) finding.fields.emplace_back(name, value);
  remove_prompts(finding, all_prompts);
  std::vector<std::pair<std::string, std::string>> fields;
  fields.emplace_back("rule", rule_);
  if (!generator_.empty()) fields.emplace_back("generator", generator_);
  fields.insert(fields.end(), finding.fields.begin(), finding.fields.end());
  for (const Prompt& prompt : prompts_) {
    const std::string prefix(field_prefix(prompt.kind));
    fields.emplace_back(prefix + "_sha256", sha256_text(prompt.text));
    fields.emplace_back(prefix + "_bytes", std::to_string(prompt.text.size()));
  }
  if (left_out_ > 0) fields.emplace_back("left_out", std::to_string(left_out_));
  finding.fields = std::move(fields);
  return finding;
}

}  // namespace safelight::marks

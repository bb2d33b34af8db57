#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "safelight/evidence/finding.h"
#include "safelight/provenance/marks/limits.h"
#include "safelight/provenance/marks/prompt.h"

namespace safelight::marks {

/// What one rule recognised.
class Mark {
 public:
  /// All views are of text of static storage duration.
  Mark(std::string_view kind, std::string_view rule, std::string_view generator, const Place& place,
       const MarksLimits& limits)
      : kind_(kind), rule_(rule), generator_(generator), place_(place), limits_(limits) {}

  /// What the finding says, without any text of the file.
  void state(std::string statement) { statement_ = std::move(statement); }
  /// Keeps a value under a name of docs/findings.md, once; nothing where it is empty.
  void fact(std::string_view name, std::string value);
  /// Keeps a prompt; likewise.
  void prompt(PromptKind kind, std::string_view text);

  [[nodiscard]] std::string_view generator() const { return generator_; }
  [[nodiscard]] const std::vector<Prompt>& prompts() const { return prompts_; }
  /// The finding. Values are left out that hold one of `all_prompts`, those of all the file's
  /// marks.
  [[nodiscard]] Finding finding(const std::vector<Prompt>& all_prompts) const;

 private:
  std::string_view kind_;
  std::string_view rule_;
  std::string_view generator_;
  Place place_;
  MarksLimits limits_;
  std::string statement_;
  std::vector<std::pair<std::string_view, std::string>> facts_;
  std::vector<Prompt> prompts_;
  size_t left_out_ = 0;  ///< Facts and prompts over their limits.
};

/// Prompts at least this long are looked for in the values of fields. Shorter ones are too likely
/// to be part of an honest name.
inline constexpr size_t kMinGuardedPromptBytes = 16;

/// A value as a field may show it: as it is, or as its digest where it is too long.
std::string field_value(std::string value, const MarksLimits& limits);
/// Takes fields away whose values hold a prompt.
void remove_prompts(Finding& finding, const std::vector<Prompt>& prompts);
std::string sha256_text(std::string_view text);

}  // namespace safelight::marks

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace safelight::marks {

/// Settings of one text that are read; real ones hold a few dozen.
inline constexpr size_t kMaxInfotextSettings = 512;

/// The text that AUTOMATIC1111's web UI and its relatives write: the prompt, a line that begins
/// with "Negative prompt: ", and a line of settings.
struct Infotext {
  std::string_view prompt;
  std::string_view negative_prompt;
  /// Names and values in their order, such as "CFG scale" and "5". Quotes are taken off, and what
  /// they escape is as it should be.
  std::vector<std::pair<std::string, std::string>> settings;

  /// The first value of that name; empty where there is none.
  [[nodiscard]] std::string_view value(std::string_view name) const;
};

/// Reads such a text; views are into it. Nothing where its last line that begins with "Steps: " and
/// a digit does not also hold two of the other settings that all writers give. Linear in the
/// text's length.
std::optional<Infotext> parse_infotext(std::string_view text);

/// The names in "<lora:NAME:WEIGHT>" (also lyco and hypernet), as prompts of that family name what
/// to load.
std::vector<std::string> lora_names_in(std::string_view prompt);

}  // namespace safelight::marks

#include "safelight/provenance/marks/internal/infotext.h"

#include <algorithm>
#include <array>

namespace safelight::marks {
namespace {

constexpr std::string_view kSteps = "Steps: ";
constexpr std::string_view kNegative = "Negative prompt:";
constexpr size_t kMaxNameBytes = 64;
/// A value in quotes or brackets is looked through so far; real ones are lists of resources.
constexpr size_t kMaxBalancedBytes = 65'536;
constexpr size_t kMaxLoraNameBytes = 128;
constexpr size_t kMaxLoraNames = 64;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) + 1 - first);
}

/// Where the last line of settings begins.
std::optional<size_t> find_settings(std::string_view text) {
  std::optional<size_t> found;
  for (size_t line = 0; line < text.size();) {
    const std::string_view rest = text.substr(line);
    if (rest.starts_with(kSteps) && rest.size() > kSteps.size() && is_digit(rest[kSteps.size()])) {
      found = line;
    }
    const size_t end = text.find('\n', line);
    if (end == std::string_view::npos) break;
    line = end + 1;
  }
  return found;
}

/// How much of `text` the value at its start takes: a quoted string, balanced brackets, or all up
/// to a comma or the end of the line.
size_t value_length(std::string_view text) {
  if (text.empty()) return 0;
  const bool quoted = text[0] == '"';
  if (quoted || text[0] == '{' || text[0] == '[') {
    size_t depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < std::min(text.size(), kMaxBalancedBytes); ++i) {
      const char c = text[i];
      if (in_string) {
        if (c == '\\') ++i;
        if (c == '"') in_string = false;
      } else if (c == '"') {
        in_string = true;
      } else if (c == '{' || c == '[') {
        ++depth;
      } else if (c == '}' || c == ']') {
        --depth;
      }
      if (!in_string && depth == 0) return std::min(i + 1, text.size());
    }
  }
  return std::min(text.find_first_of(",\n"), text.size());
}

std::string unquoted(std::string_view value) {
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return std::string(value);
  value = value.substr(1, value.size() - 2);
  std::string out;
  for (size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '\\' && i + 1 < value.size()) {
      ++i;
      out += value[i] == 'n' ? '\n' : value[i];
    } else {
      out += value[i];
    }
  }
  return out;
}

void parse_settings(std::string_view text, Infotext& out) {
  while (out.settings.size() < kMaxInfotextSettings) {
    while (!text.empty() && (text[0] == ' ' || text[0] == ',')) text.remove_prefix(1);
    const std::string_view head = text.substr(0, kMaxNameBytes);
    const size_t colon = head.find(':');
    if (colon == std::string_view::npos || head.find('\n') < colon) return;
    const std::string_view name = trimmed(head.substr(0, colon));
    text.remove_prefix(colon + 1);
    while (!text.empty() && text[0] == ' ') text.remove_prefix(1);
    const size_t length = value_length(text);
    out.settings.emplace_back(name, unquoted(trimmed(text.substr(0, length))));
    text.remove_prefix(length);
    // What stands between a value and the next comma belongs to nothing.
    const size_t next = std::min(text.find_first_of(",\n"), text.size());
    if (next == text.size() || text[next] == '\n') return;
    text.remove_prefix(next);
  }
}

}  // namespace

std::string_view Infotext::value(std::string_view name) const {
  const auto found = std::find_if(settings.begin(), settings.end(),
                                  [&](const auto& setting) { return setting.first == name; });
  return found == settings.end() ? std::string_view() : found->second;
}

std::optional<Infotext> parse_infotext(std::string_view text) {
  const auto settings = find_settings(text);
  if (!settings) return std::nullopt;
  Infotext out;
  parse_settings(text.substr(*settings), out);
  constexpr std::array<std::string_view, 6> kUsual = {"Sampler", "CFG scale",  "Seed",
                                                      "Size",    "Model hash", "Model"};
  const auto given = std::count_if(kUsual.begin(), kUsual.end(),
                                   [&](std::string_view name) { return !out.value(name).empty(); });
  if (given < 2) return std::nullopt;

  const std::string_view prompts = text.substr(0, *settings);
  size_t negative =
      prompts.starts_with(kNegative) ? 0 : prompts.find("\n" + std::string(kNegative));
  if (negative == std::string_view::npos) {
    out.prompt = trimmed(prompts);
  } else {
    out.prompt = trimmed(prompts.substr(0, negative));
    negative += prompts[negative] == '\n' ? 1 : 0;
    out.negative_prompt = trimmed(prompts.substr(negative + kNegative.size()));
  }
  return out;
}

std::vector<std::string> lora_names_in(std::string_view prompt) {
  std::vector<std::string> names;
  for (size_t at = prompt.find('<'); at != std::string_view::npos && names.size() < kMaxLoraNames;
       at = prompt.find('<', at + 1)) {
    const std::string_view tag = prompt.substr(at + 1, kMaxLoraNameBytes + 16);
    for (const std::string_view kind : {"lora:", "lyco:", "hypernet:"}) {
      if (!tag.starts_with(kind)) continue;
      const std::string_view name = tag.substr(kind.size());
      const size_t end = name.find_first_of(":<>\n");
      if (end == std::string_view::npos || end == 0 || end > kMaxLoraNameBytes) continue;
      if (name[end] == ':' || name[end] == '>') names.emplace_back(name.substr(0, end));
    }
  }
  return names;
}

}  // namespace safelight::marks

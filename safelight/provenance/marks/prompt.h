#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "safelight/evidence/finding.h"

namespace safelight::marks {

/// What a prompt asks for.
enum class PromptKind : uint8_t {
  positive,
  negative,    ///< What the picture should not show.
  unassigned,  ///< The text does not say which of the two.
};

/// A text that somebody gave a generator. It is untrusted, may be of any language and content, and
/// does not tell what the picture shows.
struct Prompt {
  PromptKind kind = PromptKind::unassigned;
  std::string text;       ///< UTF-8.
  std::string_view rule;  ///< That of the finding which gives its digest.
  Place place;            ///< Of the text in which it stands.
};

/// "positive", "negative" or "unassigned".
std::string_view to_text(PromptKind kind);

}  // namespace safelight::marks

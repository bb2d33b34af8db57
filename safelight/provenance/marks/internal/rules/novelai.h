#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "safelight/provenance/marks/internal/statement.h"

namespace safelight::marks {

/// The texts of a picture by NovelAI, as PNG or EXIF holds them.
struct NovelAi {
  const Statement* comment = nullptr;      ///< Settings as JSON.
  const Statement* description = nullptr;  ///< The prompt, or nullptr.
  std::string_view source;                 ///< Model and its hash; empty where absent.
  bool of_png = true;
};

/// Those that agree in at least two of its four signs: software, title, source, settings.
std::vector<NovelAi> novelai_texts(Statements& statements);

/// The settings as their raw JSON, also where they stand in an object inside another's "Comment";
/// empty where the statement is no JSON object.
std::string novelai_settings(Statements& statements, const Statement& comment);

}  // namespace safelight::marks

#pragma once

#include <cstddef>

namespace safelight::marks {

/// The bounds on what the texts of one file may make the rules do. Where one of the first five is
/// reached, a "partly_examined" finding says so, with its name as the rule.
struct MarksLimits {
  size_t max_json_bytes = 16u << 20;  ///< One text that is read as JSON.
  size_t max_json_depth = 64;         ///< Objects and arrays inside each other.
  size_t max_json_values = 262'144;   ///< Values of all JSON of a file together.
  size_t max_marks = 64;              ///< Marks of one file.
  size_t max_structures = 16;    ///< EXIF and XMP structures, each, read for camera and editor.
  size_t max_facts = 64;         ///< Values that one mark gives as fields; it counts the others.
  size_t max_prompts = 64;       ///< Prompts of one mark; likewise.
  size_t max_value_bytes = 256;  ///< A longer value is given as its digest.
};

}  // namespace safelight::marks

#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "safelight/casefile/writer.h"
#include "safelight/evidence/hit.h"

/// How a content and what is known of it is written as JSON and as text.
namespace safelight::app {

nlohmann::ordered_json to_json(const Finding& finding);
nlohmann::ordered_json to_json(const Hit& hit);
nlohmann::ordered_json to_json(const casefile::ExaminedContent& examined);

/// Lines of `label  value`, indented by `indent` spaces: what the content is, then its evidence of
/// origin by grade, then the other findings. Texts of the file are escaped as escape_name() does.
std::string to_lines(const casefile::ExaminedContent& examined, size_t indent);

/// JSON as text, with bytes that are not UTF-8 replaced.
std::string dump(const nlohmann::ordered_json& json, int indent);

}  // namespace safelight::app

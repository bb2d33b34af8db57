#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Pieces of markup that several sections of the HTML report are made of.
namespace safelight::report {

/// Such as "1 item", "2 items".
std::string counted(uint64_t number, std::string_view one, std::string_view many);

/// A number that sets one of the filters of the item table. `more`: further attributes.
std::string filter_button(std::string_view filter, std::string_view value, uint64_t number,
                          std::string_view more = "");

/// A label of the style that html/report.css has under that name. `text` is HTML.
std::string tag(std::string_view style, std::string_view text);

}  // namespace safelight::report

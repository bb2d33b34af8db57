#include "safelight/report/internal/html_parts.h"

#include "safelight/base/html_text.h"
#include "safelight/base/number_text.h"
#include "safelight/report/internal/text.h"

namespace safelight::report {

std::string counted(uint64_t number, std::string_view one, std::string_view many) {
  return grouped(number) + " " + std::string(number == 1 ? one : many);
}

std::string filter_button(std::string_view filter, std::string_view value, uint64_t number,
                          std::string_view more) {
  return "<button class=\"linkish\" data-show=\"" + std::string(filter) + "\" data-value=\"" +
         escape_html(value) + "\"" + std::string(more) + ">" + grouped(number) + "</button>";
}

std::string tag(std::string_view style, std::string_view text) {
  return "<span class=\"tag " + std::string(style) + "\">" + std::string(text) + "</span>";
}

}  // namespace safelight::report

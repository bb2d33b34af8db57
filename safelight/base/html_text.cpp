#include "safelight/base/html_text.h"

#include <cstdint>

#include "safelight/base/json_writer.h"

namespace safelight {

std::string escape_html(std::string_view text) {
  std::string out;
  const bool valid = is_utf8(text);
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        if (!valid && static_cast<uint8_t>(c) >= 0x80) {
          out += "&#xfffd;";
        } else {
          out += c;
        }
    }
  }
  return out;
}

}  // namespace safelight

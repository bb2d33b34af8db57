#pragma once

#include <string>
#include <string_view>

namespace safelight {

/// `text` for element content and quoted attributes of HTML. Bytes that are not UTF-8 become
/// U+FFFD.
std::string escape_html(std::string_view text);

}  // namespace safelight

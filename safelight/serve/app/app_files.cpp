#include "safelight/serve/app/app_files.h"

#include <array>
#include <utility>

namespace safelight::serve {

std::string_view media_type_of(std::string_view path) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kTypes = {
      {{".html", "text/html; charset=utf-8"},
       {".js", "text/javascript; charset=utf-8"},
       {".css", "text/css; charset=utf-8"},
       {".svg", "image/svg+xml"},
       {".woff2", "font/woff2"}}};
  for (const auto& [ending, type] : kTypes) {
    if (path.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

}  // namespace safelight::serve

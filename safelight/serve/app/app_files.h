#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace safelight::serve {

/// A file of the review app, as it was built.
struct AppFile {
  std::string_view path;  ///< "index.html", "assets/main-3f2a.js" ...
  std::span<const std::byte> bytes;
};

/// All files of the app, by path; none where it was not built (web/README.md).
std::span<const AppFile> app_files();

/// What browsers are told a file of that name is.
std::string_view media_type_of(std::string_view path);

/// What the pages of the app may do: load from this server alone, and nothing inline.
inline constexpr std::string_view kAppContentSecurityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; font-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'none'";

}  // namespace safelight::serve

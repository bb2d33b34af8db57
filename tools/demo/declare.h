#pragma once

#include <string_view>

#include "tools/demo/encode.h"

/// What files say about where they come from. Anybody can write it: the demo does.
namespace safelight::demo {

/// The JPEG with EXIF that names a camera and a time.
Bytes with_camera(const Bytes& jpeg, std::string_view make, std::string_view model);

/// The PNG with a text under a keyword, as generators keep their settings.
Bytes with_text(const Bytes& png, std::string_view keyword, std::string_view text);

}  // namespace safelight::demo

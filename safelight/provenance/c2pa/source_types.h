#pragma once

#include <string_view>

namespace safelight::c2pa {

/// The code of an IPTC digital source type in any of the forms in which it is written: a URI with
/// http or https, with a slash at its end, or the bare code. "" for anything else.
/// Source: cv.iptc.org/newscodes/digitalsourcetype (2025); two codes are C2PA's own.
std::string_view source_type_code(std::string_view text);

/// What the code means, such as "made by a trained model"; "" for one that is none.
std::string_view source_type_words(std::string_view code);

}  // namespace safelight::c2pa

#pragma once

#include <string>
#include <string_view>

namespace safelight::serve {

/// A short name for `text` of a case: 16 hexadecimal digits of a SHA-256. Equal for equal texts of
/// one `kind`, and says nothing of a text to who could not guess it.
std::string mark_of(std::string_view case_id, std::string_view kind, std::string_view text);

}  // namespace safelight::serve

#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "safelight/base/result.h"

namespace safelight::serve {

/// The one file of a form.
struct FormFile {
  std::string_view field;            ///< The name of its field.
  std::span<const std::byte> bytes;  ///< A view into the body.
};

/// Finds the file in a body of multipart/form-data that has one part and no more. `content_type` is
/// the header's value. Errors: unsupported, "form.type", for another media type; malformed,
/// "form.boundary", "form.part", "form.name", "form.parts" (more than one); truncated, "form.end";
/// limit_exceeded, "form.head" over kMaxPartHeadBytes. Source: RFC 7578, RFC 2046 section 5.1.
[[nodiscard]] Result<FormFile> file_of_form(std::string_view content_type,
                                            std::span<const std::byte> body);

inline constexpr size_t kMaxPartHeadBytes = 4 << 10;

}  // namespace safelight::serve

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace safelight::serve {

/// The methods that a route can have; CONNECT and TRACE are never served.
enum class Method : uint8_t { get, head, post, put, patch, del, options };

/// As it stands in a request, such as "DELETE".
std::string_view to_text(Method method);

/// The method of that name (in capitals, as HTTP has it); nothing for any other.
std::optional<Method> method_from_text(std::string_view text);

}  // namespace safelight::serve

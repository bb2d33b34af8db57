#pragma once

#include <cstdint>
#include <string_view>

namespace safelight {

/// What a list says of an entry in a yes-or-no column, or that it does not say.
enum class Stated : uint8_t { not_stated = 0, no = 1, yes = 2 };

constexpr std::string_view to_text(Stated stated) {
  return stated == Stated::yes ? "yes" : stated == Stated::no ? "no" : "not_stated";
}

}  // namespace safelight

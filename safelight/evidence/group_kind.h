#pragma once

#include <cstdint>
#include <string_view>

namespace safelight {

/// What the items of a group have in common.
enum class GroupKind : uint8_t {
  exact,  ///< The same bytes (SHA-256).
  near,   ///< Pictures that look alike: fingerprints within a radius of the centre's.
};

constexpr std::string_view to_text(GroupKind kind) {
  return kind == GroupKind::exact ? "exact" : "near";
}

}  // namespace safelight

#pragma once

#include <span>
#include <string_view>

namespace safelight::synthesis {

/// The names of all_transformations(), in their order, for who asks for them and links none of what
/// they are made of.
std::span<const std::string_view> transformation_names();

}  // namespace safelight::synthesis

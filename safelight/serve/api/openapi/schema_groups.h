#pragma once

#include <string_view>

/// The schemas by what they are about: members of one JSON object, without its braces.
namespace safelight::serve {

std::string_view account_schemas();
std::string_view case_schemas();
std::string_view queue_schemas();
std::string_view item_schemas();
std::string_view exposure_schemas();

}  // namespace safelight::serve

#pragma once

#include <string_view>

#include "safelight/metadata/iptc/digital_source_type.h"

namespace safelight::c2pa {

/// What a source type means, such as "made by a trained model".
std::string_view source_type_words(metadata::DigitalSourceType type);

}  // namespace safelight::c2pa

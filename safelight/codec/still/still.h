#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "safelight/base/limits.h"
#include "safelight/base/result.h"
#include "safelight/codec/decode.h"
#include "safelight/codec/format.h"

namespace safelight::codec {

/// What a picture file of `format` holds, without decoding pixels. Formats: those whose
/// handling_of() is Handling::still_worker; any other is an error (unsupported, "still.format").
/// Other errors: those of the format's own function.
Result<Layout> still_layout(Format format, std::span<const std::byte> file, const Limits& limits);

/// Decodes the main picture of `file`, or its member of that index. A member with a length of its
/// own (a thumbnail, a picture of a multi-picture file) is a file: decode those bytes, by their own
/// format, instead. Errors: as still_layout(); not_found for a member that is not there.
Result<Decoded> decode_still(Format format, std::span<const std::byte> file,
                             std::optional<uint32_t> member, const DecodeRequest& request);

}  // namespace safelight::codec

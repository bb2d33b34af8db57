#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "safelight/base/limits.h"
#include "safelight/codec/decode.h"

namespace safelight::codec {

/// Adds the remark "trailing_data" where the file goes on behind the end of its picture.
void remark_trailing_data(Layout& layout, uint64_t end_offset_bytes, uint64_t file_bytes);

/// Adds the remark "damaged_structure": what stands from the error's offset on was not looked at.
void remark_damage(Layout& layout, const Error& damage, uint64_t file_bytes);

/// Adds the remark "more_members" for `count` further pictures, unless that is 0. `of` names them,
/// such as "frames".
void remark_more_members(Layout& layout, uint64_t count, std::string_view of);

/// Adds a member with the next index. False once Limits::max_picture_members is reached.
bool add_member(Layout& layout, const Limits& limits, Member member);

}  // namespace safelight::codec

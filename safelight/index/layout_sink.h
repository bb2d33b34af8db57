#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace safelight {

/// Takes a piece of a layout that is written piece by piece: `bytes` belong at `offset_bytes`, and
/// are gone when the call returns. It is called from several threads at a time, as pwrite() may be,
/// and must be safe for that. What it throws ends the writing, and reaches whoever began that.
using LayoutSink = std::function<void(uint64_t offset_bytes, std::span<const std::byte> bytes)>;

}  // namespace safelight

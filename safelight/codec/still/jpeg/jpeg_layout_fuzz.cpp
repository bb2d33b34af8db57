#include <cstdlib>

#include "safelight/codec/still/jpeg/jpeg.h"

namespace {

using namespace safelight;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

/// Members lie inside the file and are numbered in order; their number and that of remarks is
/// bounded; errors name a rule and a place inside the file.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto file = std::as_bytes(std::span(data, size));
  Limits limits;
  limits.max_picture_members = 8;
  const auto layout = codec::jpeg_layout(file, limits);
  if (!layout) {
    require(!layout.error().rule.empty() && layout.error().offset_bytes <= size);
    return 0;
  }
  require(layout->exif_orientation >= 1 && layout->exif_orientation <= 8);
  require(layout->members.size() <= limits.max_picture_members);
  require(layout->remarks.size() <= 64);
  for (size_t i = 0; i < layout->members.size(); ++i) {
    const codec::Member& member = layout->members[i];
    require(member.index == i && member.length_bytes > 0);
    require(member.offset_bytes <= size && member.length_bytes <= size - member.offset_bytes);
  }
  return 0;
}

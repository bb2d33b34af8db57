#include "safelight/codec/layout_remarks.h"

#include <string>

namespace safelight::codec {

void remark_trailing_data(Layout& layout, uint64_t end_offset_bytes, uint64_t file_bytes) {
  if (end_offset_bytes >= file_bytes) return;
  const uint64_t length = file_bytes - end_offset_bytes;
  layout.remarks.push_back(
      {.kind = "trailing_data",
       .statement = std::to_string(length) + " bytes follow the end of the picture.",
       .offset_bytes = end_offset_bytes,
       .length_bytes = length,
       .leaves_content_unexamined = true});
}

void remark_damage(Layout& layout, const Error& damage, uint64_t file_bytes) {
  const uint64_t length =
      damage.offset_bytes < file_bytes ? file_bytes - damage.offset_bytes : uint64_t{0};
  layout.remarks.push_back({.kind = "damaged_structure",
                            .statement = "The structure of the file breaks off (" +
                                         std::string(damage.rule) +
                                         "); what follows was not looked at.",
                            .offset_bytes = damage.offset_bytes,
                            .length_bytes = length,
                            .leaves_content_unexamined = true});
}

void remark_more_members(Layout& layout, uint64_t count, std::string_view of) {
  if (count == 0) return;
  layout.remarks.push_back({.kind = "more_members",
                            .statement = std::to_string(count) + " further " + std::string(of) +
                                         " were not looked at (max_picture_members).",
                            .leaves_content_unexamined = true});
}

bool add_member(Layout& layout, const Limits& limits, Member member) {
  if (layout.members.size() >= limits.max_picture_members) return false;
  member.index = static_cast<uint32_t>(layout.members.size());
  layout.members.push_back(member);
  return true;
}

}  // namespace safelight::codec

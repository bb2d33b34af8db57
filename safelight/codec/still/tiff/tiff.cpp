#include "safelight/codec/still/tiff/tiff.h"

#include <algorithm>
#include <vector>

#include "safelight/codec/layout_remarks.h"
#include "safelight/codec/picture_output.h"
#include "safelight/codec/still/tiff/tiff_pixels.h"
#include "safelight/codec/still/tiff/tiff_session.h"
#include "safelight/codec/still/tiff/tiff_structure.h"

namespace safelight::codec {
namespace {

Result<TiffStructure> read_checked(std::span<const std::byte> file, const Limits& limits) {
  SAFELIGHT_TRY(TiffStructure structure, read_tiff_structure(file, limits));
  SAFELIGHT_CHECK(
      check_size(structure.width, structure.height, limits, structure.size_offset_bytes));
  return structure;
}

Result<Decoded> decode_directory(std::span<const std::byte> file, uint64_t offset_bytes,
                                 const DecodeRequest& request) {
  SAFELIGHT_TRY(TiffSession session, TiffSession::open(file, offset_bytes, request.limits));
  const TiffPixels pixels(session.header());
  const PictureShape shape = pixels.shape();
  PictureOutput output(request);
  output.begin(shape, session.header().colour == TiffColour::cmyk ? GreyPictures::three_channels
                                                                  : GreyPictures::one_channel);
  std::vector<uint8_t> row(shape.row_bytes());
  const std::vector<uint8_t> black(shape.row_bytes());
  const auto take = [&](uint32_t y, TiffSession::Planes planes) {
    for (uint32_t missing = output.next_row(); missing < y; ++missing) {
      output.rows(missing, black);
    }
    if (!output.needs(y)) {
      output.made_until(y + 1);
      return;
    }
    pixels.convert(planes, row);
    output.rows(y, row);
  };
  SAFELIGHT_TRY(const std::optional<Error> incomplete, session.read_rows(take));
  return std::move(output).finish(incomplete);
}

}  // namespace

Result<Layout> tiff_layout(std::span<const std::byte> file, const Limits& limits) {
  SAFELIGHT_TRY(const TiffStructure structure, read_checked(file, limits));
  Layout layout;
  layout.width = structure.width;
  layout.height = structure.height;
  layout.exif_orientation = structure.orientation;
  for (const TiffMember& found : structure.members) add_member(layout, limits, found.member);
  remark_more_members(layout, structure.more_members, "pictures");
  if (structure.damage) {
    // Directories stand anywhere, so nothing can be said of the bytes behind a broken one.
    Error damage = *structure.damage;
    damage.offset_bytes = std::min<uint64_t>(damage.offset_bytes, file.size());
    remark_damage(layout, damage, damage.offset_bytes);
  }
  return layout;
}

Result<Decoded> decode_tiff(std::span<const std::byte> file, std::optional<uint32_t> member,
                            const DecodeRequest& request) {
  SAFELIGHT_TRY(const TiffStructure structure, read_checked(file, request.limits));
  if (!member) return decode_directory(file, structure.first_directory_offset_bytes, request);
  if (*member >= structure.members.size() || structure.members[*member].member.length_bytes > 0) {
    return Error{ErrorCode::not_found, "tiff.member"};
  }
  return decode_directory(file, structure.members[*member].directory_offset_bytes, request);
}

}  // namespace safelight::codec

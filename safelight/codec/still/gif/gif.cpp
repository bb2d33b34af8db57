#include "safelight/codec/still/gif/gif.h"

#include <algorithm>
#include <array>
#include <vector>

#include "safelight/codec/canvas.h"
#include "safelight/codec/layout_remarks.h"
#include "safelight/codec/picture_output.h"
#include "safelight/codec/still/gif/gif_session.h"
#include "safelight/codec/still/gif/gif_structure.h"

namespace safelight::codec {
namespace {

constexpr uint64_t kSizeInDescriptor = 5;  ///< Offset of the width in an image descriptor.

/// Rows of a picture in the order in which an interlaced file stores them.
std::vector<uint32_t> stored_order(uint32_t height, bool interlaced) {
  struct Pass {
    uint32_t first;
    uint32_t step;
  };
  constexpr std::array<Pass, 4> kInterlaced = {{{0, 8}, {4, 8}, {2, 4}, {1, 2}}};
  constexpr std::array<Pass, 1> kPlain = {{{0, 1}}};
  std::vector<uint32_t> order;
  const auto passes =
      interlaced ? std::span<const Pass>(kInterlaced) : std::span<const Pass>(kPlain);
  for (const Pass& pass : passes) {
    for (uint32_t y = pass.first; y < height; y += pass.step) order.push_back(y);
  }
  return order;
}

/// The indices of an interlaced picture, row by row from the top; a row that did not come is empty.
struct Indices {
  std::vector<std::vector<uint8_t>> rows;
  std::optional<Error> incomplete;
};

Indices read_all(GifSession& session, const FramePlace& place) {
  Indices indices;
  indices.rows.resize(place.height);
  for (const uint32_t y : stored_order(place.height, session.interlaced())) {
    std::vector<uint8_t> row(place.width);
    indices.incomplete = session.read_row(row);
    if (indices.incomplete) break;
    indices.rows[y] = std::move(row);
  }
  return indices;
}

/// Success if the size of a picture, and what reading it takes, is within the limits.
Result<void> check_frame(const GifFrame& frame, const Limits& limits) {
  const uint64_t offset = frame.offset_bytes + kSizeInDescriptor;
  SAFELIGHT_CHECK(check_size(frame.place.width, frame.place.height, limits, offset));
  // Indices; a vector a row.
  const uint64_t row_bytes = frame.place.width + sizeof(std::vector<uint8_t>) + 16;
  return check_memory(frame.place.height, row_bytes, limits, offset);
}

void convert(std::span<const uint8_t> indices, const GifSession::Palette& palette,
             std::span<uint8_t> rgb) {
  for (size_t x = 0; x < indices.size(); ++x) {
    std::copy_n(palette[indices[x]].begin(), 3, rgb.begin() + static_cast<std::ptrdiff_t>(3 * x));
  }
}

Result<Decoded> decode_first(std::span<const std::byte> file, const GifStructure& structure,
                             const DecodeRequest& request) {
  const GifFrame& frame = structure.frames.front();
  SAFELIGHT_TRY(GifSession session, GifSession::open(file, structure, frame));
  PictureOutput output(request);
  output.begin({frame.place.width, frame.place.height, 3});
  std::vector<uint8_t> rgb(size_t{frame.place.width} * 3);
  std::optional<Error> incomplete;
  const auto hand_out = [&](uint32_t y, std::span<const uint8_t> indices) {
    convert(indices, session.palette(), rgb);
    output.rows(y, rgb);
  };
  if (!session.interlaced()) {
    std::vector<uint8_t> indices(frame.place.width);
    for (uint32_t y = 0; y < frame.place.height; ++y) {
      incomplete = session.read_row(indices);
      if (incomplete) break;
      hand_out(y, indices);
    }
    return std::move(output).finish(incomplete);
  }
  const Indices all = read_all(session, frame.place);
  if (all.rows.front().empty()) return all.incomplete.value();
  for (uint32_t y = 0; y < frame.place.height; ++y) {
    if (all.rows[y].empty()) {
      std::fill(rgb.begin(), rgb.end(), uint8_t{0});
      output.rows(y, rgb);
    } else {
      hand_out(y, all.rows[y]);
    }
  }
  return std::move(output).finish(all.incomplete);
}

/// Draws one picture on the canvas. Gives what is missing of it, if anything is.
std::optional<Error> draw(std::span<const std::byte> file, const GifStructure& structure,
                          const GifFrame& frame, Canvas& canvas) {
  auto session = GifSession::open(file, structure, frame);
  if (!session) return session.error();
  const Indices indices = read_all(*session, frame.place);
  std::vector<uint8_t> rgba(size_t{frame.place.width} * frame.place.height * 4);
  uint8_t* pixel = rgba.data();
  for (const auto& row : indices.rows) {
    for (size_t x = 0; x < frame.place.width; ++x, pixel += 4) {
      if (row.empty() || row[x] == frame.transparent_index) continue;
      std::copy_n(session->palette()[row[x]].begin(), 3, pixel);
      pixel[3] = 255;
    }
  }
  canvas.show(frame.place, frame.disposal, Blend::over, rgba);
  return indices.incomplete;
}

/// Draws the animation up to its picture `last` and hands out the canvas.
Result<Decoded> decode_canvas(std::span<const std::byte> file, const GifStructure& structure,
                              size_t last, const DecodeRequest& request) {
  constexpr uint64_t kScreenOffset = 6;
  const FramePlace& first = structure.frames.front().place;
  // A screen without a size takes that of the first picture, as browsers do.
  const bool has_screen = structure.screen_width > 0 && structure.screen_height > 0;
  const uint32_t width = has_screen ? structure.screen_width : first.x + first.width;
  const uint32_t height = has_screen ? structure.screen_height : first.y + first.height;
  SAFELIGHT_CHECK(check_size(width, height, request.limits, kScreenOffset));
  SAFELIGHT_CHECK(check_memory(uint64_t{width} * height, kAnimationBytesPerPixel, request.limits,
                               kScreenOffset));
  Canvas canvas(width, height);
  std::optional<Error> incomplete;
  for (size_t i = 0; i <= last; ++i) {
    const GifFrame& frame = structure.frames[i];
    SAFELIGHT_CHECK(check_frame(frame, request.limits));
    SAFELIGHT_CHECK(check_memory(uint64_t{frame.place.width} * frame.place.height,
                                 kAnimationBytesPerPixel, request.limits, frame.offset_bytes));
    const auto missing = draw(file, structure, frame, canvas);
    if (missing && !incomplete) incomplete = missing;
  }
  PictureOutput output(request);
  canvas.hand_out(output);
  return std::move(output).finish(incomplete);
}

/// The structure, with a first picture within the limits.
Result<GifStructure> read_checked(std::span<const std::byte> file, const Limits& limits) {
  SAFELIGHT_TRY(GifStructure structure, read_gif_structure(file, limits));
  if (structure.frames.empty()) {
    return structure.damage.value_or(
        Error::at(ErrorCode::malformed, "gif.no-picture", structure.first_block_offset_bytes));
  }
  SAFELIGHT_CHECK(check_frame(structure.frames.front(), limits));
  return structure;
}

}  // namespace

Result<Layout> gif_layout(std::span<const std::byte> file, const Limits& limits) {
  SAFELIGHT_TRY(const GifStructure structure, read_checked(file, limits));
  Layout layout;
  layout.width = structure.frames.front().place.width;
  layout.height = structure.frames.front().place.height;
  uint64_t left_out = structure.more_frames;
  for (size_t i = 1; i < structure.frames.size(); ++i) {
    const Member member = {.kind = Member::Kind::frame,
                           .offset_bytes = structure.frames[i].offset_bytes};
    if (!add_member(layout, limits, member)) ++left_out;
  }
  remark_more_members(layout, left_out, "frames");
  if (structure.damage) remark_damage(layout, *structure.damage, file.size());
  if (structure.end_offset_bytes) {
    remark_trailing_data(layout, *structure.end_offset_bytes, file.size());
  }
  return layout;
}

Result<Decoded> decode_gif(std::span<const std::byte> file, std::optional<uint32_t> member,
                           const DecodeRequest& request) {
  SAFELIGHT_TRY(const GifStructure structure, read_checked(file, request.limits));
  if (!member) return decode_first(file, structure, request);
  const size_t frame = size_t{*member} + 1;
  if (*member >= request.limits.max_picture_members || frame >= structure.frames.size()) {
    return Error{ErrorCode::not_found, "gif.member"};
  }
  return decode_canvas(file, structure, frame, request);
}

}  // namespace safelight::codec

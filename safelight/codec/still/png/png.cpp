#include "safelight/codec/still/png/png.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "safelight/codec/canvas.h"
#include "safelight/codec/layout_remarks.h"
#include "safelight/codec/picture_output.h"
#include "safelight/codec/still/png/png_rebuild.h"
#include "safelight/codec/still/png/png_session.h"
#include "safelight/codec/still/png/png_structure.h"

namespace safelight::codec {
namespace {

constexpr uint64_t kSizeOffset = 16;  ///< Of the width in IHDR.

/// Turns rows as PngSession gives them into rows of a picture.
class RowConverter {
 public:
  explicit RowConverter(const PngSession& session)
      : header_(session.header()),
        palette_(session.palette()),
        transparent_(session.transparent()) {
    const auto see_through = [](const PngColour& colour) { return colour.alpha != 255; };
    has_alpha_ = header_.channels == 2 || header_.channels == 4 || transparent_.has_value() ||
                 (header_.palette && std::any_of(palette_.begin(), palette_.end(), see_through));
  }

  /// Whether pixels may be other than opaque.
  [[nodiscard]] bool has_alpha() const { return has_alpha_; }

  [[nodiscard]] PictureShape shape() const {
    return {header_.width, header_.height, header_.palette || header_.channels >= 3 ? 3u : 1u};
  }

  /// Red, green and blue, or grey. Alpha is dropped.
  void convert(std::span<const uint8_t> row, std::span<uint8_t> out) const {
    if (header_.palette) {
      for (size_t x = 0; x < row.size(); ++x) {
        const PngColour& colour = palette_[row[x]];
        out[3 * x] = colour.red;
        out[3 * x + 1] = colour.green;
        out[3 * x + 2] = colour.blue;
      }
      return;
    }
    const size_t kept = header_.channels >= 3 ? 3 : 1;
    const size_t stored = header_.channels;
    for (size_t x = 0; x < header_.width; ++x) {
      for (size_t c = 0; c < kept; ++c) out[kept * x + c] = sample8(row, stored * x + c);
    }
  }

  /// Red, green, blue and alpha.
  void convert_rgba(std::span<const uint8_t> row, std::span<uint8_t> out) const {
    const size_t stored = header_.channels;
    const bool colour = stored >= 3;
    const bool alpha = stored == 2 || stored == 4;
    for (size_t x = 0; x < header_.width; ++x) {
      uint8_t* pixel = out.data() + 4 * x;
      if (header_.palette) {
        const PngColour& entry = palette_[row[x]];
        pixel[0] = entry.red;
        pixel[1] = entry.green;
        pixel[2] = entry.blue;
        pixel[3] = entry.alpha;
        continue;
      }
      for (size_t c = 0; c < 3; ++c) pixel[c] = sample8(row, stored * x + (colour ? c : 0));
      pixel[3] = alpha ? sample8(row, stored * x + stored - 1) : opacity(row, stored * x);
    }
  }

 private:
  [[nodiscard]] uint32_t sample(std::span<const uint8_t> row, size_t index) const {
    return header_.wide ? uint32_t{row[2 * index]} << 8 | row[2 * index + 1] : row[index];
  }

  [[nodiscard]] uint8_t sample8(std::span<const uint8_t> row, size_t index) const {
    if (header_.wide) return narrow_16_to_8(sample(row, index));
    // 1, 2 and 4 bits: 255 is a multiple of each maximum.
    return header_.bit_depth == 8
               ? row[index]
               : static_cast<uint8_t>(row[index] * (255 / ((1u << header_.bit_depth) - 1)));
  }

  [[nodiscard]] uint8_t opacity(std::span<const uint8_t> row, size_t first) const {
    if (!transparent_) return 255;
    for (size_t c = 0; c < header_.channels; ++c) {
      if (sample(row, first + c) != (*transparent_)[c]) return 255;
    }
    return 0;
  }

  PngHeader header_;
  std::array<PngColour, 256> palette_;
  std::optional<std::array<uint16_t, 3>> transparent_;
  bool has_alpha_ = false;
};

/// Values in sRGB of samples that are proportional to light, as ImageMagick 6 makes them.
std::array<uint8_t, 256> srgb_of_linear() {
  std::array<uint8_t, 256> table{};
  for (uint32_t sample = 0; sample < table.size(); ++sample) {
    const double light = sample / 255.0;
    const double value =
        light <= 0.0031306684425005883 ? 12.92 * light : 1.055 * std::pow(light, 1 / 2.4) - 0.055;
    table[sample] = round_16_to_8(static_cast<uint32_t>(65535 * value + 0.5));
  }
  return table;
}

/// Reads every pass of an interlaced picture into `rows`. False where reading stopped before the
/// first pass was done.
bool read_passes(PngSession& session, std::span<uint8_t> rows) {
  const size_t row_bytes = session.row_bytes();
  for (int pass = 0; pass < session.passes(); ++pass) {
    for (uint32_t y = 0; y < session.header().height; ++y) {
      if (!session.read_row(rows.subspan(y * row_bytes, row_bytes))) return pass > 0;
    }
  }
  return true;
}

/// Calls `take(y, row)` for each row, until they end.
template <typename Take>
Result<void> for_each_row(PngSession& session, const Limits& limits, const Take& take) {
  const uint32_t height = session.header().height;
  const size_t row_bytes = session.row_bytes();
  if (!session.header().interlaced) {
    std::vector<uint8_t> row(row_bytes);
    for (uint32_t y = 0; y < height; ++y) {
      if (!session.read_row(row)) return {};
      take(y, std::span<const uint8_t>(row));
    }
    return {};
  }
  SAFELIGHT_CHECK(check_memory(height, row_bytes, limits, kSizeOffset));
  std::vector<uint8_t> rows(height * row_bytes);
  if (!read_passes(session, rows)) return {};
  for (uint32_t y = 0; y < height; ++y) {
    take(y, std::span<const uint8_t>(rows).subspan(y * row_bytes, row_bytes));
  }
  return {};
}

Result<Decoded> decode_main(std::span<const std::byte> file, const DecodeRequest& request) {
  SAFELIGHT_TRY(PngSession session, PngSession::open(file));
  const RowConverter converter(session);
  PictureOutput output(request);
  const PictureShape shape = converter.shape();
  PictureShape stored_shape = shape;
  if (converter.has_alpha()) stored_shape.channels = 4;
  if (output.wants_lossless()) output.begin_lossless(stored_shape);
  output.begin(shape);
  std::vector<uint8_t> converted(shape.row_bytes());
  std::vector<uint8_t> with_alpha(stored_shape.row_bytes());
  const auto take = [&](uint32_t y, std::span<const uint8_t> row) {
    if (!output.needs(y)) {
      output.made_until(y + 1);
      return;
    }
    converter.convert(row, converted);
    // Of an interlaced picture that breaks off, pixels of any row may be made up.
    if (output.wants_lossless() && !(session.header().interlaced && session.damage())) {
      if (converter.has_alpha()) converter.convert_rgba(row, with_alpha);
      output.lossless_rows(y, converter.has_alpha() ? with_alpha : converted);
    }
    output.rows(y, converted);
  };
  SAFELIGHT_CHECK(for_each_row(session, request.limits, take));
  if (output.next_row() == session.header().height) session.read_end();
  SAFELIGHT_TRY(Decoded decoded, std::move(output).finish(session.damage()));
  // The pipe in PDQ's reference looks for grey first, and leaves that as it is.
  if (session.header().linear_light && decoded.nearest.shape.channels == 3) {
    const auto table = srgb_of_linear();
    for (uint8_t& sample : decoded.nearest.samples) sample = table[sample];
  }
  return decoded;
}

/// Draws the animation up to its frame `last` and hands out the canvas.
Result<Decoded> decode_frame(std::span<const std::byte> file, const PngStructure& structure,
                             size_t last, const DecodeRequest& request) {
  const uint64_t pixels = uint64_t{structure.width} * structure.height;
  SAFELIGHT_CHECK(check_memory(pixels, kAnimationBytesPerPixel, request.limits, kSizeOffset));
  Canvas canvas(structure.width, structure.height);
  std::optional<Error> incomplete;
  for (size_t i = 0; i <= last; ++i) {
    const PngFrame& frame = structure.frames[i];
    if (uint64_t{frame.place.x} + frame.place.width > structure.width ||
        uint64_t{frame.place.y} + frame.place.height > structure.height || frame.place.width == 0 ||
        frame.place.height == 0) {
      return Error::at(ErrorCode::malformed, "png.frame-place", frame.offset_bytes);
    }
    const std::vector<std::byte> still = rebuild_still(file, structure, frame);
    std::vector<uint8_t> rgba(size_t{frame.place.width} * frame.place.height * 4);
    std::optional<Error> damage;
    if (auto session = PngSession::open(still)) {
      const RowConverter converter(*session);
      const size_t row_bytes = size_t{frame.place.width} * 4;
      SAFELIGHT_CHECK(
          for_each_row(*session, request.limits, [&](uint32_t y, std::span<const uint8_t> row) {
            converter.convert_rgba(row, std::span(rgba).subspan(y * row_bytes, row_bytes));
          }));
      damage = session->damage();
    } else {
      damage = session.error();
    }
    // Offsets in the rebuilt file mean nothing; the frame's own place does.
    if (damage && !incomplete) {
      incomplete = Error::near(damage->code, damage->rule, frame.offset_bytes);
    }
    canvas.show(frame.place, frame.disposal, frame.blend, rgba);
  }
  if (!incomplete && structure.damage && last + 1 == structure.frames.size()) {
    incomplete = structure.damage;
  }
  PictureOutput output(request);
  canvas.hand_out(output);
  return std::move(output).finish(incomplete);
}

}  // namespace

Result<Layout> png_layout(std::span<const std::byte> file, const Limits& limits) {
  SAFELIGHT_TRY(const PngStructure structure, read_png_structure(file, limits));
  SAFELIGHT_CHECK(check_size(structure.width, structure.height, limits, kSizeOffset));
  Layout layout;
  layout.width = structure.width;
  layout.height = structure.height;
  layout.exif_orientation = structure.exif_orientation;
  uint64_t left_out = structure.more_frames;
  for (size_t i = structure.main_is_first_frame ? 1 : 0; i < structure.frames.size(); ++i) {
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

Result<Decoded> decode_png(std::span<const std::byte> file, std::optional<uint32_t> member,
                           const DecodeRequest& request) {
  SAFELIGHT_TRY(const PngStructure structure, read_png_structure(file, request.limits));
  SAFELIGHT_CHECK(check_size(structure.width, structure.height, request.limits, kSizeOffset));
  if (!member) return decode_main(file, request);
  const size_t frame = uint64_t{*member} + (structure.main_is_first_frame ? 1 : 0);
  if (*member >= request.limits.max_picture_members || frame >= structure.frames.size()) {
    return Error{ErrorCode::not_found, "png.member"};
  }
  return decode_frame(file, structure, frame, request);
}

}  // namespace safelight::codec

#include "safelight/codec/heif/heif.h"

#include <algorithm>
#include <array>
#include <libheif/heif.h>
#include <memory>
#include <new>
#include <vector>

#include "safelight/codec/layout_remarks.h"
#include "safelight/codec/picture_output.h"
#include "safelight/metadata/container/bmff_boxes.h"

namespace safelight::codec {
namespace {

struct ContextDeleter {
  void operator()(heif_context* context) const { heif_context_free(context); }
};
struct HandleDeleter {
  void operator()(heif_image_handle* handle) const { heif_image_handle_release(handle); }
};
struct ImageDeleter {
  void operator()(heif_image* image) const { heif_image_release(image); }
};
struct OptionsDeleter {
  void operator()(heif_decoding_options* options) const { heif_decoding_options_free(options); }
};
using Handle = std::unique_ptr<heif_image_handle, HandleDeleter>;
using Image = std::unique_ptr<heif_image, ImageDeleter>;

/// A picture besides the primary one.
struct Item {
  Member::Kind kind = Member::Kind::item;
  heif_item_id parent = 0;  ///< Whose thumbnail it is; 0 for one that stands by itself.
  heif_item_id id = 0;
};

/// One file opened by libheif.
class Session {
 public:
  Session(std::span<const std::byte> file, const Limits& limits) : file_(file), limits_(limits) {}

  Result<void> open() {
    context_.reset(heif_context_alloc());
    if (!context_) throw std::bad_alloc();
    const int side = static_cast<int>(std::min<uint32_t>(limits_.max_side_pixels, INT32_MAX));
    heif_context_set_maximum_image_size_limit(context_.get(), side);
    heif_context_set_max_decoding_threads(context_.get(), 0);
    SAFELIGHT_CHECK(check(heif_context_read_from_memory_without_copy(context_.get(), file_.data(),
                                                                     file_.size(), nullptr)));
    return check(heif_context_get_primary_image_ID(context_.get(), &primary_));
  }

  Result<Handle> primary() const { return handle_of({.id = primary_}); }

  Result<Handle> handle_of(const Item& item) const {
    heif_image_handle* raw = nullptr;
    if (item.parent == 0) {
      const auto got = check(heif_context_get_image_handle(context_.get(), item.id, &raw));
      Handle handle(raw);
      if (!got) return got.error();
      return handle;
    }
    SAFELIGHT_TRY(const Handle parent, handle_of({.id = item.parent}));
    const auto got = check(heif_image_handle_get_thumbnail(parent.get(), item.id, &raw));
    Handle handle(raw);
    if (!got) return got.error();
    return handle;
  }

  /// Further pictures, then thumbnails, in the order of the file; `limit` at most, counting on.
  std::vector<Item> items(size_t limit, uint64_t& left_out) const {
    std::vector<Item> items;
    left_out = 0;
    const auto add = [&](const Item& item) {
      if (items.size() < limit) {
        items.push_back(item);
      } else {
        ++left_out;
      }
    };
    const std::vector<heif_item_id> ids = top_level();
    for (const heif_item_id id : ids) {
      if (id != primary_) add({.kind = Member::Kind::item, .id = id});
    }
    for (const heif_item_id id : ids) {
      const auto handle = handle_of({.id = id});
      if (!handle) continue;
      const int count = heif_image_handle_get_number_of_thumbnails(handle->get());
      std::vector<heif_item_id> thumbnails(static_cast<size_t>(std::max(count, 0)));
      heif_image_handle_get_list_of_thumbnail_IDs(handle->get(), thumbnails.data(), count);
      for (const heif_item_id thumbnail : thumbnails) {
        add({.kind = Member::Kind::thumbnail, .parent = id, .id = thumbnail});
      }
    }
    return items;
  }

  /// The size of a picture as it is shown, within the limits.
  Result<PictureShape> shape_of(const Handle& handle) const {
    const int width = heif_image_handle_get_width(handle.get());
    const int height = heif_image_handle_get_height(handle.get());
    SAFELIGHT_CHECK(check_size(static_cast<uint64_t>(std::max(width, 0)),
                               static_cast<uint64_t>(std::max(height, 0)), limits_, 0));
    return PictureShape{static_cast<uint32_t>(width), static_cast<uint32_t>(height), 3};
  }

  Result<Image> decode(const Handle& handle) const {
    const std::unique_ptr<heif_decoding_options, OptionsDeleter> options(
        heif_decoding_options_alloc());
    if (!options) throw std::bad_alloc();
    options->convert_hdr_to_8bit = 1;
    heif_image* raw = nullptr;
    const auto decoded = check(heif_decode_image(handle.get(), &raw, heif_colorspace_YCbCr,
                                                 heif_chroma_420, options.get()));
    Image image(raw);
    if (!decoded) return decoded.error();
    return image;
  }

 private:
  std::vector<heif_item_id> top_level() const {
    const int count = heif_context_get_number_of_top_level_images(context_.get());
    std::vector<heif_item_id> ids(static_cast<size_t>(std::max(count, 0)));
    heif_context_get_list_of_top_level_image_IDs(context_.get(), ids.data(), count);
    return ids;
  }

  [[nodiscard]] Result<void> check(const heif_error& error) const {
    if (error.code == heif_error_Ok) return {};
    const uint64_t consumed = file_.size();
    if (error.subcode == heif_suberror_Security_limit_exceeded) {
      return Error::near(ErrorCode::limit_exceeded, "heif.security-limit", consumed);
    }
    if (error.subcode == heif_suberror_End_of_data) {
      return Error::near(ErrorCode::truncated, "heif.data", consumed);
    }
    switch (error.code) {
      case heif_error_Memory_allocation_error:
        return Error::near(ErrorCode::limit_exceeded, "max_decode_memory_bytes", consumed);
      case heif_error_Unsupported_filetype:
      case heif_error_Unsupported_feature:
        return Error::near(ErrorCode::unsupported, "heif.feature", consumed);
      case heif_error_Decoder_plugin_error:
        return Error::near(ErrorCode::malformed, "heif.data", consumed);
      default:
        return Error::near(ErrorCode::malformed, "heif.structure", consumed);
    }
  }

  std::span<const std::byte> file_;
  const Limits& limits_;
  std::unique_ptr<heif_context, ContextDeleter> context_;
  heif_item_id primary_ = 0;
};

/// One plane of 8 bits.
struct PlaneView {
  const uint8_t* samples = nullptr;
  size_t stride = 0;

  [[nodiscard]] const uint8_t* row(uint32_t y) const { return samples + y * stride; }
};

/// The plane of a channel, if it is of 8 bits and at least of the size given.
std::optional<PlaneView> plane_of(const Image& image, heif_channel channel, uint32_t width,
                                  uint32_t height) {
  int stride = 0;
  const uint8_t* samples = heif_image_get_plane_readonly(image.get(), channel, &stride);
  const bool fits = samples != nullptr && stride > 0 &&
                    heif_image_get_bits_per_pixel_range(image.get(), channel) == 8 &&
                    heif_image_get_width(image.get(), channel) >= static_cast<int>(width) &&
                    heif_image_get_height(image.get(), channel) >= static_cast<int>(height);
  if (!fits) return std::nullopt;
  return PlaneView{samples, static_cast<size_t>(stride)};
}

/// ImageMagick 6's way from YCbCr to red, green and blue: the numerical inverse of its way there,
/// which is why what should be 0 and 1 is so only nearly. It decides the last bit of one sample in
/// 250,000.
struct Weights {
  double luma;
  double blue;
  double red;
};
constexpr Weights kToRed = {0.99999999999914679361, -1.2188941887145875e-06, 1.4019995886561440468};
constexpr Weights kToGreen = {0.99999975910502514331, -0.34413567816504303521,
                              -0.71413649331646789076};
constexpr Weights kToBlue = {1.00000124040004623180, 1.77200006607230409200,
                             2.1453384174593273e-06};

/// What the samples of each plane add to one colour, in 16 bits.
struct ColourTables {
  std::array<double, 256> luma{};
  std::array<double, 256> blue{};
  std::array<double, 256> red{};

  explicit ColourTables(const Weights& weights) {
    for (size_t i = 0; i < luma.size(); ++i) {
      const double value = static_cast<double>(i) * 257;
      luma[i] = weights.luma * value;
      // No colour is half of the range, 127.5, and not 128.
      blue[i] = weights.blue * (value - 32767.5);
      red[i] = weights.red * (value - 32767.5);
    }
  }
};

uint8_t to_sample(double value) {
  if (value <= 0) return 0;
  if (value >= 65535) return 255;
  return round_16_to_8(static_cast<uint32_t>(value + 0.5));
}

void hand_out(const PlaneView& luma, const PlaneView& blue, const PlaneView& red,
              const PictureShape& shape, PictureOutput& output) {
  const std::array<ColourTables, 3> tables = {ColourTables(kToRed), ColourTables(kToGreen),
                                              ColourTables(kToBlue)};
  std::vector<uint8_t> row(shape.row_bytes());
  for (uint32_t y = 0; y < shape.height; ++y) {
    if (!output.needs(y)) {
      output.made_until(y + 1);
      continue;
    }
    const uint8_t* luma_row = luma.row(y);
    const uint8_t* blue_row = blue.row(y / 2);
    const uint8_t* red_row = red.row(y / 2);
    uint8_t* out = row.data();
    for (size_t x = 0; x < shape.width; ++x, out += 3) {
      const uint8_t l = luma_row[x];
      const uint8_t b = blue_row[x / 2];
      const uint8_t r = red_row[x / 2];
      for (size_t c = 0; c < 3; ++c) {
        out[c] = to_sample(tables[c].luma[l] + tables[c].blue[b] + tables[c].red[r]);
      }
    }
    output.rows(y, row);
  }
}

/// Content of the file besides pictures, as far as its boxes tell.
void remark_boxes(Layout& layout, const metadata::BmffBoxes& boxes, uint64_t file_bytes) {
  if (const metadata::BmffBox* film = boxes.find("mpvd")) {
    layout.remarks.push_back({.kind = "motion_photo_video",
                              .statement = "A film of a motion photo was not looked at.",
                              .offset_bytes = film->whole.offset_bytes,
                              .length_bytes = film->whole.length_bytes,
                              .leaves_content_unexamined = true});
  }
  if (const metadata::BmffBox* sequence = boxes.find("moov")) {
    layout.remarks.push_back({.kind = "image_sequence",
                              .statement = "A sequence of pictures was not looked at.",
                              .offset_bytes = sequence->whole.offset_bytes,
                              .length_bytes = sequence->whole.length_bytes,
                              .leaves_content_unexamined = true});
  }
  if (boxes.damage) remark_damage(layout, *boxes.damage, file_bytes);
}

}  // namespace

Result<Layout> heif_layout(std::span<const std::byte> file, const Limits& limits) {
  Session session(file, limits);
  SAFELIGHT_CHECK(session.open());
  SAFELIGHT_TRY(const Handle primary, session.primary());
  SAFELIGHT_TRY(const PictureShape shape, session.shape_of(primary));
  Layout layout;
  layout.width = shape.width;
  layout.height = shape.height;
  uint64_t left_out = 0;
  for (const Item& item : session.items(limits.max_picture_members, left_out)) {
    add_member(layout, limits, {.kind = item.kind});
  }
  remark_more_members(layout, left_out, "pictures");
  remark_boxes(layout, metadata::bmff_boxes(file, {}), file.size());
  return layout;
}

Result<Decoded> decode_heif(std::span<const std::byte> file, std::optional<uint32_t> member,
                            const DecodeRequest& request) {
  Session session(file, request.limits);
  SAFELIGHT_CHECK(session.open());
  Item item;
  if (member) {
    uint64_t left_out = 0;
    const auto items = session.items(request.limits.max_picture_members, left_out);
    if (*member >= items.size()) return Error{ErrorCode::not_found, "heif.member"};
    item = items[*member];
  }
  SAFELIGHT_TRY(const Handle handle, member ? session.handle_of(item) : session.primary());
  SAFELIGHT_TRY(const PictureShape stated, session.shape_of(handle));
  SAFELIGHT_CHECK(
      check_memory(uint64_t{stated.width} * stated.height, kHeifBytesPerPixel, request.limits, 0));
  SAFELIGHT_TRY(const Image image, session.decode(handle));
  const auto luma = plane_of(image, heif_channel_Y, stated.width, stated.height);
  const uint32_t chroma_width = (stated.width + 1) / 2;
  const uint32_t chroma_height = (stated.height + 1) / 2;
  const auto blue = plane_of(image, heif_channel_Cb, chroma_width, chroma_height);
  const auto red = plane_of(image, heif_channel_Cr, chroma_width, chroma_height);
  if (!luma || !blue || !red) {
    return Error::near(ErrorCode::malformed, "heif.size-mismatch", file.size());
  }
  PictureOutput output(request);
  output.begin(stated);
  hand_out(*luma, *blue, *red, stated, output);
  // Every pixel is there, but what follows may be cut off.
  return std::move(output).finish(metadata::bmff_boxes(file, {}).damage);
}

}  // namespace safelight::codec

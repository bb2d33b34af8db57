#pragma once

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "safelight/codec/decode.h"
#include "safelight/picture/nearest.h"

/// What tests and fuzz targets of every decoder share. A broken promise aborts, so that it is found
/// with and without a test around it.
namespace safelight::codec {

inline void promise(bool kept) {
  if (!kept) std::abort();
}

/// Keeps all rows, and holds a decoder to RowSink's contract.
class CheckedRows final : public RowSink {
 public:
  CheckedRows() = default;
  /// With 4 as `most_channels`, alpha may come besides.
  explicit CheckedRows(uint32_t most_channels) : most_channels_(most_channels) {}

  void begin(const PictureShape& shape) override {
    promise(!begun_ && shape.width > 0 && shape.height > 0);
    promise(shape.channels == 1 || shape.channels == 3 || shape.channels == most_channels_);
    begun_ = true;
    picture_.shape = shape;
  }
  void rows(uint32_t first_row, std::span<const uint8_t> samples) override {
    const size_t row_bytes = picture_.shape.row_bytes();
    promise(begun_ && !samples.empty() && samples.size() % row_bytes == 0);
    promise(first_row * row_bytes == picture_.samples.size());
    picture_.samples.insert(picture_.samples.end(), samples.begin(), samples.end());
    promise(picture_.samples.size() <= picture_.shape.height * row_bytes);
  }
  [[nodiscard]] const Picture& picture() const { return picture_; }

 private:
  uint32_t most_channels_ = 3;
  bool begun_ = false;
  Picture picture_;
};

struct WholeDecode {
  Decoded decoded;
  Picture picture;   ///< All rows.
  Picture lossless;  ///< What DecodeRequest::lossless_rows got: no channels where nothing.
};

/// What is stored without loss is what `rows` got, alpha besides, as far as it came.
inline void check_lossless(const Picture& lossless, const Picture& rows,
                           const std::optional<Error>& incomplete) {
  const PictureShape& shape = lossless.shape;
  if (shape.channels == 0) return;
  promise(shape.width == rows.shape.width && shape.height == rows.shape.height);
  promise(shape.channels == 4 || shape.channels == rows.shape.channels);
  const size_t pixels = lossless.samples.size() / shape.channels;
  promise(incomplete || pixels == size_t{shape.width} * shape.height);
  const size_t colours = std::min(shape.channels, 3u);
  for (size_t i = 0; i < pixels; ++i) {
    for (size_t c = 0; c < colours; ++c) {
      const size_t same = rows.shape.channels == 3 ? c : 0;
      promise(lossless.samples[i * shape.channels + c] ==
              rows.samples[i * rows.shape.channels + same]);
    }
  }
}

/// Whether the samples of `nearest` are those of the rows, or may be converted, each value to one.
enum class Tones { as_in_rows, may_be_converted };

/// Decodes with both kinds of output and checks that they agree with each other and with `decoded`.
inline Result<WholeDecode> decode_whole(
    const std::function<Result<Decoded>(const DecodeRequest&)>& decode, const Limits& limits = {},
    Tones tones = Tones::as_in_rows) {
  CheckedRows rows;
  CheckedRows lossless(4);
  const DecodeRequest request{
      .limits = limits, .nearest = true, .rows = &rows, .lossless_rows = &lossless};
  auto decoded = decode(request);
  if (!decoded) {
    promise(!decoded.error().rule.empty());
    return decoded.error();
  }
  const Picture& all = rows.picture();
  promise(all.shape == decoded->shape);
  promise(all.samples.size() == all.shape.height * all.shape.row_bytes());
  promise(all.shape.width <= limits.max_side_pixels && all.shape.height <= limits.max_side_pixels);
  if (decoded->incomplete) promise(!decoded->incomplete->rule.empty());
  NearestSink nearest;
  nearest.begin(all.shape);
  nearest.rows(0, all.samples);
  const Picture& expected = nearest.picture();
  const Picture& got = decoded->nearest;
  promise(got.shape.width == expected.shape.width && got.shape.height == expected.shape.height);
  promise(got.samples.size() == got.shape.height * got.shape.row_bytes());
  // A picture whose every pixel is grey comes in one channel.
  const size_t step = expected.shape.channels / got.shape.channels;
  const bool same = tones == Tones::as_in_rows || got.shape.channels == 1;
  std::array<std::optional<uint8_t>, 256> converted;
  for (size_t i = 0; i < got.samples.size(); ++i) {
    const uint8_t sample = expected.samples[i * step];
    if (!converted[sample]) converted[sample] = same ? sample : got.samples[i];
    promise(got.samples[i] == *converted[sample]);
  }
  check_lossless(lossless.picture(), all, decoded->incomplete);
  return WholeDecode{std::move(*decoded), all, lossless.picture()};
}

/// decode_whole() of a file's main picture, or of a member: `constexpr WholeFileDecoder<decode_png>
/// decode;` in a decoder's test.
template <auto kDecode>
struct WholeFileDecoder {
  Result<WholeDecode> operator()(std::span<const std::byte> file,
                                 std::optional<uint32_t> member = std::nullopt,
                                 const Limits& limits = {}) const {
    return decode_whole(
        [&](const DecodeRequest& request) { return kDecode(file, member, request); }, limits);
  }
  Result<WholeDecode> operator()(std::string_view file,
                                 std::optional<uint32_t> member = std::nullopt,
                                 const Limits& limits = {}) const {
    return (*this)(std::as_bytes(std::span(file)), member, limits);
  }
};

/// Limits under which a fuzz target stays quick.
inline Limits small_limits() {
  return {.max_pixels = 1 << 20,
          .max_side_pixels = 4096,
          .max_decode_memory_bytes = 64 << 20,
          .max_picture_members = 4};
}

/// Layout, main picture and every member of any bytes: nothing but values and errors, and a layout
/// that agrees with what is decoded.
inline void exercise(
    std::span<const std::byte> file,
    const std::function<Result<Layout>(std::span<const std::byte>, const Limits&)>& read_layout,
    const std::function<Result<Decoded>(std::span<const std::byte>, std::optional<uint32_t>,
                                        const DecodeRequest&)>& decode,
    Tones tones = Tones::as_in_rows, const Limits& limits = small_limits()) {
  const auto layout = read_layout(file, limits);
  const auto whole = decode_whole(
      [&](const DecodeRequest& request) { return decode(file, std::nullopt, request); }, limits,
      tones);
  if (!layout) {
    promise(!layout.error().rule.empty());
    return;
  }
  promise(layout->exif_orientation >= 1 && layout->exif_orientation <= 8);
  promise(layout->members.size() <= limits.max_picture_members);
  if (whole) {
    promise(whole->picture.shape.width == layout->width);
    promise(whole->picture.shape.height == layout->height);
  }
  uint32_t index = 0;
  for (const Member& member : layout->members) {
    promise(member.index == index++);
    promise(member.offset_bytes <= file.size());
    promise(member.length_bytes <= file.size() - member.offset_bytes);
    if (member.length_bytes > 0) continue;
    const auto decoded = decode_whole(
        [&](const DecodeRequest& request) { return decode(file, member.index, request); }, limits);
    if (!decoded) promise(decoded.error().code != ErrorCode::not_found);
  }
  for (const Remark& remark : layout->remarks) {
    promise(!remark.kind.empty() && !remark.statement.empty());
    promise(remark.offset_bytes + remark.length_bytes <= file.size());
  }
}

}  // namespace safelight::codec

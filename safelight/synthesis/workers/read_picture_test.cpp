#include "safelight/synthesis/workers/read_picture.h"

#include <gtest/gtest.h>
#include <webp/encode.h>

#include "safelight/base/byte_writer.h"
#include "safelight/codec/still/jpeg/encode_jpeg.h"
#include "safelight/codec/still/png/png_encode_for_test.h"
#include "safelight/codec/still/tiff/tiff_encode_for_test.h"
#include "safelight/codec/still/webp/encode_webp.h"

namespace safelight::synthesis {
namespace {

const Picture kPicture = {{2, 1, 3}, {10, 20, 30, 40, 50, 60}};

PictureAsStored read(codec::Format format, std::span<const std::byte> file) {
  auto result = read_picture(format, file, {});
  if (!result) throw std::runtime_error(std::string(result.error().rule));
  return std::move(*result);
}

std::vector<std::byte> lossless_webp() {
  uint8_t* data = nullptr;
  const size_t size = WebPEncodeLosslessRGB(kPicture.samples.data(), 2, 1, 6, &data);
  const auto bytes = std::as_bytes(std::span(data, size));
  std::vector<std::byte> file(bytes.begin(), bytes.end());
  WebPFree(data);
  return file;
}

std::vector<std::byte> bmp() {
  ByteWriter out;
  out.text("BM");
  for (const uint32_t field : {62u, 0u, 54u, 40u, 2u, 1u}) out.u32_le(field);
  out.u16_le(1);
  out.u16_le(24);
  for (const uint32_t field : {0u, 8u, 0u, 0u, 0u, 0u}) out.u32_le(field);
  for (const int sample : {30, 20, 10, 60, 50, 40, 0, 0}) out.u8(static_cast<uint8_t>(sample));
  return std::move(out).take();
}

std::vector<std::byte> tiff(uint32_t compression) {
  auto directory = codec::tiff_directory(2, 1, 8, 2, 3, kPicture.samples);
  directory.fields[259] = {3, {compression}};
  return codec::write_tiff({directory});
}

TEST(ReadPicture, AJpegHasTheQualityOfItsTables) {
  for (const int quality : {40, 75, 93}) {
    const auto file = codec::encode_jpeg(kPicture, {quality, codec::Chroma::full});
    const auto stored = read(codec::Format::jpeg, *file);
    EXPECT_EQ(stored.encoding.storage, Storage::jpeg);
    EXPECT_EQ(stored.encoding.jpeg_quality, quality);
    EXPECT_EQ(stored.picture.shape, kPicture.shape);
  }
}

TEST(ReadPicture, LosslessFormatsGiveTheirPixelsAndSaySo) {
  const codec::PngSpec spec{.width = 2, .height = 1, .colour_type = 2, .rows = kPicture.samples};
  const std::pair<codec::Format, std::vector<std::byte>> files[] = {
      {codec::Format::png, codec::encode_png(spec)},
      {codec::Format::webp, lossless_webp()},
      {codec::Format::bmp, bmp()},
      {codec::Format::tiff, tiff(1)}};
  for (const auto& [format, file] : files) {
    const auto stored = read(format, file);
    EXPECT_EQ(stored.encoding.storage, Storage::lossless) << codec::to_text(format);
    EXPECT_EQ(stored.picture.samples, kPicture.samples) << codec::to_text(format);
  }
}

TEST(ReadPicture, LossyWebpIsOtherLossy) {
  const auto stored = read(codec::Format::webp, *codec::encode_webp(kPicture, 80));
  EXPECT_EQ(stored.encoding.storage, Storage::other_lossy);
  EXPECT_EQ(stored.encoding.jpeg_quality, std::nullopt);
}

TEST(ReadPicture, APictureOfWhichPartIsMissingIsAnError) {
  const Picture large = {{64, 64, 1}, std::vector<uint8_t>(4'096, 9)};
  auto file = *codec::encode_jpeg(large, {});
  file.resize(file.size() - 8);
  const auto result = read_picture(codec::Format::jpeg, file, {});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::truncated);
}

TEST(ReadPicture, LimitsHold) {
  const auto file = *codec::encode_jpeg(kPicture, {});
  EXPECT_EQ(read_picture(codec::Format::jpeg, file, {.max_pixels = 1}).error().rule, "max_pixels");
}

}  // namespace
}  // namespace safelight::synthesis

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <gif_lib.h>
#include <png.h>
#include <tiffio.h>

#include "tools/demo/encode.h"

#include "safelight/base/byte_writer.h"
#include "safelight/base/fault.h"
#include "safelight/codec/still/jpeg/encode_jpeg.h"
#include "safelight/codec/still/webp/encode_webp.h"

namespace safelight::demo {
namespace {

Bytes copy_of(const void* data, size_t size) {
  const auto* bytes = static_cast<const std::byte*>(data);
  return {bytes, bytes + size};
}

/// A file in memory for libtiff.
struct MemoryFile {
  Bytes bytes;
  size_t position = 0;
};

MemoryFile& memory_file(thandle_t handle) { return *static_cast<MemoryFile*>(handle); }

tmsize_t read_memory(thandle_t handle, void* data, tmsize_t size) {
  auto& file = memory_file(handle);
  const size_t left = file.bytes.size() - std::min(file.position, file.bytes.size());
  const size_t count = std::min(static_cast<size_t>(size), left);
  std::memcpy(data, file.bytes.data() + file.position, count);
  file.position += count;
  return static_cast<tmsize_t>(count);
}

tmsize_t write_memory(thandle_t handle, void* data, tmsize_t size) {
  auto& file = memory_file(handle);
  const auto count = static_cast<size_t>(size);
  file.bytes.resize(std::max(file.bytes.size(), file.position + count));
  std::memcpy(file.bytes.data() + file.position, data, count);
  file.position += count;
  return size;
}

toff_t seek_memory(thandle_t handle, toff_t offset, int whence) {
  auto& file = memory_file(handle);
  const size_t base =
      whence == SEEK_SET ? 0 : (whence == SEEK_CUR ? file.position : file.bytes.size());
  file.position = base + static_cast<size_t>(offset);
  return file.position;
}

int write_gif(GifFileType* gif, const GifByteType* data, int size) {
  auto& bytes = *static_cast<Bytes*>(gif->UserData);
  const auto piece = copy_of(data, static_cast<size_t>(size));
  bytes.insert(bytes.end(), piece.begin(), piece.end());
  return size;
}

constexpr int kLevels = 6;  // of each colour of the cube

GifByteType cube_index(const uint8_t* pixel) {
  const auto level = [](int sample) { return (sample * (kLevels - 1) + 127) / 255; };
  return static_cast<GifByteType>((level(pixel[0]) * kLevels + level(pixel[1])) * kLevels +
                                  level(pixel[2]));
}

}  // namespace

Bytes to_jpeg(const Picture& picture, int quality) {
  auto file = codec::encode_jpeg(picture, {quality, codec::Chroma::quarter});
  if (!file) throw Fault("libjpeg cannot write a picture");
  return std::move(*file);
}

Bytes to_png(const Picture& picture) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = picture.shape.width;
  image.height = picture.shape.height;
  image.format = PNG_FORMAT_RGB;
  image.flags = PNG_IMAGE_FLAG_FAST;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  Bytes bytes(size);
  if (png_image_write_to_memory(&image, bytes.data(), &size, 0, picture.samples.data(), 0,
                                nullptr) == 0)
    throw Fault("libpng cannot write a picture");
  bytes.resize(size);
  return bytes;
}

Bytes to_webp(const Picture& picture, float quality) {
  auto file = codec::encode_webp(picture, quality);
  if (!file) throw Fault("libwebp cannot write a picture");
  return std::move(*file);
}

Bytes to_bmp(const Picture& picture) {
  constexpr uint32_t kHeaderBytes = 14 + 40;
  const auto row_bytes = static_cast<uint32_t>((picture.shape.row_bytes() + 3) / 4 * 4);
  const uint32_t data_bytes = row_bytes * picture.shape.height;
  ByteWriter out;
  out.text("BM");
  out.u32_le(kHeaderBytes + data_bytes);
  out.u32_le(0);
  out.u32_le(kHeaderBytes);
  out.u32_le(40);
  out.u32_le(picture.shape.width);
  out.u32_le(picture.shape.height);
  out.u16_le(1);
  out.u16_le(24);
  out.u32_le(0);
  out.u32_le(data_bytes);
  for (int field = 0; field < 4; ++field) out.u32_le(0);
  std::vector<uint8_t> row(row_bytes);
  for (uint32_t y = picture.shape.height; y-- > 0;) {
    const auto from = picture.row(y);
    for (size_t i = 0; i + 2 < from.size(); i += 3) {
      row[i] = from[i + 2];
      row[i + 1] = from[i + 1];
      row[i + 2] = from[i];
    }
    out.bytes(std::as_bytes(std::span(row)));
  }
  return std::move(out).take();
}

Bytes to_tiff(std::span<const Picture> pages) {
  MemoryFile file;
  TIFF* const tiff = TIFFClientOpen(
      "memory", "w", &file, read_memory, write_memory, seek_memory, [](thandle_t) { return 0; },
      [](thandle_t handle) { return static_cast<toff_t>(memory_file(handle).bytes.size()); },
      [](thandle_t, void**, toff_t*) { return 0; }, [](thandle_t, void*, toff_t) {});
  if (tiff == nullptr) throw Fault("libtiff cannot write a file");
  bool good = true;
  for (const auto& page : pages) {
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, page.shape.width);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, page.shape.height);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 3);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE);
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 64);
    for (uint32_t y = 0; y < page.shape.height; ++y) {
      std::vector<uint8_t> row(
          page.row(y).begin(),
          page.row(y).begin() + static_cast<ptrdiff_t>(page.shape.row_bytes()));
      good = TIFFWriteScanline(tiff, row.data(), y, 0) == 1 && good;
    }
    good = TIFFWriteDirectory(tiff) == 1 && good;
  }
  TIFFClose(tiff);
  if (!good) throw Fault("libtiff cannot write a page");
  return std::move(file.bytes);
}

Bytes to_gif(std::span<const Picture> frames) {
  Bytes bytes;
  int error = 0;
  GifFileType* const gif = EGifOpen(&bytes, write_gif, &error);
  if (gif == nullptr) throw Fault("giflib cannot write a file");
  EGifSetGifVersion(gif, true);
  std::array<GifColorType, 256> colours{};
  for (size_t i = 0; i < kLevels * kLevels * kLevels; ++i) {
    const auto sample = [](size_t level) {
      return static_cast<GifByteType>(level * 255 / (kLevels - 1));
    };
    colours[i] = {sample(i / kLevels / kLevels), sample(i / kLevels % kLevels),
                  sample(i % kLevels)};
  }
  ColorMapObject* const map = GifMakeMapObject(256, colours.data());
  const auto width = static_cast<int>(frames[0].shape.width);
  const auto height = static_cast<int>(frames[0].shape.height);
  bool good = EGifPutScreenDesc(gif, width, height, 8, 0, map) == GIF_OK;
  GifFreeMapObject(map);
  std::vector<GifByteType> row(frames[0].shape.width);
  for (const auto& frame : frames) {
    const GraphicsControlBlock control{.DisposalMode = DISPOSE_DO_NOT,
                                       .UserInputFlag = false,
                                       .DelayTime = 10,
                                       .TransparentColor = NO_TRANSPARENT_COLOR};
    std::array<GifByteType, 4> extension{};
    EGifGCBToExtension(&control, extension.data());
    good = good &&
           EGifPutExtension(gif, GRAPHICS_EXT_FUNC_CODE, static_cast<int>(extension.size()),
                            extension.data()) == GIF_OK &&
           EGifPutImageDesc(gif, 0, 0, width, height, false, nullptr) == GIF_OK;
    for (uint32_t y = 0; good && y < frame.shape.height; ++y) {
      const auto from = frame.row(y);
      for (size_t x = 0; x < row.size(); ++x) row[x] = cube_index(from.data() + x * 3);
      good = EGifPutLine(gif, row.data(), width) == GIF_OK;
    }
  }
  good = EGifCloseFile(gif, &error) == GIF_OK && good;
  if (!good) throw Fault("giflib cannot write a frame");
  return bytes;
}

}  // namespace safelight::demo

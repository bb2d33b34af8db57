#include "tools/demo/declare.h"

#include <array>
#include <span>
#include <zlib.h>

#include "safelight/base/byte_writer.h"

namespace safelight::demo {
namespace {

constexpr size_t kJpegStartBytes = 2;
constexpr size_t kPngHeaderBytes = 8 + 25;  // The signature and IHDR.
constexpr uint16_t kAscii = 2;
constexpr uint16_t kLong = 4;

std::array<std::byte, 4> big_endian(uint32_t value) {
  return {std::byte(value >> 24), std::byte(value >> 16), std::byte(value >> 8), std::byte(value)};
}

Bytes insert(const Bytes& file, size_t at, std::span<const std::byte> piece) {
  Bytes out(file.begin(), file.begin() + static_cast<ptrdiff_t>(at));
  out.insert(out.end(), piece.begin(), piece.end());
  out.insert(out.end(), file.begin() + static_cast<ptrdiff_t>(at), file.end());
  return out;
}

}  // namespace

Bytes with_camera(const Bytes& jpeg, std::string_view make, std::string_view model) {
  constexpr std::string_view kTaken("2026:06:21 11:30:00", 20);
  constexpr uint32_t kExifIfd = 8 + 2 + 3 * 12 + 4;
  constexpr uint32_t kTexts = kExifIfd + 2 + 12 + 4;
  ByteWriter tiff;
  std::string texts;
  const auto entry = [&](uint16_t tag, uint16_t type, uint32_t count, uint32_t value) {
    tiff.u16_le(tag);
    tiff.u16_le(type);
    tiff.u32_le(count);
    tiff.u32_le(value);
  };
  const auto text_entry = [&](uint16_t tag, std::string_view text) {
    const auto at = static_cast<uint32_t>(kTexts + texts.size());
    texts += text;
    if (text.back() != '\0') texts += '\0';
    entry(tag, kAscii, static_cast<uint32_t>(kTexts + texts.size() - at), at);
  };
  tiff.text(std::string_view("II*\0\x08\0\0\0", 8));
  tiff.u16_le(3);
  text_entry(0x010f, make);
  text_entry(0x0110, model);
  entry(0x8769, kLong, 1, kExifIfd);
  tiff.u32_le(0);
  tiff.u16_le(1);
  text_entry(0x9003, kTaken);
  tiff.u32_le(0);
  tiff.text(texts);

  ByteWriter segment;
  const size_t length = 2 + 6 + tiff.view().size();
  segment.text("\xff\xe1");
  segment.u8(static_cast<uint8_t>(length >> 8));
  segment.u8(static_cast<uint8_t>(length));
  segment.text(std::string_view("Exif\0\0", 6));
  segment.bytes(tiff.view());
  return insert(jpeg, kJpegStartBytes, segment.view());
}

Bytes with_text(const Bytes& png, std::string_view keyword, std::string_view text) {
  ByteWriter typed;
  typed.text("tEXt");
  typed.text(keyword);
  typed.u8(0);
  typed.text(text);
  const auto* checked = reinterpret_cast<const Bytef*>(typed.view().data());
  const auto sum = static_cast<uint32_t>(crc32(0, checked, static_cast<uInt>(typed.view().size())));
  ByteWriter chunk;
  chunk.bytes(big_endian(static_cast<uint32_t>(typed.view().size() - 4)));
  chunk.bytes(typed.view());
  chunk.bytes(big_endian(sum));
  return insert(png, kPngHeaderBytes, chunk.view());
}

}  // namespace safelight::demo

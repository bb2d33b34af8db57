#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <zlib.h>

/// Builds small files for tests, field by field.
namespace safelight::metadata {

inline std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

/// The integer in `bytes` bytes, the most significant first.
inline std::string be(uint64_t value, int bytes) {
  std::string out;
  while (bytes-- > 0) out += static_cast<char>(value >> (8 * bytes) & 255);
  return out;
}
/// The least significant first.
inline std::string le(uint64_t value, int bytes) {
  const std::string big = be(value, bytes);
  return {big.rbegin(), big.rend()};
}

inline std::string jpeg_segment(uint8_t code, std::string_view payload) {
  return "\xff" + be(code, 1) + be(payload.size() + 2, 2) + std::string(payload);
}
/// A JPEG file with these segments and a scan; it has no frame header, which no reader here needs.
inline std::string jpeg_file(std::string_view segments, std::string_view coded = "coded") {
  return "\xff\xd8" + std::string(segments) + jpeg_segment(0xda, "scan") + std::string(coded) +
         "\xff\xd9";
}

inline std::string png_chunk(std::string_view type, std::string_view data) {
  const std::string covered = std::string(type) + std::string(data);
  const auto checksum = crc32_z(0, reinterpret_cast<const Bytef*>(covered.data()), covered.size());
  return be(data.size(), 4) + covered + be(checksum, 4);
}
/// A PNG file with these chunks between IHDR and IEND.
inline std::string png_file(std::string_view chunks) {
  return "\x89PNG\r\n\x1a\n" + png_chunk("IHDR", be(1, 4) + be(1, 4) + be(0x0800000000, 5)) +
         std::string(chunks) + png_chunk("IEND", "");
}

/// As zlib packs it.
inline std::string deflated(std::string_view text) {
  std::string out(compressBound(text.size()), '\0');
  uLongf size = out.size();
  compress(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(text.data()),
           text.size());
  out.resize(size);
  return out;
}

/// A Photoshop image resource.
inline std::string photoshop_resource(uint16_t id, std::string_view data,
                                      std::string_view name = "") {
  return "8BIM" + be(id, 2) + be(name.size(), 1) + std::string(name) +
         std::string((name.size() + 1) % 2, '\0') + be(data.size(), 4) + std::string(data) +
         std::string(data.size() % 2, '\0');
}

inline std::string riff_chunk(std::string_view type, std::string_view data) {
  return std::string(type) + le(data.size(), 4) + std::string(data) +
         std::string(data.size() % 2, '\0');
}
inline std::string riff_file(std::string_view form, std::string_view chunks) {
  return riff_chunk("RIFF", std::string(form) + std::string(chunks));
}

/// Data in sub-blocks of at most 255 bytes, with their terminator.
inline std::string gif_sub_blocks(std::string_view data) {
  std::string out;
  for (; !data.empty(); data.remove_prefix(std::min<size_t>(data.size(), 255))) {
    const auto part = data.substr(0, 255);
    out += be(part.size(), 1) + std::string(part);
  }
  return out + '\0';
}
inline std::string gif_extension(uint8_t label, std::string_view rest) {
  return "!" + be(label, 1) + std::string(rest);
}
/// A GIF file of a screen without palette, these extensions, and one picture.
inline std::string gif_file(std::string_view extensions) {
  return "GIF89a" + le(1, 2) + le(1, 2) + std::string(3, '\0') + std::string(extensions) + "," +
         std::string(4, '\0') + le(1, 2) + le(1, 2) + '\0' + '\2' + gif_sub_blocks("data") + ";";
}

inline std::string box(std::string_view type, std::string_view payload) {
  return be(payload.size() + 8, 4) + std::string(type) + std::string(payload);
}
inline std::string full_box(std::string_view type, uint8_t version, std::string_view payload) {
  return box(type, be(version, 1) + be(0, 3) + std::string(payload));
}

}  // namespace safelight::metadata

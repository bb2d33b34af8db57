#include "safelight/traces/jpeg_structure.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <utility>

#include "safelight/base/byte_reader.h"

namespace safelight::traces {
namespace {

using Bytes = std::span<const std::byte>;
using namespace std::string_view_literals;

constexpr uint8_t kStart = 0xd8;
constexpr uint8_t kEnd = 0xd9;
constexpr uint8_t kScan = 0xda;
constexpr uint8_t kQuantisation = 0xdb;
constexpr uint8_t kHuffman = 0xc4;
constexpr uint8_t kArithmetic = 0xcc;
constexpr uint8_t kApp0 = 0xe0;
constexpr uint8_t kApp15 = 0xef;

/// What the segments of applications begin with, and how the list of markers names them.
constexpr std::pair<std::string_view, std::string_view> kApplications[] = {
    {"JFIF\0"sv, "JFIF"},
    {"JFXX\0"sv, "JFXX"},
    {"Exif\0"sv, "Exif"},
    {"http://ns.adobe.com/xap/1.0/\0"sv, "XMP"},
    {"http://ns.adobe.com/xmp/extension/\0"sv, "XMPX"},
    {"ICC_PROFILE\0"sv, "ICC"},
    {"MPF\0"sv, "MPF"},
    {"JP"sv, "JUMBF"},
    {"Ducky"sv, "Ducky"},
    {"Photoshop 3.0\0"sv, "8BIM"},
    {"Adobe"sv, "Adobe"},
};

constexpr uint16_t kTagThumbnail = 0x0201;
constexpr uint16_t kPhotoshopThumbnail4 = 0x0409;
constexpr uint16_t kPhotoshopThumbnail = 0x040c;

bool is_frame(uint8_t code) {
  return code >= 0xc0 && code <= 0xcf && code != kHuffman && code != 0xc8 && code != kArithmetic;
}
bool stands_alone(uint8_t code) { return code == 0x01 || (code >= 0xd0 && code <= kStart); }

bool begins_with(Bytes bytes, std::string_view text) {
  return bytes.size() >= text.size() && std::memcmp(bytes.data(), text.data(), text.size()) == 0;
}

std::string marker_name(uint8_t code, Bytes payload) {
  if (is_frame(code)) return "SOF" + std::to_string(code - 0xc0);
  if (code >= kApp0 && code <= kApp15) {
    std::string name = "APP" + std::to_string(code - kApp0);
    for (const auto& [prefix, known] : kApplications) {
      if (begins_with(payload, prefix)) return name.append(":").append(known);
    }
    return name;
  }
  switch (code) {
    case kEnd:
      return "EOI";
    case kScan:
      return "SOS";
    case kQuantisation:
      return "DQT";
    case kHuffman:
      return "DHT";
    case kArithmetic:
      return "DAC";
    case 0xdc:
      return "DNL";
    case 0xdd:
      return "DRI";
    case 0xfe:
      return "COM";
    default: {
      constexpr std::string_view kDigits = "0123456789abcdef";
      return {'F', 'F', kDigits[code >> 4], kDigits[code & 15]};
    }
  }
}

/// Whether the directory behind the first, where EXIF keeps its thumbnail, has one. False too where
/// it cannot be read.
bool exif_has_thumbnail(Bytes tiff) {
  ByteReader in(tiff);
  const auto order = in.text(2);
  if (!order || (*order != "II" && *order != "MM")) return false;
  const bool little = *order == "II";
  const auto u16 = [&] { return little ? in.u16_le() : in.u16_be(); };
  const auto u32 = [&] { return little ? in.u32_le() : in.u32_be(); };
  if (!in.skip(2)) return false;
  for (int directory = 0; directory < 2; ++directory) {
    const auto offset = u32();
    if (!offset || *offset == 0 || !in.seek(*offset)) return false;
    const auto entries = u16();
    if (!entries) return false;
    for (uint32_t i = 0; i < *entries; ++i) {
      const auto tag = u16();
      if (!tag || !in.skip(10)) return false;
      if (directory == 1 && *tag == kTagThumbnail) return true;
    }
  }
  return false;
}

/// Whether Photoshop's resources hold a thumbnail: "8BIM", an id, a name padded to an even length,
/// a size, the data padded likewise.
bool photoshop_has_thumbnail(Bytes resources) {
  ByteReader in(resources);
  while (true) {
    const auto signature = in.text(4);
    const auto id = in.u16_be();
    const auto name_length = in.u8();
    if (!signature || *signature != "8BIM" || !id || !name_length) return false;
    if (*id == kPhotoshopThumbnail || *id == kPhotoshopThumbnail4) return true;
    if (!in.skip(*name_length + (*name_length % 2 == 0 ? 1u : 0u))) return false;
    const auto length = in.u32_be();
    if (!length || !in.skip(uint64_t{*length} + *length % 2)) return false;
  }
}

class StructureReader {
 public:
  explicit StructureReader(Bytes file) : in_(file) {}

  Result<JpegStructure> read() {
    SAFELIGHT_TRY(const uint16_t start, in_.u16_be());
    if (start != 0xff00 + kStart) return Error::at(ErrorCode::malformed, "jpeg.start", 0);
    add_marker("SOI");
    bool scan_seen = false;
    while (true) {
      const auto more = read_segment(scan_seen);
      if (!more) {
        if (!scan_seen) return more.error();
        break;
      }
      if (!*more) {
        out_.complete = true;
        break;
      }
    }
    if (!scan_seen) finish_frame();
    return std::move(out_);
  }

 private:
  struct Component {
    uint8_t horizontal = 0;
    uint8_t vertical = 0;
    uint8_t table = 0;
  };

  /// False at the end marker.
  Result<bool> read_segment(bool& scan_seen) {
    uint8_t code = 0;
    do {
      SAFELIGHT_CHECK(skip_to_marker());
      SAFELIGHT_TRY(code, in_.u8());
    } while (stands_alone(code));
    if (code == kEnd) {
      add_marker("EOI");
      return false;
    }
    const uint64_t offset = in_.offset_bytes();
    SAFELIGHT_TRY(const uint16_t length, in_.u16_be());
    if (length < 2) return Error::at(ErrorCode::malformed, "jpeg.segment-length", offset);
    SAFELIGHT_TRY(const Bytes payload, in_.bytes(length - 2u));
    add_marker(marker_name(code, payload));
    ByteReader segment(payload, offset + 2);
    if (code == kScan) {
      if (!scan_seen) finish_frame();
      scan_seen = true;
    } else if (code == kQuantisation && !scan_seen) {
      SAFELIGHT_CHECK(read_quantisation(segment));
    } else if (code == kHuffman) {
      SAFELIGHT_CHECK(read_huffman(segment));
    } else if (is_frame(code) && components_.empty()) {
      SAFELIGHT_CHECK(read_frame(code, segment));
    } else if (code >= kApp0 && code <= kApp15) {
      read_application(payload);
    }
    return true;
  }

  /// Leaves the reader at the code of the next marker: behind 0xff, neither a stuffed zero nor
  /// fill.
  Result<void> skip_to_marker() {
    ByteReader ahead = in_;
    SAFELIGHT_TRY(const Bytes rest, ahead.bytes(ahead.remaining()));
    size_t at = 0;
    while (true) {
      const auto begin = rest.begin() + static_cast<std::ptrdiff_t>(at);
      at = static_cast<size_t>(std::find(begin, rest.end(), std::byte{0xff}) - rest.begin());
      while (at < rest.size() && rest[at] == std::byte{0xff}) ++at;
      if (at == rest.size()) return in_.error(ErrorCode::truncated, "jpeg.end");
      if (rest[at] != std::byte{0}) return in_.skip(at);
    }
  }

  Result<void> read_quantisation(ByteReader& segment) {
    while (!segment.at_end()) {
      SAFELIGHT_TRY(const uint8_t head, segment.u8());
      const bool wide = head >> 4 != 0;
      if (head >> 4 > 1 || (head & 15) > 3) {
        return segment.error(ErrorCode::malformed, "jpeg.quantisation");
      }
      QuantTable table{};
      for (const uint8_t place : kZigzag) {
        if (wide) {
          SAFELIGHT_TRY(table[place], segment.u16_be());
        } else {
          SAFELIGHT_TRY(table[place], segment.u8());
        }
      }
      tables_[head & 15] = table;
    }
    return {};
  }

  Result<void> read_huffman(ByteReader& segment) {
    while (!segment.at_end()) {
      SAFELIGHT_CHECK(segment.skip(1));
      SAFELIGHT_TRY(const Bytes counts, segment.bytes(16));
      size_t symbols = 0;
      for (const std::byte count : counts) symbols += std::to_integer<size_t>(count);
      if (symbols > 256) return segment.error(ErrorCode::malformed, "jpeg.huffman");
      SAFELIGHT_TRY(const Bytes values, segment.bytes(symbols));
      if (!is_default_huffman(counts.first<16>(), values)) {
        out_.huffman = HuffmanTables::own;
      } else if (out_.huffman == HuffmanTables::none) {
        out_.huffman = HuffmanTables::standard;
      }
    }
    return {};
  }

  Result<void> read_frame(uint8_t code, ByteReader& segment) {
    const uint8_t kind = code & 3;
    out_.arithmetic = code >= 0xc9;
    out_.process = code == 0xc0                   ? JpegProcess::baseline
                   : code >= 0xc5 && code <= 0xc7 ? JpegProcess::other
                   : code >= 0xcd                 ? JpegProcess::other
                   : kind == 1                    ? JpegProcess::extended
                   : kind == 2                    ? JpegProcess::progressive
                                                  : JpegProcess::lossless;
    SAFELIGHT_TRY(out_.sample_bits, segment.u8());
    SAFELIGHT_TRY(out_.height, segment.u16_be());
    SAFELIGHT_TRY(out_.width, segment.u16_be());
    SAFELIGHT_TRY(const uint8_t count, segment.u8());
    if (count == 0) return segment.error(ErrorCode::malformed, "jpeg.frame");
    for (uint32_t i = 0; i < count; ++i) {
      SAFELIGHT_CHECK(segment.skip(1));
      SAFELIGHT_TRY(const uint8_t factors, segment.u8());
      SAFELIGHT_TRY(const uint8_t table, segment.u8());
      components_.push_back(
          {static_cast<uint8_t>(factors >> 4), static_cast<uint8_t>(factors & 15), table});
    }
    return {};
  }

  void read_application(Bytes payload) {
    if (begins_with(payload, "Adobe")) out_.adobe = true;
    if (begins_with(payload, "Ducky")) out_.ducky = true;
    if (begins_with(payload, "Photoshop 3.0\0"sv)) {
      const Bytes resources = payload.subspan(14);
      out_.photoshop_resources |= begins_with(resources, "8BIM");
      out_.thumbnail |= photoshop_has_thumbnail(resources);
    }
    if (begins_with(payload, "Exif\0"sv) && payload.size() >= 6) {
      out_.thumbnail |= exif_has_thumbnail(payload.subspan(6));
    }
    if (begins_with(payload, "JFXX\0"sv)) out_.thumbnail = true;
    // The last two bytes of JFIF's head are the sides of an uncompressed thumbnail.
    if (begins_with(payload, "JFIF\0"sv) && payload.size() >= 14) {
      out_.thumbnail |= payload[12] != std::byte{0} && payload[13] != std::byte{0};
    }
  }

  /// Before the first scan: what the tables and the frame say together.
  void finish_frame() {
    for (const Component& component : components_) {
      if (component.table < tables_.size() && tables_[component.table]) {
        out_.tables.push_back(*tables_[component.table]);
      }
    }
    if (!components_.empty() && out_.tables.size() == components_.size()) {
      out_.quality = match_ijg(out_.tables);
    }
    out_.subsampling = subsampling();
  }

  [[nodiscard]] std::string subsampling() const {
    if (components_.empty()) return {};
    if (components_.size() == 1) return "grey";
    const auto unit = [](const Component& c) { return c.horizontal == 1 && c.vertical == 1; };
    if (components_.size() == 3 && unit(components_[1]) && unit(components_[2])) {
      constexpr std::array<std::pair<std::pair<int, int>, std::string_view>, 5> kNames = {
          {{{1, 1}, "4:4:4"},
           {{2, 1}, "4:2:2"},
           {{1, 2}, "4:4:0"},
           {{2, 2}, "4:2:0"},
           {{4, 1}, "4:1:1"}}};
      for (const auto& [factors, name] : kNames) {
        if (factors == std::pair<int, int>{components_[0].horizontal, components_[0].vertical}) {
          return std::string(name);
        }
      }
    }
    std::string text;
    for (const Component& component : components_) {
      if (!text.empty()) text.push_back(',');
      text += std::to_string(component.horizontal) + "x" + std::to_string(component.vertical);
    }
    return text;
  }

  void add_marker(std::string_view name) {
    if (markers_ == kMaxMarkers) out_.markers += " ...";
    if (++markers_ > kMaxMarkers) return;
    if (!out_.markers.empty()) out_.markers.push_back(' ');
    out_.markers += name;
  }

  ByteReader in_;
  JpegStructure out_;
  std::array<std::optional<QuantTable>, 4> tables_;
  std::vector<Component> components_;
  size_t markers_ = 0;
};

}  // namespace

Result<JpegStructure> read_jpeg_structure(std::span<const std::byte> file) {
  return StructureReader(file).read();
}

}  // namespace safelight::traces

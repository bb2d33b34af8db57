#include "safelight/metadata/exif/maker_note.h"

#include <array>

namespace safelight::metadata {
namespace {

using namespace std::string_view_literals;

constexpr size_t kAppleHeaderBytes = 14;
constexpr size_t kAppleByteOrderOffset = 12;
constexpr uint16_t kAppleContentIdentifier = 0x0011;
/// A headerless note is a directory with no more entries than any camera writes, nor fewer.
constexpr uint64_t kMaxHeaderlessEntries = 512;

struct Header {
  std::string_view start;
  std::string_view vendor;
};

constexpr std::array kHeaders = std::to_array<Header>({
    {"Apple iOS\0"sv, "Apple"},   {"Nikon\0"sv, "Nikon"},         {"SONY "sv, "Sony"},
    {"PREMI\0"sv, "Sony"},        {"VHAB     \0"sv, "Sony"},      {"FUJIFILM"sv, "Fujifilm"},
    {"GENERALE"sv, "Fujifilm"},   {"OLYMP\0"sv, "Olympus"},       {"OLYMPUS\0"sv, "Olympus"},
    {"OM SYSTEM\0"sv, "Olympus"}, {"Panasonic\0"sv, "Panasonic"}, {"LEICA"sv, "Leica"},
    {"AOC\0"sv, "Pentax"},        {"PENTAX \0"sv, "Pentax"},      {"QVC\0"sv, "Casio"},
    {"DCI\0"sv, "Casio"},         {"HDRP"sv, "Google"},           {"Ricoh"sv, "Ricoh"},
    {"RICOH"sv, "Ricoh"},         {"SIGMA\0"sv, "Sigma"},         {"FOVEON\0"sv, "Sigma"},
    {"KDK"sv, "Kodak"},           {"Kodak"sv, "Kodak"},           {"KYOCERA"sv, "Kyocera"},
    {"SANYO\0"sv, "Sanyo"},       {"EPSON\0"sv, "Epson"},         {"MOT\0"sv, "Motorola"},
    {"[ae_dbg_info:"sv, "DJI"},   {"RECONYXH2\0"sv, "Reconyx"},
});

/// Makers whose notes are a directory without a header.
constexpr std::array kHeaderless = std::to_array<Header>({
    {"Canon", "Canon"},
    {"SAMSUNG", "Samsung"},
    {"Samsung", "Samsung"},
});

bool starts_directory(std::span<const std::byte> note, ByteOrder order) {
  const auto entries = IfdReader::without_signature(note, order).integer(0, 2);
  return entries && *entries > 0 && *entries <= kMaxHeaderlessEntries &&
         *entries * 12 + 2 <= note.size();
}

std::string_view vendor_of(std::span<const std::byte> note, std::string_view make,
                           ByteOrder order) {
  const std::string_view text = text_at(note, {0, note.size()});
  for (const Header& header : kHeaders) {
    if (text.starts_with(header.start)) return header.vendor;
  }
  for (const Header& maker : kHeaderless) {
    if (make.starts_with(maker.start) && starts_directory(note, order)) return maker.vendor;
  }
  return {};
}

/// Apple's places count from the start of the note, whose byte order stands in its header.
std::string apple_content_identifier(std::span<const std::byte> note,
                                     const MetadataLimits& limits) {
  const auto order = text_at(note, {kAppleByteOrderOffset, 2});
  if (order != "MM" && order != "II") return {};
  const auto reader = IfdReader::without_signature(
      note, order == "MM" ? ByteOrder::big_endian : ByteOrder::little_endian);
  const IfdPart part = reader.read_part(kAppleHeaderBytes);
  const IfdEntry* entry = part.ifd.find(kAppleContentIdentifier);
  const auto text = entry == nullptr ? std::nullopt : reader.text(*entry);
  return text && text->size() <= limits.max_text_bytes ? std::string(*text) : std::string();
}

}  // namespace

MakerNote read_maker_note(std::span<const std::byte> note, std::string_view make, ByteOrder order,
                          const MetadataLimits& limits) {
  MakerNote out;
  out.vendor = vendor_of(note, make, order);
  if (out.vendor == "Apple") out.content_identifier = apple_content_identifier(note, limits);
  return out;
}

}  // namespace safelight::metadata

#include "safelight/provenance/marks/internal/statement.h"

#include <algorithm>
#include <array>
#include <utility>

#include "safelight/base/json_writer.h"
#include "safelight/metadata/container/byte_range.h"
#include "safelight/metadata/container/png_chunks.h"

namespace safelight::marks {
namespace {

using metadata::ByteRange;

Place exact(ByteRange range) { return {range.offset_bytes, range.length_bytes, OffsetKind::exact}; }

/// Where a part of a block stands: in the file, or somewhere in the block that had to be joined.
Place place_in(const metadata::Place& block, ByteRange part) {
  if (block.direct) return exact(part);
  return {block.range.offset_bytes, block.range.length_bytes, OffsetKind::approximate};
}

bool is_looked_at(const metadata::XmpProperty& property) {
  constexpr std::array<std::string_view, 4> kNames = {"description", "UserComment", "AIGC",
                                                      "DigImageGUID"};
  return std::find(kNames.begin(), kNames.end(), property.name) != kNames.end();
}

/// Of a maker note that is text: the one that a rule looks for is a word.
constexpr size_t kMaxNoteBytes = 64;

/// Limits that are noted; further ones are not.
constexpr size_t kMaxDamage = 16;

}  // namespace

std::string to_utf8(std::string_view text) {
  if (is_utf8(text)) return std::string(text);
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      out += static_cast<char>(0xc0 | byte >> 6);
      out += static_cast<char>(0x80 | (byte & 0x3f));
    }
  }
  return out;
}

Statements::Statements(std::span<const std::byte> file, const metadata::Metadata& metadata,
                       const MarksLimits& limits)
    : limits_(limits) {
  using metadata::Container;
  if (metadata.container == Container::png) {
    for (const metadata::TextEntry& entry : metadata.texts) {
      add({.spot = Spot::png_text,
           .key = entry.keyword,
           .text = to_utf8(entry.text),
           .place = exact(entry.place)});
    }
    add_comf_chunks(file);
  }
  for (size_t block = 0; block < metadata.exif.size(); ++block) {
    const auto& [place, exif] = metadata.exif[block];
    const size_t first = all_.size();
    for (const metadata::ExifText& text : exif.texts) {
      add({.spot = Spot::exif_text,
           .tag = static_cast<uint16_t>(text.tag),
           .block = block,
           .text = to_utf8(text.text),
           .place = place_in(place, text.place)});
    }
    if (exif.user_comment.charset != metadata::CommentCharset::none) {
      add({.spot = Spot::user_comment,
           .block = block,
           .text = to_utf8(exif.user_comment.text),
           .place = place_in(place, exif.user_comment.place)});
    }
    if (place.direct && exif.maker_note.vendor.empty() && exif.maker_note.place.length_bytes > 0) {
      const std::string_view note = metadata::text_at(file, exif.maker_note.place);
      add({.spot = Spot::maker_note,
           .block = block,
           .text = to_utf8(note.substr(0, std::min(note.find('\0'), kMaxNoteBytes))),
           .place = exact(exif.maker_note.place)});
    }
    exif_blocks_.emplace_back(first, all_.size());
  }
  for (size_t block = 0; block < metadata.xmp.size(); ++block) {
    const auto& [place, kind, xmp] = metadata.xmp[block];
    for (const metadata::XmpProperty& property : xmp.properties) {
      if (!is_looked_at(property)) continue;
      add({.spot = Spot::xmp,
           .key = property.name,
           .ns = property.ns,
           .block = block,
           .text = property.value,
           .place = place_in(place, {property.offset_bytes, 0})});
    }
  }
  const Spot comment_spot =
      metadata.container == Container::gif ? Spot::gif_comment : Spot::jpeg_comment;
  for (const metadata::Comment& comment : metadata.comments) {
    add({.spot = comment_spot, .text = to_utf8(comment.text), .place = exact(comment.place)});
  }
  parsed_.resize(all_.size());
}

Statements::Statements(std::string_view hidden, const MarksLimits& limits) : limits_(limits) {
  const std::string text = to_utf8(hidden);
  const auto json = parse(text, {});
  if (json != nullptr &&
      (member(*json, "Comment") != nullptr || member(*json, "Software") != nullptr)) {
    for (const auto& [key, value] : json->members) {
      if (value.is_string()) {
        add({.spot = Spot::png_text, .key = key, .text = value.text});
      }
    }
  } else {
    add({.spot = Spot::hidden, .text = text});
  }
  parsed_.resize(all_.size());
}

/// A key, a zero byte, and JSON. Together they may be as long as one JSON text.
void Statements::add_comf_chunks(std::span<const std::byte> file) {
  size_t bytes_left = limits_.max_json_bytes;
  for (const metadata::PngChunk& chunk : metadata::png_chunks(file, {}).chunks) {
    if (chunk.type != "comf") continue;
    if (chunk.data.length_bytes > bytes_left) {
      note({ErrorCode::limit_exceeded, "max_json_bytes", 0, OffsetKind::none}, exact(chunk.data));
      continue;
    }
    bytes_left -= chunk.data.length_bytes;
    const std::string_view data = metadata::text_at(file, chunk.data);
    const size_t end = data.find('\0');
    if (end == std::string_view::npos) continue;
    add({.spot = Spot::png_comf,
         .key = std::string(data.substr(0, end)),
         .text = to_utf8(data.substr(end + 1)),
         .place = exact(chunk.data)});
  }
}

void Statements::note(const Error& error, const Place& place) {
  if (damage_.size() < kMaxDamage) damage_.emplace_back(error, place);
}

std::vector<const Statement*> Statements::at(Spot spot) const {
  std::vector<const Statement*> found;
  for (const Statement& statement : all_) {
    if (statement.spot == spot) found.push_back(&statement);
  }
  return found;
}

const Statement* Statements::png(std::string_view keyword) const {
  const auto found = std::find_if(all_.begin(), all_.end(), [&](const Statement& statement) {
    return statement.spot == Spot::png_text && statement.key == keyword;
  });
  return found == all_.end() ? nullptr : &*found;
}

std::span<const Statement> Statements::exif_block(size_t block) const {
  const auto [first, end] = exif_blocks_[block];
  return std::span(all_).subspan(first, end - first);
}

const Statement* Statements::exif(size_t block, metadata::ExifTag tag) const {
  for (const Statement& statement : exif_block(block)) {
    if (statement.spot == Spot::exif_text && statement.tag == static_cast<uint16_t>(tag)) {
      return &statement;
    }
  }
  return nullptr;
}

const Statement* Statements::at(size_t block, Spot spot) const {
  for (const Statement& statement : exif_block(block)) {
    if (statement.spot == spot) return &statement;
  }
  return nullptr;
}

std::unique_ptr<const Json> Statements::parse(std::string_view text, const Place& place) {
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || (text[first] != '{' && text[first] != '[')) return nullptr;
  auto parsed = parse_json(text, limits_);
  if (parsed) return std::move(*parsed);
  if (parsed.error().code == ErrorCode::limit_exceeded) note(parsed.error(), place);
  return nullptr;
}

const Json* Statements::object(const Statement& statement) {
  auto& slot = parsed_[static_cast<size_t>(&statement - all_.data())];
  if (!slot) {
    slot = parse(statement.text, statement.place);
    if (*slot != nullptr && !(*slot)->is_object()) *slot = nullptr;
  }
  return slot->get();
}

}  // namespace safelight::marks

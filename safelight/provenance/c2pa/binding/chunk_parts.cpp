#include <algorithm>

#include "safelight/base/byte_reader.h"
#include "safelight/metadata/container/gif_blocks.h"
#include "safelight/metadata/container/png_chunks.h"
#include "safelight/metadata/container/riff_chunks.h"
#include "safelight/metadata/ifd.h"
#include "safelight/provenance/c2pa/binding/asset_parts.h"

namespace safelight::c2pa {
namespace {

using metadata::bytes_at;
using metadata::text_at;

constexpr std::string_view kPngXmp("XML:com.adobe.xmp\0", 18);
constexpr std::string_view kGifStore("C2PA_GIF\x01\x00\x00", 11);
constexpr std::string_view kGifXmp = "XMP DataXMP";
constexpr uint16_t kTiffStoreTag = 0xcd41;
constexpr uint16_t kTiffXmpTag = 700;

/// The bytes of a second store are not kept: two of them are refused as they are.
void add_store(AssetLayout& layout, std::span<const std::byte> bytes, ByteRange range,
               const Limits& limits) {
  EmbeddedStore& store = layout.stores.emplace_back();
  store.range = range;
  if (layout.stores.size() > 1) return;
  const auto kept = bytes.first(std::min<uint64_t>(bytes.size(), limits.max_store_bytes + 1));
  store.bytes.assign(kept.begin(), kept.end());
}

/// The field of a TIFF entry that says how many values it has.
ByteRange tiff_count_field(std::span<const std::byte> file, const metadata::Ifd& ifd,
                           size_t index) {
  const bool big = text_at(file, {2, 2}).find('+') != std::string_view::npos;
  const uint64_t entry = ifd.offset_bytes + (big ? 8 + 20 * index : 2 + 12 * index);
  return {entry + 4, big ? 8u : 4u};
}

void add_rest(AssetLayout& layout, std::optional<uint64_t> end, size_t file_bytes) {
  if (!end || *end >= file_bytes) return;
  layout.parts.push_back({std::string(kBehindPicture), {*end, file_bytes - *end}});
}

/// Splits the header of a GIF file into what the specification names on its own.
void add_gif_header(AssetLayout& layout, ByteRange header) {
  constexpr uint64_t kSignature = 6;
  constexpr uint64_t kScreen = 7;
  // The box is called so whatever the version; the hash tells which it is.
  layout.parts.push_back({"GIF89a", {0, kSignature}});
  layout.parts.push_back({"LSD", {kSignature, kScreen}});
  if (header.length_bytes > kSignature + kScreen) {
    layout.parts.push_back(
        {"GCT", {kSignature + kScreen, header.length_bytes - kSignature - kScreen}});
  }
}

/// Likewise an image: its descriptor, its palette and its data.
void add_gif_image(AssetLayout& layout, std::span<const std::byte> file,
                   const metadata::GifBlock& block) {
  constexpr uint64_t kDescriptor = 10;
  const uint64_t start = block.whole.offset_bytes;
  const auto flags = std::to_integer<uint8_t>(file[start + kDescriptor - 1]);
  const uint64_t palette = (flags & 0x80) != 0 ? uint64_t{3} << ((flags & 7) + 1) : 0;
  layout.parts.push_back({"2C", {start, kDescriptor}});
  if (palette != 0) layout.parts.push_back({"LCT", {start + kDescriptor, palette}});
  const uint64_t data = start + kDescriptor + palette;
  layout.parts.push_back({"TBID", {data, block.whole.end_bytes() - data}});
}

std::string gif_name(metadata::GifBlock::Kind kind) {
  using Kind = metadata::GifBlock::Kind;
  switch (kind) {
    case Kind::graphic_control:
      return "21F9";
    case Kind::comment:
      return "21FE";
    case Kind::plain_text:
      return "2101";
    case Kind::application:
      return "21FF";
    case Kind::trailer:
      return "3B";
    default:
      return "21";
  }
}

}  // namespace

AssetLayout png_parts(std::span<const std::byte> file, const Limits& limits) {
  AssetLayout layout;
  const metadata::PngChunks chunks = metadata::png_chunks(file, {});
  layout.damage = chunks.damage;
  layout.parts.push_back({"PNGh", {0, std::min<uint64_t>(8, file.size())}});
  for (const metadata::PngChunk& chunk : chunks.chunks) {
    const ByteRange whole{chunk.offset_bytes, chunk.data.end_bytes() + 4 - chunk.offset_bytes};
    const bool store = chunk.type == "caBX";
    layout.parts.push_back({store ? "C2PA" : std::string(chunk.type), whole});
    if (store) add_store(layout, bytes_at(file, chunk.data), whole, limits);
    if (chunk.type == "iTXt" && layout.remote_url.empty()) {
      const std::string_view text = text_at(file, chunk.data);
      if (text.starts_with(kPngXmp)) layout.remote_url = remote_url_in(text);
    }
  }
  add_rest(layout, chunks.end_offset_bytes, file.size());
  return layout;
}

AssetLayout riff_parts(std::span<const std::byte> file, const Limits& limits) {
  AssetLayout layout;
  const metadata::RiffChunks chunks = metadata::riff_chunks(file, {});
  layout.damage = chunks.damage;
  layout.parts.push_back({"RIFF header", {0, std::min<uint64_t>(12, file.size())}});
  for (const metadata::RiffChunk& chunk : chunks.chunks) {
    uint64_t end = chunk.data.end_bytes();
    if (chunk.data.length_bytes % 2 != 0 && end < file.size()) ++end;
    const ByteRange whole{chunk.offset_bytes, end - chunk.offset_bytes};
    const bool store = chunk.type == "C2PA";
    layout.parts.push_back({store ? "C2PA" : std::string(chunk.type), whole});
    if (store) {
      // The padding byte is not excluded by c2pa-rs: the chunk alone is.
      add_store(layout, bytes_at(file, chunk.data),
                {chunk.offset_bytes, chunk.data.end_bytes() - chunk.offset_bytes}, limits);
    }
    if (layout.remote_url.empty() && (chunk.type == "XMP " || chunk.type == "_PMX")) {
      layout.remote_url = remote_url_in(text_at(file, chunk.data));
    }
  }
  add_rest(layout, chunks.end_offset_bytes, file.size());
  return layout;
}

AssetLayout gif_parts(std::span<const std::byte> file, const Limits& limits) {
  using Kind = metadata::GifBlock::Kind;
  AssetLayout layout;
  const metadata::GifBlocks blocks = metadata::gif_blocks(file, {});
  layout.damage = blocks.damage;
  metadata::MetadataLimits joining;
  joining.max_joined_bytes = limits.max_store_bytes;
  for (const metadata::GifBlock& block : blocks.blocks) {
    if (block.kind == Kind::header) {
      add_gif_header(layout, block.whole);
    } else if (block.kind == Kind::image) {
      add_gif_image(layout, file, block);
    } else if (block.kind == Kind::application && block.application == kGifStore) {
      layout.parts.push_back({"C2PA", block.whole});
      const auto joined = metadata::join_sub_blocks(file, block.sub_blocks, joining);
      if (joined) add_store(layout, *joined, block.whole, limits);
      if (!joined) layout.damage = joined.error();
    } else {
      layout.parts.push_back({gif_name(block.kind), block.whole});
      if (block.kind == Kind::application && block.application == kGifXmp &&
          layout.remote_url.empty()) {
        layout.remote_url = remote_url_in(text_at(file, block.sub_blocks));
      }
    }
  }
  add_rest(layout, blocks.end_offset_bytes, file.size());
  return layout;
}

AssetLayout tiff_parts(std::span<const std::byte> file, const Limits& limits) {
  AssetLayout layout;
  const auto reader = metadata::IfdReader::open(file);
  if (!reader) {
    layout.damage = reader.error();
    return layout;
  }
  const metadata::IfdChain chain = reader->chain(reader->first_offset_bytes());
  layout.damage = chain.damage;
  for (const metadata::Ifd& ifd : chain.ifds) {
    for (size_t i = 0; i < ifd.entries.size(); ++i) {
      const metadata::IfdEntry& entry = ifd.entries[i];
      const auto data = reader->data(entry);
      const ByteRange range{entry.offset_bytes, data.size()};
      if (entry.tag == kTiffStoreTag) {
        layout.parts.push_back({"C2PA", range});
        add_store(layout, data, range, limits);
        layout.stores.back().allowed.push_back(tiff_count_field(file, ifd, i));
      } else if (data.size() > 8) {
        layout.parts.push_back({"tag " + std::to_string(entry.tag), range});
      }
      if (entry.tag == kTiffXmpTag && layout.remote_url.empty()) {
        layout.remote_url = remote_url_in(text_at(file, range));
      }
    }
  }
  return layout;
}

}  // namespace safelight::c2pa

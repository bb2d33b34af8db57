#include "safelight/metadata/read_metadata.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "safelight/base/byte_reader.h"
#include "safelight/metadata/container/bmff_boxes.h"
#include "safelight/metadata/container/gif_blocks.h"
#include "safelight/metadata/container/heif_items.h"
#include "safelight/metadata/container/jpeg_app.h"
#include "safelight/metadata/container/jpeg_segments.h"
#include "safelight/metadata/container/png_chunks.h"
#include "safelight/metadata/container/riff_chunks.h"
#include "safelight/metadata/ifd.h"
#include "safelight/metadata/iptc/photoshop_resources.h"
#include "safelight/metadata/text/png_text.h"
#include "safelight/metadata/xmp/extended_xmp.h"
#include "safelight/metadata/xmp/xmp_names.h"

namespace safelight::metadata {
namespace {

using Bytes = std::span<const std::byte>;
using namespace std::string_view_literals;

/// The "uuid" box of XMP. Source: XMP part 3 section 1.2.7.1.
constexpr std::string_view kXmpUuid =
    "\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac"sv;
/// The "uuid" box of C2PA, and its tag of TIFF. Source: C2PA specification 2.2 annex A.
constexpr std::string_view kC2paUuid =
    "\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c\x92\x97\x58\x28\x87\x7e\xc4\x81"sv;
constexpr std::string_view kC2paApplication = "C2PA_GIF\x01\x00\x00"sv;
constexpr uint16_t kTiffC2pa = 0xcd41;
constexpr std::string_view kXmpSignature = "http://ns.adobe.com/xap/1.0/\0"sv;
/// What follows XMP in a GIF file, so that readers of sub-blocks find their way out of it, and the
/// terminator. Source: XMP part 3 section 1.1.2.
constexpr size_t kGifXmpTrailerBytes = 258;

/// What a structure takes of MetadataLimits::max_text_bytes.
size_t text_bytes(const Exif& exif) {
  size_t sum = exif.user_comment.text.size() + exif.maker_note.content_identifier.size();
  for (const ExifText& text : exif.texts) sum += sizeof(text) + text.text.size();
  return sum;
}
size_t text_bytes(const Xmp& xmp) {
  size_t sum = xmp.toolkit.size();
  for (const XmpProperty& property : xmp.properties) {
    sum += property.ns.size() + property.name.size() + property.path.size() +
           property.value.size() + property.language.size();
  }
  return sum;
}
size_t text_bytes(const Iim& iim) {
  size_t sum = 0;
  for (const IimDataset& dataset : iim.datasets) sum += sizeof(dataset) + dataset.value.size();
  return sum;
}

/// Whether the payload of a JUMBF superbox describes a manifest store.
bool is_manifest_store(std::string_view payload) {
  return payload.size() >= 12 && payload.substr(4, 8) == "jumdc2pa";
}

class Walk {
 public:
  Walk(Bytes file, const MetadataLimits& limits) : file_(file), limits_(limits) {}

  Metadata run() {
    out_.container = container_of(file_);
    switch (out_.container) {
      case Container::none:
        break;
      case Container::jpeg:
        read_jpeg();
        break;
      case Container::png:
        read_png();
        break;
      case Container::riff:
        read_riff();
        break;
      case Container::gif:
        read_gif();
        break;
      case Container::tiff:
        take_exif(file_, {{0, file_.size()}});
        find_tiff_store();
        break;
      case Container::bmff:
      case Container::jpeg_xl:
        read_bmff();
        break;
    }
    return std::move(out_);
  }

 private:
  void note(const Error& error) {
    if (out_.damage.size() < limits_.max_notes) out_.damage.push_back(error);
  }
  void note(const std::optional<Error>& error) {
    if (error) note(*error);
  }

  void end_at(const std::optional<uint64_t>& end_offset_bytes) {
    if (end_offset_bytes && *end_offset_bytes < file_.size()) {
      out_.trailing_offset_bytes = end_offset_bytes;
    }
  }

  /// Counts one more part of the file, unless there are too many.
  bool begin_block(uint64_t offset_bytes) {
    if (blocks_ == limits_.max_blocks) {
      note(Error::at(ErrorCode::limit_exceeded, "max_blocks", offset_bytes));
    }
    return ++blocks_ <= limits_.max_blocks;
  }

  /// Takes texts that were kept from what all may hold together.
  void spend(size_t bytes) { limits_.max_text_bytes -= std::min(bytes, limits_.max_text_bytes); }

  // Kinds of metadata. `bytes` is the file where the place is direct, else what came out of it.

  static ByteRange range_in(Bytes bytes, const Place& place) {
    return place.direct ? place.range : ByteRange{0, bytes.size()};
  }

  void take_exif(Bytes bytes, const Place& place) {
    if (!begin_block(place.range.offset_bytes)) return;
    auto exif = read_exif(bytes, range_in(bytes, place), limits_);
    if (!exif) {
      note(exif.error());
      return;
    }
    spend(text_bytes(*exif));
    for (const Error& error : exif->damage) note(error);
    const Exif& kept = out_.exif.emplace_back(ExifBlock{place, std::move(*exif)}).exif;
    // A TIFF file keeps the others in its first directory.
    const auto inner = [&](ByteRange range) {
      return place.direct ? Place{range} : Place{place.range, false};
    };
    if (kept.xmp.length_bytes > 0) take_xmp(bytes_at(bytes, kept.xmp), inner(kept.xmp));
    if (kept.iptc.length_bytes > 0) take_iim(bytes, kept.iptc, inner(kept.iptc));
    if (kept.photoshop.length_bytes > 0)
      take_photoshop(bytes, kept.photoshop, inner(kept.photoshop));
  }

  void take_xmp(Bytes packet, const Place& place, XmpBlock::Kind kind = XmpBlock::Kind::main) {
    if (!begin_block(place.range.offset_bytes)) return;
    Xmp xmp = read_xmp(packet, limits_);
    spend(text_bytes(xmp));
    limits_.max_xmp_properties -= xmp.properties.size();
    if (place.direct) {
      for (XmpProperty& property : xmp.properties)
        property.offset_bytes += place.range.offset_bytes;
      if (xmp.damage) xmp.damage->offset_bytes += place.range.offset_bytes;
    }
    note(xmp.damage);
    out_.xmp.push_back({place, kind, std::move(xmp)});
  }

  void take_iim(Bytes bytes, ByteRange range, const Place& place) {
    if (!begin_block(place.range.offset_bytes)) return;
    Iim iim = read_iim(bytes, range, limits_);
    spend(text_bytes(iim));
    note(iim.damage);
    out_.iim.push_back({place, std::move(iim)});
  }

  void take_photoshop(Bytes bytes, ByteRange range, const Place& place) {
    const auto found = photoshop_resources(bytes, range, limits_);
    note(found.damage);
    for (const PhotoshopResource& resource : found.resources) {
      const Place inner = place.direct ? Place{resource.data} : place;
      if (resource.id == kPhotoshopIptc) take_iim(bytes, resource.data, inner);
      if (resource.id == kPhotoshopXmp) take_xmp(bytes_at(bytes, resource.data), inner);
    }
  }

  void take_comment(std::string_view text, ByteRange place) {
    if (!begin_block(place.offset_bytes)) return;
    const auto kept = text.substr(0, limits_.max_text_bytes);
    if (kept.size() < text.size()) {
      note(
          Error::at(ErrorCode::limit_exceeded, "max_text_bytes", place.offset_bytes + kept.size()));
    }
    spend(kept.size());
    out_.comments.push_back({std::string(kept), place});
  }

  /// EXIF as boxes hold it: four bytes say how far behind them its TIFF structure begins.
  void take_boxed_exif(Bytes bytes, const Place& place) {
    const ByteRange range = range_in(bytes, place);
    ByteReader in(bytes_at(bytes, range), range.offset_bytes);
    const auto skipped = in.u32_be();
    if (!skipped || !in.skip(*skipped)) {
      note(Error::at(ErrorCode::truncated, "exif.box", range.offset_bytes));
      return;
    }
    if (place.direct) {
      take_exif(bytes, {{in.offset_bytes(), in.remaining()}});
    } else {
      take_exif(bytes.subspan(in.position()), place);
    }
  }

  // Containers.

  void read_jpeg() {
    const JpegSegments walked = jpeg_segments(file_, limits_);
    note(walked.damage);
    end_at(walked.end_offset_bytes);
    std::vector<ByteRange> extended;
    std::vector<ByteRange> photoshop;
    for (const JpegSegment& segment : walked.segments) {
      const JpegAppData app = jpeg_app(file_, segment);
      switch (app.kind) {
        case JpegApp::exif:
          take_exif(file_, {app.data});
          break;
        case JpegApp::xmp:
          take_xmp(bytes_at(file_, app.data), {app.data});
          break;
        case JpegApp::extended_xmp:
          extended.push_back(app.data);
          break;
        case JpegApp::photoshop:
          photoshop.push_back(app.data);
          break;
        case JpegApp::jumbf: {
          // Behind instance and sequence, a box begins.
          const std::string_view box =
              text_at(file_, app.data).substr(std::min<uint64_t>(6, app.data.length_bytes));
          if (box.substr(0, 8).ends_with("jumb") && is_manifest_store(box.substr(8))) {
            out_.content_credentials = true;
          }
          break;
        }
        case JpegApp::comment:
          take_comment(text_at(file_, app.data), app.data);
          break;
        default:
          break;
      }
    }
    take_photoshop_segments(photoshop);
    take_extended_xmp(extended);
  }

  /// Resources over 64 KiB go on in the next segment, so that several are one stream.
  void take_photoshop_segments(std::span<const ByteRange> segments) {
    if (segments.size() == 1) take_photoshop(file_, segments[0], {segments[0]});
    if (segments.size() < 2) return;
    const auto joined = join_extents(file_, segments, limits_);
    if (!joined) {
      note(joined.error());
      return;
    }
    take_photoshop(*joined, {0, joined->size()}, {segments[0], false});
  }

  void take_extended_xmp(std::span<const ByteRange> segments) {
    std::set<std::string, std::less<>> announced;
    for (const XmpBlock& block : out_.xmp) announced.emplace(block.xmp.value(kHasExtendedXmp));
    const auto joined = join_extended_xmp(file_, segments, limits_);
    for (const Error& error : joined.damage) note(error);
    for (const ExtendedXmp& packet : joined.packets) {
      using Kind = XmpBlock::Kind;
      const Kind kind = !packet.digest_fits               ? Kind::wrong_digest
                        : announced.contains(packet.guid) ? Kind::extended
                                                          : Kind::unannounced;
      take_xmp(packet.bytes, {packet.place, false}, kind);
    }
  }

  void read_png() {
    const PngChunks walked = png_chunks(file_, limits_);
    note(walked.damage);
    end_at(walked.end_offset_bytes);
    for (const PngChunk& chunk : walked.chunks) {
      if (chunk.type == "caBX") out_.content_credentials = true;
      if (chunk.type != "eXIf") continue;
      if (!png_checksum_fits(file_, chunk)) {
        note(Error::at(ErrorCode::integrity_mismatch, "png.chunk-crc", chunk.offset_bytes));
      }
      take_exif(file_, {chunk.data});
    }
    PngTexts found = read_png_texts(file_, walked, limits_);
    for (const Error& error : found.damage) note(error);
    for (const PngText& text : found.texts) spend(text.keyword.size() + text.text.size());
    for (PngText& text : found.texts) {
      if (!text.checksum_fits) {
        note(
            Error::at(ErrorCode::integrity_mismatch, "png.chunk-crc", text.place.offset_bytes - 8));
      }
      take_embedded(text);
      out_.texts.push_back({std::move(text.keyword), std::move(text.text), text.place,
                            text.compressed, text.checksum_fits, text.whole});
    }
  }

  /// What PNG writers hide in text: XMP by its standard, and the profiles of ImageMagick.
  void take_embedded(const PngText& text) {
    if (text.keyword == "XML:com.adobe.xmp") {
      const Place place = {text.stored, !text.compressed};
      const auto packet = std::as_bytes(std::span(text.text));
      take_xmp(packet, place);
      return;
    }
    constexpr std::string_view kRawProfile = "Raw profile type ";
    if (!text.keyword.starts_with(kRawProfile)) return;
    const std::string_view name = std::string_view(text.keyword).substr(kRawProfile.size());
    if (name != "exif" && name != "APP1" && name != "xmp" && name != "iptc") return;
    const auto decoded = decode_raw_profile(text.text);
    if (!decoded) {
      note(Error::at(decoded.error().code, decoded.error().rule, text.stored.offset_bytes));
      return;
    }
    const Place place = {text.stored, false};
    const std::string_view start = text_at(*decoded, {0, kXmpSignature.size()});
    if (start == kXmpSignature) {
      take_xmp(Bytes(*decoded).subspan(kXmpSignature.size()), place);
    } else if (name == "xmp") {
      take_xmp(*decoded, place);
    } else if (name == "iptc") {
      take_photoshop(*decoded, {0, decoded->size()}, place);
    } else {
      take_exif(*decoded, place);
    }
  }

  void read_riff() {
    const RiffChunks walked = riff_chunks(file_, limits_);
    note(walked.damage);
    end_at(walked.end_offset_bytes);
    for (const RiffChunk& chunk : walked.chunks) {
      if (chunk.type == "C2PA") out_.content_credentials = true;
      if (chunk.type == "EXIF") take_exif(file_, {chunk.data});
      if (chunk.type == "XMP " || chunk.type == "_PMX") {
        take_xmp(bytes_at(file_, chunk.data), {chunk.data});
      }
      if (chunk.type == "LIST" && text_at(file_, chunk.data).starts_with("INFO")) {
        read_riff_info(chunk);
      }
    }
  }

  void read_riff_info(const RiffChunk& list) {
    const RiffChunks walked = riff_list(file_, list, limits_);
    note(walked.damage);
    for (const RiffChunk& chunk : walked.chunks) {
      if (!begin_block(chunk.offset_bytes)) return;
      std::string_view text = text_at(file_, chunk.data);
      text = text.substr(0, text.find('\0'));
      const auto kept = text.substr(0, limits_.max_text_bytes);
      spend(kept.size());
      out_.texts.push_back({.keyword = std::string(chunk.type),
                            .text = std::string(kept),
                            .place = chunk.data,
                            .whole = kept.size() == text.size()});
    }
  }

  void read_gif() {
    const GifBlocks walked = gif_blocks(file_, limits_);
    note(walked.damage);
    end_at(walked.end_offset_bytes);
    for (const GifBlock& block : walked.blocks) {
      if (block.kind == GifBlock::Kind::comment) {
        const auto joined = join_sub_blocks(file_, block.sub_blocks, limits_);
        if (!joined) {
          note(joined.error());
          continue;
        }
        take_comment(text_at(*joined, {0, joined->size()}), block.sub_blocks);
      } else if (block.application == "XMP DataXMP") {
        read_gif_xmp(block.sub_blocks);
      } else if (block.application == kC2paApplication) {
        out_.content_credentials = true;
      }
    }
  }

  /// The packet stands there as it is, and its bytes happen to be lengths; the trailer that makes
  /// that work begins with 1 and counts down from 255. Some writers make sub-blocks of it instead.
  void read_gif_xmp(ByteRange sub_blocks) {
    if (sub_blocks.length_bytes >= kGifXmpTrailerBytes) {
      const ByteRange packet = {sub_blocks.offset_bytes,
                                sub_blocks.length_bytes - kGifXmpTrailerBytes};
      if (text_at(file_, {packet.end_bytes(), 3}) == "\x01\xff\xfe"sv) {
        take_xmp(bytes_at(file_, packet), {packet});
        return;
      }
    }
    const auto joined = join_sub_blocks(file_, sub_blocks, limits_);
    if (!joined) {
      note(joined.error());
      return;
    }
    take_xmp(*joined, {sub_blocks, false});
  }

  /// The store's tag may stand in any directory of the chain.
  void find_tiff_store() {
    const auto reader = IfdReader::open(file_);
    if (!reader) return;
    const IfdChain chain = reader->chain(reader->first_offset_bytes());
    // That of the first directories was noted with the EXIF.
    if (chain.damage && std::ranges::find(out_.damage, *chain.damage) == out_.damage.end()) {
      note(chain.damage);
    }
    for (const Ifd& ifd : chain.ifds) {
      if (ifd.find(kTiffC2pa) != nullptr) out_.content_credentials = true;
    }
  }

  void read_bmff() {
    const BmffBoxes walked = bmff_boxes(file_, limits_);
    note(walked.damage);
    for (const BmffBox& box : walked.boxes) {
      if (box.uuid == kXmpUuid || box.type == "xml ") {  // the latter in JPEG XL
        take_xmp(bytes_at(file_, box.payload), {box.payload});
      } else if (box.type == "Exif") {
        take_boxed_exif(file_, {box.payload});
      } else if (box.type == "brob") {
        note(Error::at(ErrorCode::unsupported, "jxl.brob", box.whole.offset_bytes));
      } else if (box.type == "moov") {
        read_movie(box);
      } else if (box.uuid == kC2paUuid ||
                 (box.type == "jumb" && is_manifest_store(text_at(file_, box.payload)))) {
        out_.content_credentials = true;
      }
    }
    const HeifItems items = heif_items(file_, walked, limits_);
    note(items.damage);
    for (const HeifItem& item : items.items) read_item(item);
  }

  /// QuickTime keeps XMP in moov/udta/XMP_.
  void read_movie(const BmffBox& movie) {
    const BmffBoxes parts = bmff_children(file_, movie, 0, limits_);
    note(parts.damage);
    const BmffBox* data = parts.find("udta");
    if (data == nullptr) return;
    // A zero of four bytes may end the list, which is no box: its damage says nothing.
    const BmffBoxes entries = bmff_children(file_, *data, 0, limits_);
    if (const BmffBox* xmp = entries.find("XMP_")) {
      take_xmp(bytes_at(file_, xmp->payload), {xmp->payload});
    }
  }

  void read_item(const HeifItem& item) {
    const bool xmp = item.type == "mime" && item.content_type == "application/rdf+xml";
    if (item.type != "Exif" && !xmp) return;
    if (item.extents.size() == 1) {
      take_item(item, file_, {item.extents[0]});
      return;
    }
    const auto joined = join_extents(file_, item.extents, limits_);
    if (!joined) {
      note(joined.error());
      return;
    }
    take_item(item, *joined, {item.extents[0], false});
  }

  void take_item(const HeifItem& item, Bytes bytes, const Place& place) {
    if (item.type == "Exif") {
      take_boxed_exif(bytes, place);
    } else {
      take_xmp(bytes_at(bytes, range_in(bytes, place)), place);
    }
  }

  Bytes file_;
  MetadataLimits limits_;  ///< Of what is left of them.
  Metadata out_;
  size_t blocks_ = 0;
};

}  // namespace

std::string_view to_text(Container container) {
  constexpr std::array<std::string_view, 8> kNames = {"none", "JPEG", "PNG",  "RIFF",
                                                      "GIF",  "TIFF", "BMFF", "JPEG XL"};
  return kNames[static_cast<size_t>(container)];
}

Container container_of(std::span<const std::byte> file) {
  const std::string_view start = text_at(file, {0, 12});
  if (start.starts_with("\xff\xd8\xff")) return Container::jpeg;
  if (start.starts_with(kPngSignature)) return Container::png;
  if (start.starts_with("RIFF")) return Container::riff;
  if (start.starts_with("GIF87a") || start.starts_with("GIF89a")) return Container::gif;
  if (start.starts_with("II*\0"sv) || start.starts_with("MM\0*"sv) ||
      start.starts_with("II+\0"sv) || start.starts_with("MM\0+"sv)) {
    return Container::tiff;
  }
  const std::string_view type = start.substr(std::min<size_t>(4, start.size()), 4);
  if (type == "JXL ") return Container::jpeg_xl;
  if (type == "ftyp" || type == "moov" || type == "wide" || type == "mdat") return Container::bmff;
  return Container::none;
}

std::string_view manifest_url(const Metadata& metadata) {
  for (const XmpBlock& block : metadata.xmp) {
    const std::string_view url = manifest_url(block.xmp);
    if (!url.empty()) return url;
  }
  return {};
}

Metadata read_metadata(std::span<const std::byte> file, const MetadataLimits& limits) {
  return Walk(file, limits).run();
}

}  // namespace safelight::metadata

#include <algorithm>
#include <cstring>
#include <utility>

#include "safelight/base/byte_reader.h"
#include "safelight/codec/still/jpeg/jpeg.h"
#include "safelight/metadata/ifd.h"

namespace safelight::codec {
namespace {

using Bytes = std::span<const std::byte>;
using metadata::Ifd;
using metadata::IfdEntry;
using metadata::IfdReader;
using namespace std::string_view_literals;

constexpr uint8_t kStartOfImage = 0xd8;
constexpr uint8_t kEndOfImage = 0xd9;
constexpr uint8_t kStartOfScan = 0xda;
constexpr uint8_t kApp0 = 0xe0;
constexpr uint8_t kApp1 = 0xe1;
constexpr uint8_t kApp2 = 0xe2;
constexpr uint8_t kApp13 = 0xed;

constexpr uint16_t kTagStripOffsets = 0x0111;
constexpr uint16_t kTagThumbnailOffset = 0x0201;
constexpr uint16_t kTagThumbnailLength = 0x0202;
constexpr uint16_t kTagMpfEntries = 0xb002;
constexpr size_t kMpfEntryBytes = 16;

constexpr uint16_t kPhotoshopThumbnail = 0x040c;
constexpr size_t kPhotoshopThumbnailHeaderBytes = 28;

/// How far into trailing bytes a video's first box is looked for: makers put a short header of
/// their own before it.
constexpr size_t kVideoSearchBytes = 65'536;
/// Trailing data that is shorter holds no picture worth the name: phones leave a time stamp there.
constexpr size_t kMinPictureBytes = 128;
/// Remarks on one file, the last of which says that there are more.
constexpr size_t kMaxRemarks = 64;

bool is_frame_marker(uint8_t code) {
  return code >= 0xc0 && code <= 0xcf && code != 0xc4 && code != 0xc8 && code != 0xcc;
}
bool stands_alone(uint8_t code) { return code == 0x01 || (code >= 0xd0 && code <= 0xd8); }

bool starts_jpeg(Bytes bytes) {
  return bytes.size() >= 3 && bytes[0] == std::byte{0xff} && bytes[1] == std::byte{0xd8} &&
         bytes[2] == std::byte{0xff};
}

std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// A marker segment: its code, where its payload begins, and the payload.
struct Segment {
  uint8_t code = 0;
  uint64_t offset_bytes = 0;
  Bytes payload;
};

/// Walks the marker segments of one picture.
class SegmentWalk {
 public:
  explicit SegmentWalk(Bytes file, uint64_t base_offset_bytes = 0) : in_(file, base_offset_bytes) {}

  Result<void> start() {
    SAFELIGHT_TRY(const uint16_t marker, in_.u16_be());
    if (marker != 0xff00 + kStartOfImage) {
      return Error::at(ErrorCode::malformed, "jpeg.start-marker", in_.offset_bytes() - 2);
    }
    return {};
  }

  /// The next segment; after a scan header the coded data is passed over first. Stray bytes before
  /// a marker are passed over as every decoder does. Errors: truncated, where the file ends without
  /// an end marker; malformed for a length under 2.
  Result<Segment> next() {
    Segment segment;
    do {
      SAFELIGHT_CHECK(skip_to_marker());
      SAFELIGHT_TRY(segment.code, in_.u8());
    } while (stands_alone(segment.code));
    segment.offset_bytes = in_.offset_bytes();
    if (segment.code == kEndOfImage) return segment;
    SAFELIGHT_TRY(const uint16_t length, in_.u16_be());
    if (length < 2) {
      return Error::at(ErrorCode::malformed, "jpeg.segment-length", segment.offset_bytes);
    }
    segment.offset_bytes += 2;
    SAFELIGHT_TRY(segment.payload, in_.bytes(length - 2u));
    return segment;
  }

  [[nodiscard]] size_t position() const { return in_.position(); }
  [[nodiscard]] uint64_t offset_bytes() const { return in_.offset_bytes(); }

 private:
  /// Leaves the reader at the code of the next marker: a byte after 0xff that is neither a stuffed
  /// zero nor fill. Coded data needs no other rule, as restart markers stand alone.
  Result<void> skip_to_marker() {
    SAFELIGHT_TRY(const Bytes rest, peek_rest());
    size_t at = 0;
    while (true) {
      const void* found =
          at < rest.size() ? std::memchr(rest.data() + at, 0xff, rest.size() - at) : nullptr;
      if (found == nullptr) return in_.error(ErrorCode::truncated, "jpeg.end-marker");
      at = static_cast<size_t>(static_cast<const std::byte*>(found) - rest.data());
      while (at < rest.size() && rest[at] == std::byte{0xff}) ++at;
      if (at == rest.size()) return in_.error(ErrorCode::truncated, "jpeg.end-marker");
      if (rest[at] != std::byte{0}) return in_.skip(at);
    }
  }

  Result<Bytes> peek_rest() {
    ByteReader ahead = in_;
    return ahead.bytes(ahead.remaining());
  }

  ByteReader in_;
};

/// Where the picture at the start of `bytes` ends; nothing if it is no JPEG that ends there.
std::optional<size_t> picture_length(Bytes bytes) {
  SegmentWalk walk(bytes);
  if (!walk.start()) return std::nullopt;
  while (true) {
    const auto segment = walk.next();
    if (!segment) return std::nullopt;
    if (segment->code == kEndOfImage) return walk.position();
  }
}

class LayoutBuilder {
 public:
  LayoutBuilder(Bytes file, const Limits& limits) : file_(file), limits_(limits) {}

  Result<Layout> build();

 private:
  void add_member(Member::Kind kind, uint64_t offset_bytes, uint64_t length_bytes);
  void remark(std::string kind, std::string statement, uint64_t offset_bytes, uint64_t length_bytes,
              bool unexamined);
  void unreadable(std::string_view what, const Segment& segment);
  void read_segment(const Segment& segment);
  Result<void> read_exif(Bytes tiff, uint64_t offset_bytes);
  Result<void> read_mpf(Bytes tiff, uint64_t offset_bytes);
  void read_photoshop(Bytes resources, uint64_t offset_bytes);
  void read_trailer(size_t begin);
  void read_trailing_range(size_t begin, size_t end);

  Bytes file_;
  const Limits& limits_;
  Layout layout_;
  bool declares_motion_photo_ = false;
  bool more_members_ = false;
};

void LayoutBuilder::remark(std::string kind, std::string statement, uint64_t offset_bytes,
                           uint64_t length_bytes, bool unexamined) {
  if (layout_.remarks.size() >= kMaxRemarks) return;
  if (layout_.remarks.size() == kMaxRemarks - 1) {
    kind = "more_remarks";
    statement = "There is more to remark on this file than is kept.";
    unexamined = true;
  }
  layout_.remarks.push_back(
      {std::move(kind), std::move(statement), offset_bytes, length_bytes, unexamined});
}

void LayoutBuilder::unreadable(std::string_view what, const Segment& segment) {
  remark("unreadable_metadata",
         "The " + std::string(what) +
             " structure is damaged, so that a picture inside it may have been missed.",
         segment.offset_bytes, segment.payload.size(), true);
}

void LayoutBuilder::add_member(Member::Kind kind, uint64_t offset_bytes, uint64_t length_bytes) {
  const uint64_t size = file_.size();
  if (length_bytes == 0 || offset_bytes > size || length_bytes > size - offset_bytes) {
    remark("member_out_of_bounds", "The file names a further picture that does not lie inside it.",
           offset_bytes, length_bytes, true);
    return;
  }
  if (layout_.members.size() >= limits_.max_picture_members) {
    if (!more_members_) {
      remark("more_members", "The file holds more pictures than are read out of one file.",
             offset_bytes, 0, true);
    }
    more_members_ = true;
    return;
  }
  const bool is_jpeg = starts_jpeg(file_.subspan(offset_bytes, length_bytes));
  layout_.members.push_back({kind, static_cast<uint32_t>(layout_.members.size()), offset_bytes,
                             length_bytes, is_jpeg ? Format::jpeg : Format::unknown});
}

Result<void> LayoutBuilder::read_exif(Bytes tiff, uint64_t offset_bytes) {
  SAFELIGHT_TRY(const IfdReader reader, IfdReader::open(tiff));
  SAFELIGHT_TRY(const Ifd main, reader.read(reader.first_offset_bytes()));
  layout_.exif_orientation = metadata::orientation_of(reader, main);
  if (main.next_offset_bytes == 0) return {};
  SAFELIGHT_TRY(const Ifd thumbnail, reader.read(main.next_offset_bytes));
  const auto offset = reader.value_of(thumbnail, kTagThumbnailOffset);
  const auto length = reader.value_of(thumbnail, kTagThumbnailLength);
  if (offset && length) {
    add_member(Member::Kind::thumbnail, offset_bytes + *offset, *length);
  } else if (thumbnail.find(kTagThumbnailOffset) != nullptr) {
    return Error::at(ErrorCode::malformed, "exif.thumbnail", offset_bytes + main.next_offset_bytes);
  } else if (thumbnail.find(kTagStripOffsets) != nullptr) {
    remark("uncompressed_thumbnail", "An embedded thumbnail that is not a JPEG was not examined.",
           offset_bytes + main.next_offset_bytes, 0, true);
  }
  return {};
}

Result<void> LayoutBuilder::read_mpf(Bytes tiff, uint64_t offset_bytes) {
  SAFELIGHT_TRY(const IfdReader reader, IfdReader::open(tiff));
  SAFELIGHT_TRY(const Ifd index, reader.read(reader.first_offset_bytes()));
  const IfdEntry* entries = index.find(kTagMpfEntries);
  if (entries == nullptr) return {};
  for (uint64_t i = 0; i < entries->count / kMpfEntryBytes; ++i) {
    // Attributes, size, offset from the byte-order mark, numbers of dependent pictures. The first
    // picture, which is the file's own, has offset 0.
    const uint64_t entry = entries->offset_bytes + i * kMpfEntryBytes;
    SAFELIGHT_TRY(const uint64_t length, reader.integer(entry + 4, 4));
    SAFELIGHT_TRY(const uint64_t offset, reader.integer(entry + 8, 4));
    if (offset != 0) add_member(Member::Kind::mpf_picture, offset_bytes + offset, length);
  }
  return {};
}

/// Photoshop keeps a thumbnail among its image resources: "8BIM", an id, a name padded to an even
/// length, a size, the data padded likewise. A damaged end only ends the walk: segments of big
/// resources go on in the next segment.
void LayoutBuilder::read_photoshop(Bytes resources, uint64_t offset_bytes) {
  ByteReader in(resources, offset_bytes);
  while (true) {
    const auto signature = in.text(4);
    const auto id = in.u16_be();
    const auto name_length = in.u8();
    if (!signature || *signature != "8BIM" || !id || !name_length) return;
    if (!in.skip(*name_length + (*name_length % 2 == 0 ? 1u : 0u))) return;
    const auto length = in.u32_be();
    if (!length) return;
    const uint64_t data_offset = in.offset_bytes();
    if (!in.skip(*length)) return;
    if (*id == kPhotoshopThumbnail && *length > kPhotoshopThumbnailHeaderBytes) {
      add_member(Member::Kind::thumbnail, data_offset + kPhotoshopThumbnailHeaderBytes,
                 *length - kPhotoshopThumbnailHeaderBytes);
    }
    if (*length % 2 != 0 && !in.skip(1)) return;
  }
}

void LayoutBuilder::read_segment(const Segment& segment) {
  const std::string_view text = as_text(segment.payload);
  const auto body = [&](std::string_view prefix) { return segment.payload.subspan(prefix.size()); };
  const auto body_offset = [&](std::string_view prefix) {
    return segment.offset_bytes + prefix.size();
  };
  constexpr auto kExif = "Exif\0\0"sv;
  constexpr auto kXmp = "http://ns.adobe.com/xap/1.0/\0"sv;
  constexpr auto kMpf = "MPF\0"sv;
  constexpr auto kPhotoshop = "Photoshop 3.0\0"sv;
  constexpr auto kJfif = "JFIF\0"sv;
  constexpr auto kJfifJpegThumbnail = "JFXX\0\x10"sv;
  constexpr auto kJfifOtherThumbnail = "JFXX\0"sv;
  if (segment.code == kApp1 && text.starts_with(kExif)) {
    if (!read_exif(body(kExif), body_offset(kExif))) unreadable("EXIF", segment);
  } else if (segment.code == kApp1 && text.starts_with(kXmp)) {
    for (const auto mark :
         {"MotionPhoto=\"1\""sv, "MotionPhoto>1<"sv, "MicroVideo=\"1\""sv, "MicroVideo>1<"sv}) {
      if (text.find(mark) != std::string_view::npos) declares_motion_photo_ = true;
    }
  } else if (segment.code == kApp2 && text.starts_with(kMpf)) {
    if (!read_mpf(body(kMpf), body_offset(kMpf))) unreadable("MPF", segment);
  } else if (segment.code == kApp13 && text.starts_with(kPhotoshop)) {
    read_photoshop(body(kPhotoshop), body_offset(kPhotoshop));
  } else if (segment.code == kApp0 && text.starts_with(kJfifJpegThumbnail)) {
    add_member(Member::Kind::thumbnail, body_offset(kJfifJpegThumbnail),
               body(kJfifJpegThumbnail).size());
  } else if (segment.code == kApp0 && (text.starts_with(kJfifOtherThumbnail) ||
                                       (text.starts_with(kJfif) && text.size() > 14))) {
    remark("uncompressed_thumbnail", "An embedded thumbnail that is not a JPEG was not examined.",
           segment.offset_bytes, segment.payload.size(), true);
  }
}

/// What lies in [begin, end), after the picture and outside every named member.
void LayoutBuilder::read_trailing_range(size_t begin, size_t end) {
  while (begin < end) {
    const size_t gap_begin = begin;
    // Writers pad to whole sectors and between pictures.
    while (begin < end && file_[begin] == std::byte{0}) ++begin;
    const Bytes rest = file_.subspan(begin, end - begin);
    if (rest.empty()) return;
    if (starts_jpeg(rest)) {
      const size_t length = picture_length(rest).value_or(rest.size());
      add_member(Member::Kind::item, begin, length);
      if (more_members_) return;
      begin += length;
      continue;
    }
    // A video begins with the size of its first box, whose upper bytes are zeros too.
    const std::string_view head = as_text(rest.first(std::min(rest.size(), kVideoSearchBytes)));
    const size_t box_type = begin + std::min(head.find("ftyp"), rest.size());
    if (box_type < end && box_type >= gap_begin + 4) {
      remark("motion_photo_video", "A video follows the picture and was not examined.",
             box_type - 4, end - (box_type - 4), true);
    } else {
      remark("trailing_data", "Data follows the end of the picture and was not examined.", begin,
             end - begin, end - begin >= kMinPictureBytes);
    }
    return;
  }
}

void LayoutBuilder::read_trailer(size_t begin) {
  std::vector<std::pair<uint64_t, uint64_t>> named;
  for (const Member& member : layout_.members) {
    named.emplace_back(member.offset_bytes, member.offset_bytes + member.length_bytes);
  }
  std::sort(named.begin(), named.end());
  uint64_t position = begin;
  for (const auto& [member_begin, member_end] : named) {
    if (member_begin > position) {
      read_trailing_range(static_cast<size_t>(position), static_cast<size_t>(member_begin));
    }
    position = std::max(position, member_end);
  }
  if (position < file_.size()) read_trailing_range(static_cast<size_t>(position), file_.size());
}

Result<Layout> LayoutBuilder::build() {
  SegmentWalk walk(file_);
  SAFELIGHT_CHECK(walk.start());
  bool framed = false;
  while (true) {
    const auto segment = walk.next();
    if (!segment) {
      if (!framed) return segment.error();
      remark("no_end_marker",
             "The file ends, or cannot be read on, before the picture's end marker.",
             segment.error().offset_bytes, 0, false);
      return std::move(layout_);
    }
    if (is_frame_marker(segment->code) && !framed) {
      ByteReader in(segment->payload, segment->offset_bytes);
      SAFELIGHT_CHECK(in.skip(1));  // Bits a sample.
      SAFELIGHT_TRY(layout_.height, in.u16_be());
      SAFELIGHT_TRY(layout_.width, in.u16_be());
      framed = true;
    } else if (segment->code == kStartOfScan && !framed) {
      return Error::at(ErrorCode::malformed, "jpeg.scan-before-frame", segment->offset_bytes);
    } else if (segment->code == kEndOfImage) {
      break;
    }
    read_segment(*segment);
  }
  if (!framed) {
    return Error::at(ErrorCode::malformed, "jpeg.no-frame", walk.offset_bytes());
  }
  const size_t remarks_before = layout_.remarks.size();
  read_trailer(walk.position());
  const bool video_found = std::any_of(
      layout_.remarks.begin() + static_cast<std::ptrdiff_t>(remarks_before), layout_.remarks.end(),
      [](const Remark& remark) { return remark.kind == "motion_photo_video"; });
  if (declares_motion_photo_ && !video_found) {
    remark("motion_photo_video",
           "The file says that it holds a video, which was not found behind the picture.",
           walk.position(), file_.size() - walk.position(), walk.position() < file_.size());
  }
  return std::move(layout_);
}

}  // namespace

Result<Layout> jpeg_layout(std::span<const std::byte> file, const Limits& limits) {
  return LayoutBuilder(file, limits).build();
}

}  // namespace safelight::codec

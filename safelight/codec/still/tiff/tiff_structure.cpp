#include "safelight/codec/still/tiff/tiff_structure.h"

#include <algorithm>
#include <set>

#include "safelight/metadata/ifd.h"

namespace safelight::codec {
namespace {

using metadata::Ifd;
using metadata::IfdEntry;
using metadata::IfdReader;

constexpr uint16_t kSubfileType = 254;
constexpr uint16_t kWidth = 256;
constexpr uint16_t kHeight = 257;
constexpr uint16_t kCompression = 259;
constexpr uint16_t kStripOffsets = 273;
constexpr uint16_t kStripByteCounts = 279;
constexpr uint16_t kSubDirectories = 330;
constexpr uint16_t kJpegTables = 347;
constexpr uint16_t kJpegOffset = 513;
constexpr uint16_t kJpegLength = 514;
constexpr uint64_t kReducedFlag = 1;
constexpr uint64_t kOldJpeg = 6;
constexpr uint64_t kJpeg = 7;

class Walk {
 public:
  Walk(std::span<const std::byte> file, const IfdReader& reader, const Limits& limits)
      : file_(file), reader_(reader), limits_(limits) {}

  Result<TiffStructure> run() {
    out_.first_directory_offset_bytes = reader_.first_offset_bytes();
    SAFELIGHT_TRY(const Ifd first, reader_.read(out_.first_directory_offset_bytes));
    const auto width = reader_.value_of(first, kWidth);
    const auto height = reader_.value_of(first, kHeight);
    if (!width || !height) {
      return Error::at(ErrorCode::malformed, "tiff.no-size", first.offset_bytes);
    }
    // Sides beyond 32 bits are over any limit; check_size() says so.
    out_.width = static_cast<uint32_t>(std::min<uint64_t>(*width, UINT32_MAX));
    out_.height = static_cast<uint32_t>(std::min<uint64_t>(*height, UINT32_MAX));
    out_.size_offset_bytes = first.find(kWidth)->offset_bytes;
    out_.orientation = metadata::orientation_of(reader_, first);
    seen_.insert(first.offset_bytes);
    take_files_of(first);
    take_tree_of(first);
    walk_chain(first.next_offset_bytes);
    return std::move(out_);
  }

 private:
  void walk_chain(uint64_t offset) {
    while (offset != 0) {
      const auto ifd = take_directory(offset, Member::Kind::page);
      if (!ifd) return;
      take_tree_of(*ifd);
      offset = ifd->next_offset_bytes;
    }
  }

  /// The sub-directories of one directory, each with the chain that it begins.
  void take_tree_of(const Ifd& parent) {
    const IfdEntry* entry = parent.find(kSubDirectories);
    if (entry == nullptr) return;
    for (uint64_t i = 0; i < entry->count; ++i) {
      // The count is the file's word: what bounds the loop is this limit and the end of the file.
      const auto value = reader_.value(*entry, i);
      if (!value || i >= kMaxTiffDirectories) {
        note(value
                 ? Error::at(ErrorCode::limit_exceeded, "max_tiff_directories", entry->offset_bytes)
                 : Error::at(ErrorCode::truncated, "tiff.sub-directories", parent.offset_bytes));
        return;
      }
      uint64_t offset = *value;
      while (offset != 0) {
        const auto ifd = take_directory(offset, Member::Kind::thumbnail);
        if (!ifd) return;
        offset = ifd->next_offset_bytes;
      }
    }
  }

  /// Adds what the directory there holds. Nothing where it cannot be read, or has been.
  std::optional<Ifd> take_directory(uint64_t offset, Member::Kind kind) {
    if (!seen_.insert(offset).second) {
      note(Error::at(ErrorCode::malformed, "tiff.directory-loop", offset));
      return std::nullopt;
    }
    if (seen_.size() > kMaxTiffDirectories) {
      note(Error::at(ErrorCode::limit_exceeded, "max_tiff_directories", offset));
      return std::nullopt;
    }
    auto ifd = reader_.read(offset);
    if (!ifd) {
      note(ifd.error());
      return std::nullopt;
    }
    const bool file = take_files_of(*ifd);
    if (!file && reader_.value_of(*ifd, kWidth) && reader_.value_of(*ifd, kHeight)) {
      const uint64_t type = reader_.value_of(*ifd, kSubfileType).value_or(0);
      if (kind == Member::Kind::page && (type & kReducedFlag) != 0) kind = Member::Kind::thumbnail;
      add({.member = {.kind = kind, .offset_bytes = offset}, .directory_offset_bytes = offset});
    }
    return std::move(*ifd);
  }

  /// Adds the JPEG file that a directory points to. Whether it does.
  bool take_files_of(const Ifd& ifd) {
    if (take_jpeg(reader_.value_of(ifd, kJpegOffset), reader_.value_of(ifd, kJpegLength))) {
      return true;
    }
    // Cameras put a whole JPEG file into one strip, under the number of the old JPEG compression.
    const uint64_t compression = reader_.value_of(ifd, kCompression).value_or(1);
    const IfdEntry* strips = ifd.find(kStripOffsets);
    const bool whole = strips != nullptr && strips->count == 1 && ifd.find(kJpegTables) == nullptr;
    const bool first = ifd.offset_bytes == out_.first_directory_offset_bytes;
    if (!whole || (compression != kOldJpeg && (compression != kJpeg || first))) return false;
    return take_jpeg(reader_.value_of(ifd, kStripOffsets), reader_.value_of(ifd, kStripByteCounts));
  }

  bool take_jpeg(std::optional<uint64_t> offset, std::optional<uint64_t> length) {
    if (!offset || !length || *offset >= file_.size() || *length < 4) return false;
    const uint64_t there = std::min<uint64_t>(*length, file_.size() - *offset);
    const auto start = file_.subspan(*offset, there);
    if (there < 2 || start[0] != std::byte{0xff} || start[1] != std::byte{0xd8}) return false;
    if (!files_.insert(*offset).second) return true;
    add({.member = {.kind = Member::Kind::thumbnail,
                    .offset_bytes = *offset,
                    .length_bytes = there,
                    .format = Format::jpeg}});
    return true;
  }

  void add(const TiffMember& member) {
    if (out_.members.size() >= limits_.max_picture_members) {
      ++out_.more_members;
    } else {
      out_.members.push_back(member);
    }
  }

  void note(const Error& error) {
    if (!out_.damage) out_.damage = error;
  }

  std::span<const std::byte> file_;
  const IfdReader& reader_;
  const Limits& limits_;
  TiffStructure out_;
  std::set<uint64_t> seen_;   ///< Offsets of directories.
  std::set<uint64_t> files_;  ///< Offsets of JPEG files.
};

}  // namespace

Result<TiffStructure> read_tiff_structure(std::span<const std::byte> file, const Limits& limits) {
  SAFELIGHT_TRY(const IfdReader reader, IfdReader::open(file));
  return Walk(file, reader, limits).run();
}

}  // namespace safelight::codec

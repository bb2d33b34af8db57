#include "safelight/codec/still/png/png_structure.h"

#include "safelight/base/byte_reader.h"
#include "safelight/metadata/container/png_chunks.h"
#include "safelight/metadata/ifd.h"

namespace safelight::codec {
namespace {

using metadata::kPngSignature;
using metadata::next_png_chunk;
using metadata::PngChunk;

constexpr uint64_t kHeaderBytes = 13;
constexpr uint64_t kFrameControlBytes = 26;
constexpr uint64_t kSequenceBytes = 4;

Result<PngFrame> read_frame_control(ByteReader in, const PngChunk& chunk) {
  PngFrame frame;
  frame.offset_bytes = chunk.offset_bytes;
  if (chunk.data.length_bytes != kFrameControlBytes) {
    return Error::at(ErrorCode::malformed, "png.frame-control", chunk.offset_bytes);
  }
  SAFELIGHT_CHECK(in.seek(chunk.data.offset_bytes + kSequenceBytes));
  SAFELIGHT_TRY(frame.place.width, in.u32_be());
  SAFELIGHT_TRY(frame.place.height, in.u32_be());
  SAFELIGHT_TRY(frame.place.x, in.u32_be());
  SAFELIGHT_TRY(frame.place.y, in.u32_be());
  SAFELIGHT_CHECK(in.skip(4));  // delay
  SAFELIGHT_TRY(const uint8_t disposal, in.u8());
  SAFELIGHT_TRY(const uint8_t blend, in.u8());
  if (disposal > 2 || blend > 1) {
    return Error::at(ErrorCode::malformed, "png.frame-control", chunk.offset_bytes);
  }
  frame.disposal = static_cast<Disposal>(disposal);
  frame.blend = static_cast<Blend>(blend);
  return frame;
}

class Walk {
 public:
  Walk(std::span<const std::byte> file, const Limits& limits)
      : file_(file), in_(file), limits_(limits) {}

  Result<PngStructure> run() {
    SAFELIGHT_CHECK(read_header());
    while (!out_.end_offset_bytes) {
      const auto chunk = next_png_chunk(in_);
      if (!chunk) {
        out_.damage = chunk.error();
        break;
      }
      if (const auto taken = take(*chunk); !taken) {
        out_.damage = taken.error();
        break;
      }
    }
    return std::move(out_);
  }

 private:
  Result<void> read_header() {
    SAFELIGHT_TRY(const std::string_view signature, in_.text(kPngSignature.size()));
    if (signature != kPngSignature) return Error::at(ErrorCode::malformed, "png.signature", 0);
    const uint64_t offset = in_.offset_bytes();
    SAFELIGHT_TRY(const PngChunk chunk, next_png_chunk(in_));
    if (chunk.type == "CgBI") return Error::at(ErrorCode::unsupported, "png.cgbi", offset);
    if (chunk.type != "IHDR" || chunk.data.length_bytes != kHeaderBytes) {
      return Error::at(ErrorCode::malformed, "png.header", offset);
    }
    out_.header = chunk.data;
    ByteReader header(file_);
    SAFELIGHT_CHECK(header.seek(chunk.data.offset_bytes));
    SAFELIGHT_TRY(out_.width, header.u32_be());
    SAFELIGHT_TRY(out_.height, header.u32_be());
    return {};
  }

  Result<void> take(const PngChunk& chunk) {
    if (chunk.type == "IEND") {
      out_.end_offset_bytes = in_.offset_bytes();
    } else if (chunk.type == "PLTE") {
      out_.palette = chunk.data;
    } else if (chunk.type == "tRNS") {
      out_.transparency = chunk.data;
    } else if (chunk.type == "eXIf") {
      out_.exif_orientation = metadata::exif_orientation(
          file_.subspan(chunk.data.offset_bytes, chunk.data.length_bytes));
    } else if (chunk.type == "IDAT") {
      if (!seen_data_ && frame_open_) out_.main_is_first_frame = true;
      seen_data_ = true;
      if (frame_open_ && out_.frames.size() == 1 && out_.main_is_first_frame) {
        out_.frames.back().data.push_back(chunk.data);
      }
    } else if (chunk.type == "fcTL") {
      return begin_frame(chunk);
    } else if (chunk.type == "fdAT" && frame_open_) {
      if (chunk.data.length_bytes < kSequenceBytes) {
        return Error::at(ErrorCode::malformed, "png.frame-data", chunk.offset_bytes);
      }
      out_.frames.back().data.push_back(
          {chunk.data.offset_bytes + kSequenceBytes, chunk.data.length_bytes - kSequenceBytes});
    }
    return {};
  }

  Result<void> begin_frame(const PngChunk& chunk) {
    if (out_.frames.size() > limits_.max_picture_members) {
      ++out_.more_frames;
      frame_open_ = false;
      return {};
    }
    SAFELIGHT_TRY(PngFrame frame, read_frame_control(ByteReader(file_), chunk));
    out_.frames.push_back(std::move(frame));
    frame_open_ = true;
    return {};
  }

  std::span<const std::byte> file_;
  ByteReader in_;
  const Limits& limits_;
  PngStructure out_;
  bool seen_data_ = false;
  bool frame_open_ = false;  ///< The data that follows belongs to frames.back().
};

}  // namespace

Result<PngStructure> read_png_structure(std::span<const std::byte> file, const Limits& limits) {
  return Walk(file, limits).run();
}

}  // namespace safelight::codec

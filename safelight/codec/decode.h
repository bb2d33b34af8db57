#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "safelight/base/limits.h"
#include "safelight/base/result.h"
#include "safelight/codec/format.h"
#include "safelight/picture/picture.h"

namespace safelight::codec {

/// A still inside a picture file besides its main one.
struct Member {
  enum class Kind : uint8_t { frame, page, item, mpf_picture, thumbnail };
  Kind kind = Kind::frame;
  uint32_t index = 0;  ///< Counted from 0 within the file, over all kinds; names it to decode().
  uint64_t offset_bytes = 0;  ///< Where it begins in the file, 0 where that is not known.
  uint64_t length_bytes =
      0;  ///< Its length where it is a file of its own (thumbnail, MPF), else 0.
  Format format = Format::unknown;  ///< What it is, where it is a file of its own.
};

/// Something about a file's structure that a reviewer must know: what was not looked at, and why.
struct Remark {
  std::string kind;       ///< "trailing_data", "motion_photo_video", "more_members", ...
  std::string statement;  ///< One sentence in plain words.
  uint64_t offset_bytes = 0;
  uint64_t length_bytes = 0;
  bool leaves_content_unexamined = false;  ///< Whether the file counts as partly examined.
};

/// What a picture file holds, as far as its structure tells without decoding pixels.
struct Layout {
  uint32_t width = 0;  ///< Of the main picture, as stored (before any EXIF orientation).
  uint32_t height = 0;
  uint8_t exif_orientation = 1;  ///< 1 to 8; 1 where there is none.
  std::vector<Member>
      members;  ///< At most Limits::max_picture_members, then a "more_members" remark.
  std::vector<Remark> remarks;
};

/// What decode() makes besides the rows it hands out.
struct DecodeRequest {
  Limits limits;
  /// Makes Decoded::nearest: the pixels that PDQ's reference mode reads, and no others where the
  /// format allows that.
  bool nearest = true;
  /// Takes every row of the picture, where it is not null.
  RowSink* rows = nullptr;
  /// Where it is not 0, `rows` may get a smaller picture of the same aspect, whose longer side has
  /// at least that many pixels: JPEG decodes one at less cost. Only without `nearest`.
  uint32_t enough_side_pixels = 0;
  /// Takes the rows of a main picture that is stored without loss, where that is PNG, or WebP
  /// without animation; of any other not even begin() is called. Samples of 8 bits as stored
  /// (narrow_16_to_8() of 16): 4 channels where the file keeps transparency in any way, not
  /// multiplied and not mixed; else those of `rows`. Each row comes before `rows` gets it. A row
  /// that is not known in full never comes.
  RowSink* lossless_rows = nullptr;
};

struct Decoded {
  /// Of the whole picture, whatever `rows` got; 3 channels, or 1 for a grey one.
  PictureShape shape;
  /// As NearestSink makes it, where it was asked for; in one channel where every pixel of the
  /// picture is grey, whatever its file stores, but for one stored in inks.
  Picture nearest;
  std::optional<Error> incomplete;  ///< Why part of the picture is missing, where part of it is.
};

}  // namespace safelight::codec

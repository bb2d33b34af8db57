#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/metadata/container/byte_range.h"
#include "safelight/metadata/exif/maker_note.h"
#include "safelight/metadata/ifd.h"
#include "safelight/metadata/limits.h"

namespace safelight::metadata {

/// Tags of the main and the EXIF directory that hold text.
/// Source: TIFF 6.0; CIPA DC-008 (EXIF) 3.0; Microsoft's XP tags; DNG 1.7.
enum class ExifTag : uint16_t {
  document_name = 0x010d,
  image_description = 0x010e,
  make = 0x010f,
  model = 0x0110,
  software = 0x0131,
  modify_date = 0x0132,
  artist = 0x013b,
  host_computer = 0x013c,
  copyright = 0x8298,
  date_time_original = 0x9003,
  date_time_digitized = 0x9004,
  offset_time = 0x9010,
  offset_time_original = 0x9011,
  offset_time_digitized = 0x9012,
  sub_sec_time = 0x9290,
  sub_sec_time_original = 0x9291,
  sub_sec_time_digitized = 0x9292,
  xp_title = 0x9c9b,
  xp_comment = 0x9c9c,
  xp_author = 0x9c9d,
  xp_keywords = 0x9c9e,
  xp_subject = 0x9c9f,
  image_unique_id = 0xa420,
  camera_owner = 0xa430,
  body_serial_number = 0xa431,
  lens_make = 0xa433,
  lens_model = 0xa434,
  lens_serial_number = 0xa435,
  camera_serial_number = 0xc62f,  ///< DNG
};

/// A text of the main or the EXIF directory. The bytes as stored, up to the first zero byte and
/// without spaces at the end; XP texts become UTF-8.
struct ExifText {
  ExifTag tag{};  ///< Any tag, named above or not.
  std::string text;
  ByteRange place;
};

/// A moment as EXIF states it: local time of an unknown zone unless `offset` says it.
struct ExifTime {
  std::string text;          ///< "YYYY:MM:DD HH:MM:SS" as stored; empty where absent.
  std::string sub_seconds;   ///< Digits behind the point.
  std::string offset;        ///< "+HH:MM", likewise. Empty: the zone is not stated.
  bool well_formed = false;  ///< `text` is a date and time of the calendar.
};

struct ExifGps {
  std::optional<double> latitude;   ///< Degrees, north positive.
  std::optional<double> longitude;  ///< Degrees, east positive.
  std::optional<double> altitude_m;
  std::string date;                      ///< UTC, "YYYY:MM:DD" as stored.
  std::optional<double> seconds_of_day;  ///< UTC.
  ByteRange place;                       ///< Of its directory.
};

/// How a UserComment says that it is written.
enum class CommentCharset : uint8_t { none, ascii, unicode, jis, undefined };

struct ExifUserComment {
  CommentCharset charset = CommentCharset::none;  ///< none: there is no comment.
  /// UTF-8 where the charset is unicode; else the bytes behind the charset code as stored, without
  /// zero bytes and spaces at the end.
  std::string text;
  ByteRange place;
};

/// What one EXIF structure says. Nothing is corrected or judged.
struct Exif {
  ByteRange place;  ///< Of the TIFF structure.
  std::vector<ExifText> texts;
  ExifTime modified;  ///< DateTime
  ExifTime original;
  ExifTime digitized;
  std::optional<ExifGps> gps;
  uint16_t orientation = 0;  ///< As stored; 0 where absent.
  uint32_t pixel_width = 0;  ///< PixelXDimension; 0 where absent.
  uint32_t pixel_height = 0;
  std::optional<Rational> exposure_time_s;
  std::optional<Rational> f_number;
  std::optional<Rational> focal_length_mm;
  uint32_t focal_length_35mm = 0;  ///< 0 where absent.
  uint32_t iso = 0;                ///< 0 where absent.
  ExifUserComment user_comment;
  MakerNote maker_note;
  ByteRange thumbnail;        ///< The JPEG file that the second directory names; empty where none.
  ByteRange xmp;              ///< Tag 700 of a TIFF file; likewise.
  ByteRange iptc;             ///< Tag 33723.
  ByteRange photoshop;        ///< Tag 34377.
  std::vector<Error> damage;  ///< Parts that could not be read.

  /// The first text of that tag; nullptr where there is none.
  [[nodiscard]] const ExifText* find(ExifTag tag) const;
  /// The same, empty where there is none.
  [[nodiscard]] std::string_view text(ExifTag tag) const;
};

/// Reads the TIFF structure at `place` in `file` (a leading "Exif\0\0" is passed over): a whole
/// TIFF file, or what other formats embed. All places are in `file`. Errors: truncated or malformed
/// for another signature.
Result<Exif> read_exif(std::span<const std::byte> file, ByteRange place,
                       const MetadataLimits& limits);

}  // namespace safelight::metadata

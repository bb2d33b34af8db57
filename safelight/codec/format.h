#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace safelight::codec {

/// What the first bytes of a file say it is.
enum class Format : uint8_t {
  unknown,
  empty,
  // Still pictures, decoded.
  jpeg,
  png,
  webp,
  gif,
  tiff,
  bmp,
  jxl,
  heif,  ///< HEIC and HEIF.
  avif,
  // Containers whose members are items.
  zip,
  tar,
  gzip,
  bzip2,
  xz,
  zstd,
  lz4,
  seven_zip,
  rar,
  // Recognised, not opened yet.
  psd,
  jpeg2000,
  ico,
  raw_photo,  ///< Camera raw formats with a magic of their own (RAF, CR3, RW2, ORF). DNG, CR2, NEF
              ///< and ARW are TIFF.
  video_iso,  ///< MP4, MOV, 3GP.
  video_matroska,
  video_riff,  ///< AVI.
  video_mpeg,
  video_flash,
  video_asf,
  audio,
  pdf,
  office,  ///< OLE2 documents. Office Open XML and OpenDocument are zip.
  mail,
  sqlite,
  disk_image,
  executable,
  text,
};

/// What is done with files of a format.
enum class Handling : uint8_t {
  still_worker,    ///< Decoded by the still-picture worker.
  heif_worker,     ///< Decoded by the HEIF worker.
  archive_worker,  ///< Opened by the archive worker.
  not_opened,      ///< May hold pictures that this version does not look at: a finding says so.
  no_pictures,     ///< Holds no pictures: digests are all there is to know.
};

/// How many bytes from the start sniff() needs to decide as well as it can.
inline constexpr size_t kSniffBytes = 4096;

/// The format by content, never by name. Looks at fixed places of at most kSniffBytes; any input is
/// fine.
Format sniff(std::span<const std::byte> head);

Handling handling_of(Format format);

/// A stable name, such as "jpeg" or "seven_zip".
std::string_view to_text(Format format);
/// The format of that name; `Format::unknown` for a name that is none.
Format format_from_text(std::string_view text);
/// The media type, such as "image/jpeg"; "application/octet-stream" where none fits.
std::string_view media_type(Format format);

/// Whether a file name's extension (without its dot, any case) is usual for the format. An unknown
/// extension, or none, fits every format; a known one that belongs to another is a mismatch.
bool extension_fits(std::string_view extension, Format format);

}  // namespace safelight::codec

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
#include "safelight/metadata/exif/exif.h"
#include "safelight/metadata/iptc/iim.h"
#include "safelight/metadata/limits.h"
#include "safelight/metadata/xmp/xmp.h"

namespace safelight::metadata {

/// How a file is laid out, as far as metadata can be found in it.
enum class Container : uint8_t {
  none,
  jpeg,
  png,
  riff,  ///< WebP, WAV, AVI.
  gif,
  tiff,     ///< With the camera raw formats that are TIFF.
  bmff,     ///< HEIF, AVIF, MP4, MOV.
  jpeg_xl,  ///< Its form in boxes.
};

/// Such as "JPEG"; "none" for none.
std::string_view to_text(Container container);

/// The container by its first bytes.
Container container_of(std::span<const std::byte> file);

/// Where metadata stood in the file.
struct Place {
  ByteRange range;
  /// Places inside the metadata are places in the file. False where the bytes had to be joined or
  /// expanded first: then they count from the start of what came out.
  bool direct = true;
};

struct ExifBlock {
  Place place;
  Exif exif;
};

struct XmpBlock {
  enum class Kind : uint8_t {
    main,
    extended,      ///< Of a JPEG file: the rest of a main packet that names it.
    unannounced,   ///< The same, but no main packet names it.
    wrong_digest,  ///< The same, but its bytes are not those that it is named for.
  };
  Place place;
  Kind kind = Kind::main;
  Xmp xmp;
};

struct IimBlock {
  Place place;
  Iim iim;
};

/// A text under a keyword: of PNG (tEXt, zTXt, iTXt), or of a RIFF file's INFO list, whose keywords
/// are its chunk types.
struct TextEntry {
  std::string keyword;
  std::string text;  ///< As stored, expanded.
  ByteRange place;   ///< Of the chunk's data.
  bool compressed = false;
  bool checksum_fits = true;  ///< Of PNG.
  bool whole = true;          ///< False: damage or a limit cut it.
};

/// A comment of a JPEG or GIF file.
struct Comment {
  std::string text;
  ByteRange place;
};

/// All that a file says about itself, in the order in which it stands.
struct Metadata {
  Container container = Container::none;
  std::vector<ExifBlock> exif;
  std::vector<XmpBlock> xmp;
  std::vector<IimBlock> iim;
  std::vector<TextEntry> texts;
  std::vector<Comment> comments;
  /// Where bytes begin that belong to no part of the container; nothing where it ends with the file
  /// or never ends.
  std::optional<uint64_t> trailing_offset_bytes;
  /// Whether a C2PA manifest store stands where the container keeps one, or a part of one (a proof
  /// of BMFF). Nothing in it was looked at. False where the walk ended before the store: there is a
  /// note on damage then.
  bool content_credentials = false;
  /// What was damaged, cut or not read. Not one of these reads as "nothing is there". Of parts that
  /// are not `direct`, offsets are those of the part.
  std::vector<Error> damage;
};

/// Where XMP says that a manifest of the file is kept (`dcterms:provenance`): the first such value
/// that does not point into the file itself; "" where there is none. Of a file of which this is
/// empty and `content_credentials` false, a C2PA validator has nothing to say.
std::string_view manifest_url(const Metadata& metadata);

/// Reads what the file's container says, by walking its structure: bytes that only look like
/// metadata are none. Time is linear in the file's size, and `limits.max_text_bytes` bounds all
/// texts of the file together. Damage (besides that of the parsers): limit_exceeded (rule
/// "max_blocks"); unsupported (rule "jxl.brob") for compressed boxes.
Metadata read_metadata(std::span<const std::byte> file, const MetadataLimits& limits);

}  // namespace safelight::metadata

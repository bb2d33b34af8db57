#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "safelight/metadata/container/byte_range.h"
#include "safelight/metadata/container/jpeg_segments.h"

namespace safelight::metadata {

/// What a marker segment of a JPEG file holds, by marker and signature.
enum class JpegApp : uint8_t {
  other,
  jfif,          ///< APP0 "JFIF"
  jfxx,          ///< APP0 "JFXX"
  exif,          ///< APP1 "Exif"
  xmp,           ///< APP1
  extended_xmp,  ///< APP1
  icc_profile,   ///< APP2 "ICC_PROFILE"
  mpf,           ///< APP2 "MPF"
  jumbf,         ///< APP11 "JP"
  ducky,         ///< APP12 "Ducky"
  photoshop,     ///< APP13 "Photoshop 3.0"
  adobe,         ///< APP14 "Adobe"
  comment,       ///< COM
};

struct JpegAppData {
  JpegApp kind = JpegApp::other;
  ByteRange data;  ///< The payload behind its signature; all of it where there is none.
};

/// Sources: EXIF 3.0 section 4.7; XMP part 3 section 1.1.3; CIPA DC-007 (MPF); ICC.1 annex B.4;
/// ISO 19566-5 annex D (JUMBF).
JpegAppData jpeg_app(std::span<const std::byte> file, const JpegSegment& segment);

}  // namespace safelight::metadata

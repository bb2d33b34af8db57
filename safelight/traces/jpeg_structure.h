#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/traces/jpeg_tables.h"

namespace safelight::traces {

enum class JpegProcess : uint8_t { baseline, extended, progressive, lossless, other };

/// Whether the Huffman tables are those that encoders use by default.
enum class HuffmanTables : uint8_t {
  none,      ///< Arithmetic coding, or tables that the file leaves out.
  standard,  ///< All are tables of Annex K.3.
  own,       ///< At least one is not: mostly made for the picture ("optimised").
};

/// How a JPEG file was put together: what an encoder chooses, whatever the picture. Many encoders
/// share each choice.
struct JpegStructure {
  JpegProcess process = JpegProcess::other;
  bool arithmetic = false;
  uint8_t sample_bits = 0;
  uint16_t width = 0;
  uint16_t height = 0;
  /// "4:4:4", "4:2:2", "4:4:0", "4:2:0", "4:1:1", "grey", or the factors, as "2x1,1x2,1x1".
  std::string subsampling;
  /// Quantisation tables, one a component in the frame's order, as far as the file defines them.
  std::vector<QuantTable> tables;
  std::optional<IjgQuality> quality;  ///< Of `tables`, where each component has one.
  HuffmanTables huffman = HuffmanTables::none;
  bool adobe = false;                ///< An APP14 "Adobe" segment.
  bool ducky = false;                ///< An APP12 "Ducky" segment: Photoshop's "Save for Web".
  bool photoshop_resources = false;  ///< An APP13 "Photoshop 3.0" segment that holds resources.
  bool thumbnail = false;            ///< In EXIF, JFIF or Photoshop's resources; not looked into.
  /// The marker segments in order, as "SOI APP0:JFIF DQT DQT SOF0 DHT SOS EOI"; at most
  /// kMaxMarkers, then "...".
  std::string markers;
  bool complete = false;  ///< The end marker was reached.
};

inline constexpr size_t kMaxMarkers = 96;

/// Reads the marker segments of the picture at the start of `file`. Damage behind the first scan
/// header only ends the reading (`complete` is false). Errors: truncated; malformed, "jpeg.start",
/// "jpeg.segment-length", "jpeg.quantisation", "jpeg.huffman" or "jpeg.frame".
/// Source: ITU-T T.81, annex B.
Result<JpegStructure> read_jpeg_structure(std::span<const std::byte> file);

}  // namespace safelight::traces

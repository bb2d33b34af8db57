#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace safelight::metadata {

/// How a picture came about, in the words of IPTC's vocabulary, retired ones included, and of
/// C2PA's additions to it. Sources: cv.iptc.org/newscodes/digitalsourcetype (2024-09); C2PA 2.2
/// section 18.
enum class DigitalSourceType : uint8_t {
  digital_capture,
  computational_capture,
  negative_film,
  positive_film,
  print,
  minor_human_edits,
  human_edits,
  composite_with_trained_algorithmic_media,
  algorithmically_enhanced,
  software_image,
  digital_art,
  digital_creation,
  data_driven_media,
  trained_algorithmic_media,
  algorithmic_media,
  screen_capture,
  virtual_recording,
  composite,
  composite_capture,
  composite_synthetic,
  empty,                     ///< C2PA: a blank canvas.
  trained_algorithmic_data,  ///< C2PA: made by a model, but no media.
};

/// What a type says of how much was generated.
enum class SourceGroup : uint8_t {
  fully_generated,
  /// Generated parts among others. A small retouch of a photograph is enough for it.
  contains_generated,
  synthetic_without_ai,
  capture,
  edited,
  none,  ///< Nothing of these.
};

/// The type that a text names: its URI with http or https, with or without a slash at the end, its
/// QCode ("digsrctype:...") or its bare code. Case counts, as in the vocabulary; blanks around it
/// do not. Nothing for any other text.
std::optional<DigitalSourceType> parse_digital_source_type(std::string_view text);

/// The code of a type, such as "trainedAlgorithmicMedia".
std::string_view to_text(DigitalSourceType type);

SourceGroup group_of(DigitalSourceType type);

}  // namespace safelight::metadata

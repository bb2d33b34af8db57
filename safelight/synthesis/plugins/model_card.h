#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "safelight/base/result.h"
#include "safelight/hash/digests.h"
#include "safelight/picture/resample.h"

namespace safelight::synthesis {

inline constexpr size_t kMaxCardBytes = 65'536;
inline constexpr size_t kMaxCardTextBytes = 1'024;  ///< Of one text in a card.
/// Of the detector's name: calibrations hold it, and their files are named after it.
inline constexpr size_t kMaxCardNameBytes = 128;
inline constexpr size_t kMaxModelFileNameBytes = 255;
inline constexpr uint32_t kMaxInputSide = 4'096;
inline constexpr uint32_t kMaxCrops = 64;  ///< Of one picture.

/// What is said of a card whose output is another one.
inline constexpr std::string_view kOtherOutputRefused =
    "the card declares an output other than \"camera\" or \"synthetic\": Safelight runs models "
    "that "
    "tell camera captures from generated pictures and no others; it has no place for classifiers "
    "of "
    "nudity, age or bodies";

enum class TensorLayout : uint8_t { nchw, nhwc };
enum class ChannelOrder : uint8_t { rgb, bgr };

enum class ResizePolicy : uint8_t {
  none,
  shorter_side,  ///< To a given length, the other side in proportion.
  stretch,       ///< To the size of the input, whatever the proportions.
};

enum class CropPolicy : uint8_t {
  centre,
  corners_and_centre,  ///< 5 crops.
  grid,                ///< Columns times rows, spread evenly from edge to edge.
};

enum class ValueRange : uint8_t { zero_to_one, zero_to_255 };

enum class OutputForm : uint8_t {
  logit,        ///< The value at `index`.
  probability,  ///< The same, 0 to 1.
  two_logits,   ///< The value at `index` less the other.
};

enum class Proposition : uint8_t { camera, synthetic };

/// What a card says of its model. See docs/formats/model_card.md.
struct ModelCard {
  std::string name;
  std::string model_file;  ///< Beside the card; no path.
  Sha256 model;
  std::string licence;
  std::string source;

  struct Input {
    std::string name;
    uint32_t width = 0;
    uint32_t height = 0;
    TensorLayout layout = TensorLayout::nchw;
    ChannelOrder order = ChannelOrder::rgb;
  } input;

  struct Resize {
    ResizePolicy policy = ResizePolicy::none;
    uint32_t side = 0;                 ///< Of ResizePolicy::shorter_side.
    Kernel kernel = Kernel::bilinear;  ///< Unless ResizePolicy::none.
  } resize;

  struct Crop {
    CropPolicy policy = CropPolicy::centre;
    uint32_t columns = 1;  ///< Of CropPolicy::grid.
    uint32_t rows = 1;     ///< Of CropPolicy::grid.
    [[nodiscard]] uint32_t count() const;
  } crop;

  /// (value - mean) / deviation, for each channel in the input's order.
  struct Normalisation {
    ValueRange range = ValueRange::zero_to_one;
    std::array<double, 3> mean{};
    std::array<double, 3> deviation{};
  } normalisation;

  struct Output {
    std::string name;
    Proposition proposition = Proposition::synthetic;  ///< What a larger value speaks for.
    OutputForm form = OutputForm::logit;
    uint32_t values = 1;  ///< That the model gives a picture: 1 or 2.
    uint32_t index = 0;
  } output;
};

/// Reads a card (JSON, strictly: no member unknown, twice or missing).
/// Errors: truncated and malformed ("card.json") at the byte where the text stops being JSON;
/// malformed ("card.no-object", "card.array", "card.member-twice", "card.unknown-member") and
/// limit_exceeded ("card.bytes", "card.depth", "card.members"); and with the member as the rule
/// ("card.input.width") not_found at the end of the text, malformed, limit_exceeded, or unsupported
/// ("card.output.proposition") for another output than camera or synthetic. A member's offset is
/// that of its name.
Result<ModelCard> parse_model_card(std::string_view text);

/// All that decides a score besides the model, in one way of writing it: two cards of one model
/// with the same text give the same scores.
std::string preprocessing_text(const ModelCard& card);

}  // namespace safelight::synthesis

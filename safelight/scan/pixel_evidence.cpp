#include "safelight/scan/pixel_evidence.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "safelight/provenance/marks/marks.h"
#include "safelight/provenance/traces/findings.h"
#include "safelight/provenance/watermark/findings.h"
#include "safelight/traces/cfa.h"
#include "safelight/traces/double_jpeg.h"
#include "safelight/traces/looked_at.h"
#include "safelight/traces/resampling.h"

namespace safelight::scan {
namespace {

using provenance::TraceOf;
using traces::Trace;

constexpr std::string_view kPresent = "present";
constexpr std::string_view kPossible = "possible";
constexpr std::string_view kNotFound = "not found";

std::string not_assessable(std::string_view reason) {
  return "not assessable: " + std::string(reason);
}

/// Keeps the part of a picture that its traces are looked for in.
class MiddleSink {
 public:
  void begin(const PictureShape& shape) {
    shape_ = shape;
    region_ = traces::pixels_looked_at(shape);
    middle_.shape = {region_.width, region_.height, shape.channels};
    middle_.samples.clear();
    middle_.samples.reserve(middle_.shape.height * middle_.shape.row_bytes());
  }

  void rows(uint32_t first_row, std::span<const uint8_t> samples) {
    const size_t row_bytes = shape_.row_bytes();
    for (uint32_t y = first_row; row_bytes > 0 && samples.size() >= row_bytes; ++y) {
      if (y >= region_.top && y < region_.top + region_.height) {
        const auto part =
            samples.subspan(size_t{region_.left} * shape_.channels, middle_.shape.row_bytes());
        middle_.samples.insert(middle_.samples.end(), part.begin(), part.end());
      }
      samples = samples.subspan(row_bytes);
    }
  }

  /// Whole where every row came.
  [[nodiscard]] const Picture& picture() const { return middle_; }

 private:
  PictureShape shape_;
  traces::Region region_;
  Picture middle_;
};

/// Takes pixels as they are stored, to find text in them.
class StealthSink final : public RowSink {
 public:
  void begin(const PictureShape& shape) override {
    begun_ = true;
    if (shape.channels < 3) return;
    reader_.emplace(
        shape.width, shape.height,
        shape.channels == 4 ? provenance::StealthPixels::rgba : provenance::StealthPixels::rgb);
  }
  void rows(uint32_t, std::span<const uint8_t> samples) override {
    if (reader_) reader_->rows(samples);
  }

  [[nodiscard]] bool begun() const { return begun_; }
  /// Nothing where no row, or only grey without transparency, came.
  [[nodiscard]] const std::optional<provenance::StealthReader>& reader() const { return reader_; }

 private:
  bool begun_ = false;
  std::optional<provenance::StealthReader> reader_;
};

/// Keeps red, green and blue of a whole picture, for a signature over them.
class SignedPixels {
 public:
  void begin(const PictureShape& shape, uint64_t max_pixels) {
    channels_ = shape.channels;
    too_many_ = uint64_t{shape.width} * shape.height > max_pixels;
  }
  void rows(std::span<const uint8_t> samples) {
    if (too_many_) return;
    if (channels_ == 3) {
      rgb_.insert(rgb_.end(), samples.begin(), samples.end());
    } else {
      for (const uint8_t sample : samples) rgb_.insert(rgb_.end(), 3, sample);
    }
  }
  void drop() { rgb_ = {}; }

  [[nodiscard]] Finding verify(const marks::SignedSettings& settings, std::string_view key,
                               DecodedExtent extent) const {
    const auto verified = [&]() -> Result<bool> {
      if (too_many_) return Error{ErrorCode::limit_exceeded, "max_signed_pixels"};
      if (extent != DecodedExtent::in_full) return Error{ErrorCode::truncated, "novelai.pixels"};
      return marks::verify_novelai_signature(std::as_bytes(std::span(rgb_)), settings.json, key,
                                             {});
    };
    return marks::novelai_signature_finding(verified(), settings.place);
  }

 private:
  uint32_t channels_ = 3;
  bool too_many_ = false;
  std::vector<uint8_t> rgb_;
};

std::string_view reason_of(provenance::NotReadable reason) {
  switch (reason) {
    case provenance::NotReadable::too_small:
      return "too small";
    case provenance::NotReadable::grey:
      return "grey";
    case provenance::NotReadable::flat:
      break;
  }
  return "too flat";
}

std::string text_of(const Trace& trace) {
  switch (trace.presence) {
    case traces::Presence::present:
      return std::string(kPresent);
    case traces::Presence::not_found:
      return std::string(kNotFound);
    case traces::Presence::not_assessable:
      break;
  }
  return not_assessable(trace.reason);
}

/// Why a picture that was not decoded in full is not assessed.
std::string_view reason_of(DecodedExtent extent) {
  return extent == DecodedExtent::none ? "no pixels could be decoded"
                                       : "the picture was decoded in part";
}

std::string_view statement_of(DecodedExtent extent) {
  switch (extent) {
    case DecodedExtent::in_full:
      return "The pixels were examined for marks and for traces of processing. A trace that is not "
             "found says nothing about the picture: most are lost by copying, resizing or saving "
             "again.";
    case DecodedExtent::in_part:
      return "Only part of the pixels could be decoded. Marks were looked for in that part, traces "
             "of processing not at all; that none is found says nothing about the picture.";
    case DecodedExtent::none:
      break;
  }
  return "No pixels could be decoded, so neither marks nor traces of processing were looked for. "
         "That says nothing about the picture.";
}

std::string_view why_not_lossless(codec::Format format) {
  switch (format) {
    case codec::Format::jpeg:
      return "stored with loss";
    case codec::Format::webp:
      return "stored with loss, or an animation";
    default:
      return "not looked for in this format";
  }
}

}  // namespace

struct PixelExaminer::State {
  codec::Format format = codec::Format::unknown;
  std::span<const std::byte> file;
  Limits limits;
  PixelExaminerOptions options;
  std::optional<marks::SignedSettings> signed_settings;  ///< Of the metadata.
  provenance::DwtMarkReader marks_reader;
  StealthSink stealth;
  SignedPixels signed_pixels;
  MiddleSink middle;

  DecodedExtent extent = DecodedExtent::none;
  PixelEvidence out;

  /// Whether a signature over all pixels may still turn up.
  [[nodiscard]] bool may_be_signed() const {
    return signed_settings || (stealth.reader() && stealth.reader()->may_hold_text());
  }

  void add(std::optional<Finding> finding) {
    if (finding) out.findings.push_back(*std::move(finding));
  }

  void examine_structure();
  std::string examine_marks();
  std::string examine_stealth();
  void examine_hidden_text(const provenance::StealthText& hidden);
  std::string examine_trace(TraceOf what, const Trace& trace);
  std::string examine_luma();
};

PixelExaminer::PixelExaminer(codec::Format format, std::span<const std::byte> file,
                             const metadata::Metadata& metadata, const Limits& limits,
                             PixelExaminerOptions options)
    : state_(std::make_unique<State>()) {
  state_->format = format;
  state_->file = file;
  state_->limits = limits;
  state_->options = std::move(options);
  state_->signed_settings = marks::novelai_signed_settings(file, metadata, {});
}

PixelExaminer::~PixelExaminer() = default;

void PixelExaminer::begin(const PictureShape& shape) {
  state_->marks_reader.begin(shape);
  state_->middle.begin(shape);
  state_->signed_pixels.begin(shape, state_->options.max_signed_pixels);
}

void PixelExaminer::rows(uint32_t first_row, std::span<const uint8_t> samples) {
  state_->marks_reader.rows(first_row, samples);
  state_->middle.rows(first_row, samples);
  if (state_->may_be_signed()) {
    state_->signed_pixels.rows(samples);
  } else {
    state_->signed_pixels.drop();
  }
}

RowSink& PixelExaminer::lossless_rows() { return state_->stealth; }

void PixelExaminer::State::examine_structure() {
  if (format != codec::Format::jpeg || extent == DecodedExtent::none) return;
  const auto structure = traces::read_jpeg_structure(file);
  add(structure
          ? provenance::jpeg_structure_finding(*structure)
          : coverage_finding(Coverage::partial, "The structure of the JPEG", structure.error()));
}

std::string PixelExaminer::State::examine_marks() {
  if (extent == DecodedExtent::none) return not_assessable(reason_of(extent));
  const provenance::MarkReading reading = marks_reader.finish();
  if (reading.not_readable) return not_assessable(reason_of(*reading.not_readable));
  std::string_view best;
  for (Finding& finding : provenance::mark_findings(reading)) {
    if (best != kPresent) best = finding.kind == "watermark" ? kPresent : kPossible;
    add(std::move(finding));
  }
  if (!best.empty()) return std::string(best);
  return extent == DecodedExtent::in_full ? std::string(kNotFound)
                                          : not_assessable(reason_of(extent));
}

std::string PixelExaminer::State::examine_stealth() {
  if (extent == DecodedExtent::none) return not_assessable(reason_of(extent));
  if (!stealth.begun()) return not_assessable(why_not_lossless(format));
  if (!stealth.reader()) return not_assessable("grey");
  const auto text = stealth.reader()->finish();
  std::optional<Finding> finding = provenance::stealth_finding(text);
  if (!text) {
    add(std::move(finding));
    return not_assessable("a text begins there and cannot be read");
  }
  if (!*text) {
    const bool ruled_out = extent == DecodedExtent::in_full || !stealth.reader()->may_hold_text();
    return ruled_out ? std::string(kNotFound) : not_assessable(reason_of(extent));
  }
  if (extent == DecodedExtent::in_part) finding->fields.emplace_back("picture", "decoded in part");
  add(std::move(finding));
  examine_hidden_text(**text);
  return std::string(kPresent);
}

void PixelExaminer::State::examine_hidden_text(const provenance::StealthText& hidden) {
  const std::string_view text(reinterpret_cast<const char*>(hidden.text.data()),
                              hidden.text.size());
  for (Finding& finding : marks::findings_of_hidden_text(text, {})) add(std::move(finding));
  out.prompts = marks::prompts_of_hidden_text(text, {});
  const auto settings = marks::novelai_signed_settings_of_hidden_text(text, {});
  // Where metadata carry the same, that is told once.
  if (!settings || (signed_settings && signed_settings->json == settings->json)) return;
  Finding finding = signed_pixels.verify(*settings, options.novelai_public_key, extent);
  finding.fields.emplace_back("carrier", "pixels");
  add(std::move(finding));
}

std::string PixelExaminer::State::examine_trace(TraceOf what, const Trace& trace) {
  add(provenance::trace_finding(what, trace));
  return text_of(trace);
}

std::string PixelExaminer::State::examine_luma() {
  if (!options.luma) return not_assessable("the coefficients were not looked at");
  const auto luma = options.luma(file, traces::block_rows_looked_at, limits);
  if (!luma) {
    return not_assessable("the coefficients cannot be read (" + std::string(luma.error().rule) +
                          ")");
  }
  const traces::CoefficientPlane plane = {luma->blocks_wide, luma->blocks_high, luma->values,
                                          luma->steps};
  return examine_trace(TraceOf::aligned_double_jpeg, traces::aligned_double_jpeg(plane));
}

PixelEvidence PixelExaminer::finish(DecodedExtent extent) {
  State& state = *state_;
  state.extent = extent;
  Finding overview;
  overview.kind = "pixels_examined";
  overview.statement = statement_of(extent);
  state.add(std::move(overview));

  state.examine_structure();
  const std::string watermark = state.examine_marks();
  const std::string stealth_text = state.examine_stealth();
  if (state.signed_settings) {
    state.add(state.signed_pixels.verify(*state.signed_settings, state.options.novelai_public_key,
                                         extent));
  }

  const std::string undecoded = not_assessable(reason_of(extent));
  const bool whole = extent == DecodedExtent::in_full;
  const bool jpeg = state.format == codec::Format::jpeg;
  const Picture& middle = state.middle.picture();
  const auto of_jpeg = [&](const auto& examine) {
    if (!jpeg) return not_assessable("not a JPEG");
    return whole ? examine() : undecoded;
  };
  const std::string twice = of_jpeg([&] { return state.examine_luma(); });
  const std::string shifted = of_jpeg([&] {
    return state.examine_trace(TraceOf::shifted_double_jpeg, traces::shifted_double_jpeg(middle));
  });
  const std::string resampled =
      whole ? state.examine_trace(TraceOf::resampling, traces::resampling(middle)) : undecoded;
  const std::string colour_filter =
      whole ? state.examine_trace(TraceOf::colour_filter_array, traces::colour_filter_array(middle))
            : undecoded;

  state.out.findings.front().fields = {
      {"saved_twice", twice},   {"saved_before_cropping", shifted},
      {"resampled", resampled}, {"colour_filter_pattern", colour_filter},
      {"watermark", watermark}, {"stealth_text", stealth_text}};
  return std::move(state.out);
}

}  // namespace safelight::scan

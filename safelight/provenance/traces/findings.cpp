#include "safelight/provenance/traces/findings.h"

#include <array>
#include <cstdio>
#include <string>
#include <string_view>

namespace safelight::provenance {
namespace {

struct Wording {
  std::string_view kind;
  std::string_view statement;
};

/// By TraceOf.
constexpr std::array<Wording, 4> kWordings = {{
    {"saved_twice",
     "The coefficients look like those of a picture that was saved as JPEG at least twice, as most "
     "editors and messengers do. It does not say that anything in the picture was changed."},
    {"saved_before_cropping",
     "The pixels keep to the 8x8 grid of an earlier JPEG that lies elsewhere than the grid of this "
     "file, as after cropping. It does not say what was cropped, or why."},
    {"resampled",
     "The pixels repeat in a way that enlarging, reducing or turning leaves behind. Cameras and "
     "viewers do so too, and regular patterns or very dark scenes can look alike."},
    {"colour_filter_pattern",
     "Green alternates from pixel to pixel as in a picture from a sensor with a colour filter, at "
     "its native size. It can be imitated, and most pictures from cameras do not show it."},
}};

std::string to_text(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.4g", value);
  return text;
}

std::string_view to_text(traces::JpegProcess process) {
  using traces::JpegProcess;
  switch (process) {
    case JpegProcess::baseline:
      return "baseline";
    case JpegProcess::extended:
      return "extended";
    case JpegProcess::progressive:
      return "progressive";
    case JpegProcess::lossless:
      return "lossless";
    case JpegProcess::other:
      break;
  }
  return "other";
}

std::string_view to_text(traces::HuffmanTables tables) {
  using traces::HuffmanTables;
  switch (tables) {
    case HuffmanTables::standard:
      return "default";
    case HuffmanTables::own:
      return "own";
    case HuffmanTables::none:
      break;
  }
  return "none";
}

}  // namespace

std::optional<Finding> trace_finding(TraceOf what, const traces::Trace& trace) {
  if (trace.presence != traces::Presence::present) return std::nullopt;
  const Wording& wording = kWordings[static_cast<size_t>(what)];
  Finding finding;
  finding.kind = wording.kind;
  finding.grade = Grade::weak;
  finding.statement = wording.statement;
  finding.fields = {{"statistic", to_text(trace.statistic)},
                    {"threshold", to_text(trace.threshold)}};
  return finding;
}

Finding jpeg_structure_finding(const traces::JpegStructure& structure) {
  Finding finding;
  finding.kind = "jpeg_structure";
  finding.grade = Grade::fact;
  finding.fields = {{"process", std::string(to_text(structure.process))},
                    {"subsampling", structure.subsampling},
                    {"huffman_tables", std::string(to_text(structure.huffman))},
                    {"markers", structure.markers}};
  std::string tables = "its quantisation tables cannot be compared";
  if (structure.quality) {
    const std::string quality = std::to_string(structure.quality->quality);
    finding.fields.emplace_back(structure.quality->exact ? "ijg_quality" : "nearest_ijg_quality",
                                quality);
    tables =
        structure.quality->exact
            ? "its quantisation tables are those of the common library at quality " + quality
            : "its quantisation tables are not those of the common library (nearest: quality " +
                  quality + ")";
    if (!structure.quality->exact) {
      finding.fields.emplace_back("mean_difference", to_text(structure.quality->mean_difference));
    }
  }
  const auto add_if = [&](bool there, std::string_view name) {
    if (there) finding.fields.emplace_back(name, "yes");
  };
  add_if(structure.arithmetic, "arithmetic_coding");
  add_if(structure.adobe, "adobe_segment");
  add_if(structure.ducky, "ducky_segment");
  add_if(structure.photoshop_resources, "photoshop_resources");
  add_if(structure.thumbnail, "thumbnail");
  finding.statement = "The JPEG is " + std::string(to_text(structure.process)) + "; " + tables +
                      ". Many cameras and programs write such files.";
  return finding;
}

}  // namespace safelight::provenance

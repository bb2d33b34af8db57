#include "safelight/triage/origin_evidence.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "safelight/evidence/origin.h"
#include "safelight/metadata/iptc/digital_source_type.h"

namespace safelight::triage {
namespace {

constexpr std::array<std::string_view, 5> kSynthesisKinds = {
    "generator_mark", "novelai_signature", "watermark", "possible_watermark", "stealth_text"};

/// The first value of that name, "" where there is none.
std::string_view first_field(const Finding& finding, std::string_view name) {
  for (const auto& [field, value] : finding.fields) {
    if (field == name) return value;
  }
  return {};
}

SpeaksFor by_source_types(const Finding& finding) {
  SpeaksFor speaks;
  bool any = false;
  for (const auto& [name, value] : finding.fields) {
    if (name != "source_type") continue;
    any = true;
    const auto type = metadata::parse_digital_source_type(value);
    if (!type) continue;
    const metadata::SourceGroup group = metadata::group_of(*type);
    speaks.camera |= group == metadata::SourceGroup::capture;
    speaks.synthesis |= group == metadata::SourceGroup::fully_generated ||
                        group == metadata::SourceGroup::contains_generated;
  }
  // Without a source type it is one of the fields that exist for AI systems alone.
  if (!any && finding.kind == "declared_origin") speaks.synthesis = true;
  return speaks;
}

void take_stronger(Strongest& strongest, const Finding& finding) {
  if (reader_order(finding.grade) < reader_order(strongest.grade())) strongest.finding = &finding;
}

/// `text` in quotes, cut to what a sentence can hold without splitting a character. What would end
/// the quotes, move a terminal or reorder the sentence is shown as \xNN.
std::string in_quotes(std::string_view text) {
  const bool cut = text.size() > kMaxRepeatedBytes;
  if (cut) {
    size_t end = kMaxRepeatedBytes;
    while (end > 0 && (static_cast<uint8_t>(text[end]) & 0xc0) == 0x80) --end;
    text = text.substr(0, end);
  }
  std::string out = "\"";
  for (const char c : escape_name(text)) {
    if (c == '"') {
      out += "\\x22";
    } else {
      out += c;
    }
  }
  return out + (cut ? "...\"" : "\"");
}

std::string camera_name(const Finding& finding) {
  const std::string_view make = first_field(finding, "make");
  const std::string_view model = first_field(finding, "model");
  if (model.empty() || model.starts_with(make)) return std::string(model.empty() ? make : model);
  return std::string(make) + ' ' + std::string(model);
}

}  // namespace

SpeaksFor speaks_for(const Finding& finding) {
  if (!is_origin_evidence(finding.grade) || finding.grade == Grade::contradicted) return {};
  if (finding.kind == "camera_metadata" || finding.kind == "colour_filter_pattern") {
    return {.camera = true};
  }
  if (finding.kind == "origin_estimate") {
    // A ratio that is inconclusive speaks for neither.
    const std::string_view supports = first_field(finding, "supports");
    return {.camera = supports == "camera", .synthesis = supports == "generated"};
  }
  if (finding.kind == "c2pa_source_type" || finding.kind == "declared_origin") {
    return by_source_types(finding);
  }
  const bool synthesis = std::find(kSynthesisKinds.begin(), kSynthesisKinds.end(), finding.kind) !=
                         kSynthesisKinds.end();
  return {.synthesis = synthesis};
}

std::string describe(const Strongest& strongest) {
  if (strongest.finding == nullptr) return "";
  return std::string(to_text(strongest.grade())) + ": " + strongest.finding->kind;
}

OriginEvidence weigh_origin(std::span<const Finding> of_item, std::span<const Finding> of_content) {
  OriginEvidence evidence;
  for (const auto findings : {of_item, of_content}) {
    for (const Finding& finding : findings) {
      const SpeaksFor speaks = speaks_for(finding);
      if (speaks.camera) take_stronger(evidence.camera, finding);
      if (speaks.synthesis) take_stronger(evidence.synthesis, finding);
    }
  }
  return evidence;
}

std::string camera_words(const Finding& finding) {
  if (finding.kind == "camera_metadata") {
    const std::string name = camera_name(finding);
    return name.empty() ? "EXIF holds fields that cameras fill"
                        : "EXIF declares " + in_quotes(name);
  }
  if (finding.kind == "colour_filter_pattern") return "the pixels show a colour filter's pattern";
  if (finding.kind == "origin_estimate") {
    return "a calibrated detector's ratio (log10 " + std::string(first_field(finding, "log10_lr")) +
           ") supports a camera";
  }
  const std::string type = in_quotes(first_field(finding, "source_type"));
  return (finding.kind == "declared_origin" ? "XMP declares " : "Content Credentials declare ") +
         type;
}

}  // namespace safelight::triage

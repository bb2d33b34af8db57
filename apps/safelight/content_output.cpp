#include "apps/safelight/content_output.h"

#include <algorithm>
#include <sstream>

#include "safelight/evidence/origin.h"
#include "safelight/evidence/origin_grades.h"
#include "safelight/triage/origin_evidence.h"

namespace safelight::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kLabelWidth = 14;

void add_line(std::ostringstream& out, size_t indent, std::string_view label,
              std::string_view value, size_t label_width = kLabelWidth) {
  out << std::string(indent, ' ') << label
      << std::string(label.size() < label_width ? label_width - label.size() : 1, ' ') << value
      << "\n";
}

Json origin_json(OriginScope scope, std::span<const Finding* const> evidence,
                 const triage::OriginEvidence& weighed) {
  Json json = {{"scope", to_text(scope)}, {"grades", Json::array()}};
  for (const Grade grade : origin_grades(evidence)) json["grades"].push_back(to_text(grade));
  const auto side = [&](const char* name, const triage::Strongest& strongest) {
    if (strongest.finding == nullptr) return;
    json[name] = {{"grade", to_text(strongest.grade())}, {"kind", strongest.finding->kind}};
  };
  side("camera", weighed.camera);
  side("synthesis", weighed.synthesis);
  return json;
}

std::string place_words(const Place& place) {
  if (place.offset_kind == OffsetKind::none) return "";
  const bool exact = place.offset_kind == OffsetKind::exact;
  std::string words = exact ? " (at byte " : " (after about ";
  words += std::to_string(place.offset_bytes);
  if (!exact) words += " bytes";
  if (place.length_bytes != 0) words += ", " + std::to_string(place.length_bytes) + " bytes long";
  return words + ")";
}

/// What stands in a finding may come from the file, so nothing of it reaches the terminal as a
/// control sequence.
void add_finding(std::ostringstream& out, size_t indent, const Finding& finding) {
  const std::string margin(indent, ' ');
  out << margin << finding.kind << ": " << escape_name(finding.statement)
      << place_words(finding.place) << "\n";
  constexpr size_t kMaxLabelWidth = 30;
  size_t width = kLabelWidth;
  for (const auto& [name, value] : finding.fields) width = std::max(width, name.size() + 1);
  width = std::min(width, kMaxLabelWidth);
  for (const auto& [name, value] : finding.fields) {
    add_line(out, indent + 2, escape_name(name), escape_name(value), width);
  }
}

void add_origin(std::ostringstream& out, size_t indent, const casefile::Examination& examination) {
  const std::string margin(indent, ' ');
  const auto evidence = origin_evidence({}, examination.findings);
  const auto weighed = triage::weigh_origin({}, examination.findings);
  out << margin << "origin\n";
  const auto side = [&](std::string_view label, const triage::Strongest& strongest) {
    if (strongest.finding != nullptr) add_line(out, indent + 2, label, describe(strongest));
  };
  side("camera", weighed.camera);
  side("synthesis", weighed.synthesis);
  for (const Grade grade : origin_grades(evidence)) {
    out << margin << "  " << to_text(grade) << ": " << meaning_of(grade) << "\n";
    for (const Finding* finding : evidence) {
      if (finding->grade == grade) add_finding(out, indent + 4, *finding);
    }
  }
  const std::string_view words =
      search_words(examination.origin, search_result(evidence, examination.coverage));
  if (!words.empty()) out << margin << "  " << words << "\n";
}

}  // namespace

Json to_json(const Finding& finding) {
  Json json = {
      {"kind", finding.kind}, {"grade", to_text(finding.grade)}, {"statement", finding.statement}};
  if (finding.place.offset_kind != OffsetKind::none) {
    json["offset"] = finding.place.offset_bytes;
    json["length"] = finding.place.length_bytes;
    json["offset_approximate"] = finding.place.offset_kind == OffsetKind::approximate;
  }
  if (!finding.fields.empty()) {
    // Pairs, as in reports, because a name may come several times.
    Json fields = Json::array();
    for (const auto& [name, value] : finding.fields) fields.push_back(Json::array({name, value}));
    json["fields"] = std::move(fields);
  }
  return json;
}

Json to_json(const Hit& hit) {
  Json json = {{"list", hit.list},
               {"entry", hit.entry_id},
               {"category", hit.category},
               {"disposition", to_text(hit.disposition)},
               {"match", to_text(hit.kind)}};
  if (hit.kind == MatchKind::pdq) {
    json["distance"] = hit.distance_bits;
    json["orientation"] = to_text(hit.orientation);
    json["mode"] = to_text(hit.mode);
  }
  if (hit.source_record != 0) json["record"] = hit.source_record;
  if (hit.victim_identified != Stated::not_stated) {
    json["victim_identified"] = hit.victim_identified == Stated::yes;
  }
  return json;
}

Json to_json(const casefile::ExaminedContent& examined) {
  const auto& [content, examination] = examined;
  Json json = Json::object();
  if (content.size_bytes) json["size"] = *content.size_bytes;
  if (content.md5) json["md5"] = to_hex(*content.md5);
  if (content.sha1) json["sha1"] = to_hex(*content.sha1);
  if (content.sha256) json["sha256"] = to_hex(*content.sha256);
  json["format"] = examination.format;
  json["media_type"] = examination.media_type;
  if (examination.width > 0) {
    json["width"] = examination.width;
    json["height"] = examination.height;
  }
  json["coverage"] = to_text(examination.coverage);
  Json fingerprints = Json::array();
  for (const PdqHashes& hashes : examination.fingerprints) {
    Json orientations = Json::object();
    for (size_t i = 0; i < kOrientations; ++i) {
      orientations[std::string(to_text(static_cast<Orientation>(i)))] =
          to_hex(hashes.fingerprints[i]);
    }
    fingerprints.push_back({{"mode", to_text(hashes.mode)},
                            {"quality", hashes.quality},
                            {"pdq", to_hex(hashes.fingerprints[0])},
                            {"orientations", std::move(orientations)}});
  }
  json["fingerprints"] = std::move(fingerprints);
  const auto evidence = origin_evidence({}, examination.findings);
  json["origin"] =
      origin_json(examination.origin, evidence, triage::weigh_origin({}, examination.findings));
  Json findings = Json::array();
  for (const Finding* finding : evidence) findings.push_back(to_json(*finding));
  for (const Finding* finding : other_findings({}, examination.findings)) {
    findings.push_back(to_json(*finding));
  }
  json["findings"] = std::move(findings);
  return json;
}

std::string to_lines(const casefile::ExaminedContent& examined, size_t indent) {
  const auto& [content, examination] = examined;
  std::ostringstream out;
  std::string type = examination.format + " (" + examination.media_type + ")";
  if (examination.width > 0) {
    type += ", " + std::to_string(examination.width) + " x " + std::to_string(examination.height) +
            " pixels";
  }
  add_line(out, indent, "type", type);
  if (content.size_bytes)
    add_line(out, indent, "size", std::to_string(*content.size_bytes) + " bytes");
  if (content.md5) add_line(out, indent, "MD5", to_hex(*content.md5));
  if (content.sha1) add_line(out, indent, "SHA-1", to_hex(*content.sha1));
  if (content.sha256) add_line(out, indent, "SHA-256", to_hex(*content.sha256));
  for (const PdqHashes& hashes : examination.fingerprints) {
    add_line(out, indent, "PDQ " + std::string(to_text(hashes.mode)),
             to_hex(hashes.fingerprints[0]) + "  quality " + std::to_string(hashes.quality));
  }
  add_line(out, indent, "examined",
           examination.coverage == Coverage::full      ? "in full"
           : examination.coverage == Coverage::partial ? "in part"
                                                       : "not");
  add_origin(out, indent, examination);
  const auto facts = other_findings({}, examination.findings);
  if (!facts.empty()) out << std::string(indent, ' ') << "facts\n";
  for (const Finding* finding : facts) add_finding(out, indent + 2, *finding);
  return out.str();
}

std::string dump(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace safelight::app

#include "safelight/scan/picture_examination.h"

#include <algorithm>
#include <array>

namespace safelight::scan {
namespace {

/// Distance from which the fingerprints of a picture and of its thumbnail count as those of
/// different pictures. The measurement that chose it: docs/findings.md.
constexpr uint32_t kMinThumbnailDistanceBits = 100;

/// Findings which say that something of the evidence could not be examined.
constexpr std::array<std::string_view, 3> kUnexaminedKinds = {"partly_examined", "c2pa_unreadable",
                                                              "damaged_metadata"};

Finding fact(std::string kind, std::string statement) {
  Finding finding;
  finding.kind = std::move(kind);
  finding.statement = std::move(statement);
  return finding;
}

std::vector<PdqMode> mode_list(const PdqModes& modes) {
  std::vector<PdqMode> list;
  if (modes.reference) list.push_back(PdqMode::reference);
  if (modes.full) list.push_back(PdqMode::full);
  return list;
}

casefile::Examination of_format(codec::Format format, const Asked& asked) {
  casefile::Examination examination;
  examination.format = codec::to_text(format);
  examination.media_type = codec::media_type(format);
  examination.modes = mode_list(asked.modes);
  examination.origin = asked.origin;
  return examination;
}

std::string_view member_noun(codec::Member::Kind kind) {
  switch (kind) {
    case codec::Member::Kind::frame:
      return "frame";
    case codec::Member::Kind::page:
      return "page";
    case codec::Member::Kind::item:
      return "item";
    case codec::Member::Kind::mpf_picture:
      return "mpf";
    case codec::Member::Kind::thumbnail:
      break;
  }
  return "thumbnail";
}

void add_remark(casefile::Examination& examination, const codec::Remark& remark) {
  Finding finding = fact(remark.kind, remark.statement);
  finding.place = {remark.offset_bytes, remark.length_bytes, OffsetKind::exact};
  if (remark.leaves_content_unexamined && examination.coverage == Coverage::full) {
    examination.coverage = Coverage::partial;
  }
  examination.findings.push_back(std::move(finding));
}

}  // namespace

void lower(casefile::Examination& examination, Coverage coverage, std::string_view what,
           const Error& error) {
  if (coverage > examination.coverage) examination.coverage = coverage;
  if (!examination.error) examination.error = casefile::stored(error);
  examination.findings.push_back(coverage_finding(coverage, what, error));
}

casefile::Examination picture_examination(codec::Format format, const PictureRequest& request,
                                          const PictureRecord& record) {
  casefile::Examination examination = of_format(format, request.asked);
  examination.coverage = Coverage::full;
  examination.width = record.width;
  examination.height = record.height;
  if (record.failure) lower(examination, Coverage::none, "picture", *record.failure);
  if (record.incomplete) lower(examination, Coverage::partial, "picture", *record.incomplete);
  if (record.unhashable) {
    Finding finding = fact("no_fingerprint", "No PDQ fingerprint can be made of this picture: " +
                                                 std::string(record.unhashable->rule) + ".");
    finding.fields = {{"rule", std::string(record.unhashable->rule)}};
    examination.findings.push_back(std::move(finding));
  }
  for (const PdqHashes& hashes : record.hashes) {
    examination.fingerprints.push_back(hashes);
    if (hashes.quality < kMinPdqQuality) {
      Finding finding = fact(
          "low_quality_fingerprint",
          "PDQ quality " + std::to_string(hashes.quality) + " in mode " +
              std::string(to_text(hashes.mode)) + " is under " + std::to_string(kMinPdqQuality) +
              ": the fingerprint says too little of the picture and is not matched.");
      finding.fields = {{"mode", std::string(to_text(hashes.mode))},
                        {"quality", std::to_string(hashes.quality)}};
      examination.findings.push_back(std::move(finding));
    }
  }
  for (const codec::Remark& remark : record.remarks) add_remark(examination, remark);
  add_evidence(examination, record.evidence.findings);
  return examination;
}

void add_evidence(casefile::Examination& examination, std::vector<Finding> findings) {
  for (Finding& finding : findings) {
    const bool leaves_unexamined = std::find(kUnexaminedKinds.begin(), kUnexaminedKinds.end(),
                                             finding.kind) != kUnexaminedKinds.end();
    if (leaves_unexamined && examination.coverage == Coverage::full)
      examination.coverage = Coverage::partial;
    examination.findings.push_back(std::move(finding));
  }
}

casefile::Examination failed_examination(codec::Format format, const Asked& asked,
                                         const Error& error) {
  casefile::Examination examination = of_format(format, asked);
  examination.coverage = Coverage::full;
  lower(examination, Coverage::none, "picture", error);
  return examination;
}

casefile::Examination unopened_examination(codec::Format format, const Asked& asked) {
  casefile::Examination examination = of_format(format, asked);
  examination.coverage = Coverage::full;
  if (codec::handling_of(format) == codec::Handling::archive_worker) {
    examination.coverage = Coverage::none;
    examination.error = {ErrorCode::unsupported, "archive.not-opened", 0, OffsetKind::none};
    examination.findings.push_back(
        fact("not_opened",
             "An archive: its members were not looked at here. scan and inspect open archives."));
  } else if (codec::handling_of(format) == codec::Handling::not_opened) {
    const std::string name(codec::to_text(format));
    examination.coverage = Coverage::none;
    examination.error = {ErrorCode::unsupported, "format.not-opened", 0, OffsetKind::none};
    const bool unknown = format == codec::Format::unknown;
    Finding finding =
        fact(unknown ? "unknown_type" : "not_opened",
             unknown ? "The type of this file is not known; only its digests were compared."
                     : "Files of type " + name +
                           " may hold pictures or video, which this version does not look at; only "
                           "digests were compared.");
    finding.fields = {{"format", name}};
    examination.findings.push_back(std::move(finding));
  }
  return examination;
}

casefile::Examination archive_examination(codec::Format format, const Asked& asked,
                                          const std::optional<Error>& error, bool has_members) {
  casefile::Examination examination = of_format(format, asked);
  examination.coverage = Coverage::full;
  if (error)
    lower(examination, has_members ? Coverage::partial : Coverage::none, "archive", *error);
  return examination;
}

std::optional<Finding> thumbnail_difference(const casefile::Examination& picture,
                                            const casefile::Examination& thumbnail) {
  std::optional<uint32_t> nearest;
  for (const PdqHashes& of_picture : picture.fingerprints) {
    for (const PdqHashes& of_thumbnail : thumbnail.fingerprints) {
      if (of_picture.mode != of_thumbnail.mode || of_picture.quality < kMinPdqQuality ||
          of_thumbnail.quality < kMinPdqQuality) {
        continue;
      }
      // Programs turn the one and forget the other.
      for (const Fingerprint& turned : of_picture.fingerprints) {
        const uint32_t distance = hamming_distance(turned, of_thumbnail.fingerprints[0]);
        nearest = std::min(nearest.value_or(distance), distance);
      }
    }
  }
  if (!nearest || *nearest < kMinThumbnailDistanceBits) return std::nullopt;
  Finding finding = fact(
      "thumbnail_differs",
      "The thumbnail in the file seems to show another picture: programs that crop or change a "
      "picture may leave the old thumbnail, and it may show what was there before.");
  finding.fields = {{"distance", std::to_string(*nearest)}};
  return finding;
}

OriginStep member_step(const codec::Member& member) {
  return {StepKind::embedded_picture, member.index, member.offset_bytes,
          std::string(member_noun(member.kind)) + " " + std::to_string(member.index + 1)};
}

std::optional<Finding> type_mismatch(std::string_view name, codec::Format format) {
  const size_t slash = name.rfind('/');
  const std::string_view base = slash == std::string_view::npos ? name : name.substr(slash + 1);
  const size_t dot = base.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return std::nullopt;
  const std::string_view extension = base.substr(dot + 1);
  if (codec::extension_fits(extension, format)) return std::nullopt;
  Finding finding = fact("type_mismatch", "The name ends in ." + escape_name(extension) +
                                              ", but the content is " +
                                              std::string(codec::to_text(format)) + ".");
  finding.fields = {{"extension", escape_name(extension)},
                    {"format", std::string(codec::to_text(format))}};
  return finding;
}

}  // namespace safelight::scan

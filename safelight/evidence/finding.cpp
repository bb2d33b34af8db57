#include "safelight/evidence/finding.h"

#include <array>

namespace safelight {
namespace {

constexpr std::array<std::string_view, 7> kGrades = {
    "fact", "weak", "declared", "watermark", "verified", "verified-trusted", "contradicted"};
constexpr std::array<std::string_view, 3> kCoverages = {"full", "partial", "none"};

}  // namespace

std::string_view to_text(Grade grade) { return kGrades[static_cast<size_t>(grade)]; }

std::string_view to_text(Coverage coverage) { return kCoverages[static_cast<size_t>(coverage)]; }

Grade grade_from_text(std::string_view text) {
  for (size_t i = 0; i < kGrades.size(); ++i) {
    if (kGrades[i] == text) return static_cast<Grade>(i);
  }
  return Grade::fact;
}

Coverage coverage_from_text(std::string_view text) {
  for (size_t i = 0; i < kCoverages.size(); ++i) {
    if (kCoverages[i] == text) return static_cast<Coverage>(i);
  }
  return Coverage::none;
}

Finding coverage_finding(Coverage coverage, std::string_view what, const Error& error) {
  const bool partly = coverage == Coverage::partial;
  Finding finding;
  finding.kind = partly ? "partly_examined" : "not_examined";
  finding.statement = std::string(what) +
                      (partly ? " could be examined only in part: " : " could not be examined: ") +
                      std::string(to_text(error.code)) + " (" + std::string(error.rule) + ")";
  if (error.offset_kind != OffsetKind::none) {
    finding.statement += error.offset_kind == OffsetKind::exact ? " at byte " : " after about ";
    finding.statement += std::to_string(error.offset_bytes);
    if (error.offset_kind == OffsetKind::approximate) finding.statement += " bytes";
  }
  finding.place = {error.offset_bytes, 0, error.offset_kind};
  finding.fields = {{"code", std::string(to_text(error.code))}, {"rule", std::string(error.rule)}};
  return finding;
}

}  // namespace safelight

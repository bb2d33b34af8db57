#include "safelight/provenance/watermark/findings.h"

#include <algorithm>
#include <string>

#include "safelight/digest/sha256_stream.h"

namespace safelight::provenance {
namespace {

std::string_view to_text(ColourPath path) {
  return path == ColourPath::integer ? "integer" : "floating";
}

Finding finding_of(const MarkScore& score) {
  const KnownMark& mark = *score.mark;
  const bool found = score.matched_bits >= mark.found_bits;
  const std::string agree = std::to_string(score.matched_bits) + " of " +
                            std::to_string(mark.bits.size()) + " bits agree";
  Finding finding;
  if (found) {
    finding.kind = "watermark";
    finding.grade = Grade::watermark;
    finding.statement =
        "The pixels carry the public watermark of " + std::string(mark.used_by) + ": " + agree +
        ", more than in any unmarked picture that was measured. Anybody can embed it.";
  } else {
    finding.kind = "possible_watermark";
    finding.grade = Grade::weak;
    finding.statement = "The pixels may carry a damaged public watermark of " +
                        std::string(mark.used_by) + ": " + agree +
                        ", as many as unmarked pictures reach by chance now and then.";
  }
  finding.fields = {{"payload", std::string(mark.name)},
                    {"matched_bits", std::to_string(score.matched_bits)},
                    {"bits", std::to_string(mark.bits.size())},
                    {"found_from_bits", std::to_string(mark.found_bits)},
                    {"colour_path", std::string(to_text(score.path))}};
  return finding;
}

}  // namespace

std::vector<Finding> mark_findings(const MarkReading& reading) {
  std::vector<Finding> findings;
  for (const KnownMark& mark : known_marks()) {
    const MarkScore* best = nullptr;
    for (const MarkScore& score : reading.scores) {
      if (score.mark != &mark) continue;
      if (best == nullptr || score.matched_bits > best->matched_bits) best = &score;
    }
    if (best != nullptr && best->matched_bits >= mark.possible_bits) {
      findings.push_back(finding_of(*best));
    }
  }
  // The votes for a mark that is there make chance of every other.
  const auto is_found = [](const Finding& finding) { return finding.grade == Grade::watermark; };
  if (std::any_of(findings.begin(), findings.end(), is_found))
    std::erase_if(findings, [&](const Finding& finding) { return !is_found(finding); });
  return findings;
}

std::optional<Finding> stealth_finding(const Result<std::optional<StealthText>>& result) {
  if (!result) {
    return coverage_finding(Coverage::partial, "A hidden text in the pixels", result.error());
  }
  if (!*result) return std::nullopt;
  const StealthText& text = **result;
  const std::string_view carrier = text.carrier == StealthCarrier::alpha ? "alpha" : "rgb";
  Finding finding;
  finding.kind = "stealth_text";
  finding.grade = Grade::declared;
  finding.statement =
      "A text of " + std::to_string(text.text.size()) + " bytes is hidden in the lowest bits of " +
      (text.carrier == StealthCarrier::alpha ? "the transparency" : "the colours") +
      ", in the way in which tools around picture generators keep their settings. Anybody can "
      "write it.";
  finding.fields = {{"carrier", std::string(carrier)},
                    {"compressed", text.compressed ? "yes" : "no"},
                    {"text_bytes", std::to_string(text.text.size())},
                    {"text_sha256", to_hex(sha256_of(text.text))}};
  return finding;
}

}  // namespace safelight::provenance

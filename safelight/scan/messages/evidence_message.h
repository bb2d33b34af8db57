#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/evidence/finding.h"

/// How a worker reports evidence: one record for each finding and for each prompt. The wire format
/// is described in docs/formats/evidence_messages.md. Decoding trusts nothing in them.
namespace safelight::scan {

/// The first byte of every record of a picture or provenance worker.
enum class RecordKind : uint8_t { still, finding, prompt };

/// The text of a prompt, for whoever asked to see it. Prompts are untrusted evidence: they are
/// never stored, and of a case only shown with a record in its audit log.
struct PromptText {
  std::string kind;  ///< "positive", "negative" or "unassigned".
  std::string rule;  ///< That of the finding which gives its digest.
  std::string text;
  uint64_t text_bytes = 0;  ///< Of the whole, where it is cut.
  Place place;
  friend bool operator==(const PromptText&, const PromptText&) = default;
};

/// What a worker found out about the origin of one file.
struct EvidenceList {
  std::vector<Finding> findings;
  std::vector<PromptText> prompts;
};

/// What does not fit into a record is cut, and a field "fields_left_out" says how many fields went.
std::vector<std::byte> encode(const Finding& finding);
std::vector<std::byte> encode(const PromptText& prompt);

using Evidence = std::variant<Finding, PromptText>;

/// Errors: truncated, malformed, unsupported (another version), limit_exceeded (text or counts).
Result<Evidence> decode_evidence(std::span<const std::byte> bytes);

}  // namespace safelight::scan

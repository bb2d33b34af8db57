#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>

#include "safelight/audit/heads/signing_key.h"
#include "safelight/audit/merkle_tree.h"
#include "safelight/casefile/act_reader.h"
#include "safelight/casefile/reader.h"
#include "safelight/serve/reports/report_shelf.h"

namespace safelight::serve {

/// What a case came to, in few words, and which reports were made of it.
struct CaseSummary {
  std::string case_id;
  casefile::CaseInfo info;
  int64_t written_ns = 0;
  std::string tool_version;
  audit::TreeHead head;  ///< Of the case's audit log: whoever has it can tell any other past.
  uint64_t items = 0;
  std::map<std::string, uint64_t> decided;  ///< Items, by the code of what they were decided to be.
  uint64_t conflicts = 0;                   ///< Items of which two persons say different things.
  uint64_t shown_items = 0;                 ///< Items that somebody was shown, or may have been.
  uint64_t reveals = 0;
  uint64_t shown_ms = 0;
  uint64_t people = 0;  ///< Who were shown anything.
  std::deque<MadeReport> reports;
};

/// Sums up a case as the readers see it; `head` is of its log now. Throws Fault.
CaseSummary summarise(const casefile::Reader& reader, const casefile::ActReader& acts,
                      uint64_t items, const audit::TreeHead& head, std::deque<MadeReport> reports,
                      const std::string& tool_version, int64_t now_ns);

/// One JSON object: docs/formats/summary.md.
std::string to_json(const CaseSummary& summary);

/// The summary, signed: a JSON object of the summary's text, the public key and the signature over
/// that text.
std::string signed_summary(const CaseSummary& summary, const audit::SigningKey& key);

/// Takes what signed_summary() gives, every byte of it untrusted, and gives the summary's text.
/// Errors: malformed, "summary.json"; integrity_mismatch, "summary.key" where it is signed with
/// another key than `key`, "summary.signature".
Result<std::string> check_summary(std::string_view text, const audit::PublicKey& key);

}  // namespace safelight::serve

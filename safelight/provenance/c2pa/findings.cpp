#include "safelight/provenance/c2pa/findings.h"

#include <algorithm>
#include <set>

#include "safelight/provenance/c2pa/source_types.h"

namespace safelight::c2pa {
namespace {

std::string in_quotes(std::string_view text) { return '"' + std::string(text) + '"'; }

Place place_of(const ByteRange& range) {
  return {range.offset_bytes, range.length_bytes, OffsetKind::exact};
}

Place store_place(const Report& report) {
  return report.place == StorePlace::embedded ? place_of(report.store_range) : Place{};
}

void add(Finding& finding, std::string name, std::string_view value) {
  if (!value.empty()) finding.fields.emplace_back(std::move(name), std::string(value));
}

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : "; ") + text;
  return out;
}

bool contradicts(const Report& report) {
  return report.structure == Answer::no || report.signature == Answer::no ||
         report.binding.fits == Answer::no;
}

/// The grade of what the active manifest says.
Grade grade_of(const Report& report) {
  if (contradicts(report)) return Grade::contradicted;
  if (report.signature != Answer::yes || report.binding.fits != Answer::yes ||
      report.signer.revoked == Answer::yes) {
    return Grade::declared;
  }
  const bool in_order = report.certificate.inside_validity == Answer::yes &&
                        report.certificate.broken_profile_rule.empty();
  return report.signer.listed == Answer::yes && in_order ? Grade::verified_trusted
                                                         : Grade::verified;
}

std::string signer_name(const SignerReport& signer) {
  if (signer.organization.empty() || signer.organization == signer.common_name) {
    return in_quotes(signer.common_name);
  }
  return in_quotes(signer.common_name) + " of " + in_quotes(signer.organization);
}

std::string contradiction_statement(const Report& report) {
  if (report.signature == Answer::no) {
    return "The file holds Content Credentials whose signature does not fit what they say.";
  }
  if (report.structure == Answer::no) {
    return "The file holds Content Credentials that do not fit together.";
  }
  if (report.binding.hash_fits == Answer::yes) {
    return "The file holds Content Credentials that leave more than themselves unsigned where the "
           "rules do not allow it; the bytes that they cover are unchanged.";
  }
  return "The file holds Content Credentials that are not of these bytes: the file was changed "
         "after it was signed, or they were put into it from another.";
}

std::string certificate_clause(const Report& report) {
  const CertificateReport& certificate = report.certificate;
  if (certificate.inside_validity == Answer::no) {
    return " The signer's certificate was not valid at " + time_text(certificate.checked_at_s) +
           ", by the " + std::string(to_text(certificate.basis)) + ".";
  }
  if (!certificate.broken_profile_rule.empty()) {
    return " The signer's certificate is not of the kind that the rules ask for.";
  }
  return {};
}

std::string credential_statement(const Report& report, Grade grade) {
  if (grade == Grade::contradicted) return contradiction_statement(report);
  if (report.signer.revoked == Answer::yes) {
    return "The file holds Content Credentials whose signer's certificate was revoked.";
  }
  if (grade == Grade::declared) {
    return "The file holds Content Credentials that could not be checked in full.";
  }
  const std::string on_list = report.signer.listed == Answer::yes
                                  ? "who is on the list " + in_quotes(report.signer.list)
                                  : "who is on none of the lists used";
  return "The file's Content Credentials are signed and bound to its bytes; the signer is " +
         signer_name(report.signer) + ", " + on_list + '.' + certificate_clause(report);
}

void add_circumstances(Finding& finding, const Report& report) {
  add(finding, "clock", time_text(report.clock_s));
  for (const ListIdentity& list : report.lists) {
    std::string text = list.name + ", " + list.date + ", SHA-256 " + to_hex(list.sha256) + ", " +
                       std::to_string(list.certificates) + " certificates";
    if (list.refused != 0) text += ", " + std::to_string(list.refused) + " refused";
    add(finding, "list", text);
  }
}

void add_signer(Finding& finding, const Report& report) {
  const SignerReport& signer = report.signer;
  if (report.signature == Answer::not_asked) return;
  add(finding, "signer", signer.common_name);
  add(finding, "signer_organization", signer.organization);
  add(finding, "issuer", signer.issuer_common_name);
  add(finding, "issuer_organization", signer.issuer_organization);
  add(finding, "serial", signer.serial_hex);
  add(finding, "certificate_sha256", to_hex(signer.fingerprint));
  add(finding, "signer_listed", to_text(signer.listed));
  add(finding, "signer_list", signer.list);
  add(finding, "revoked", to_text(signer.revoked));
  const CertificateReport& certificate = report.certificate;
  add(finding, "certificate_valid", to_text(certificate.inside_validity));
  add(finding, "certificate_from", time_text(certificate.not_before_s));
  add(finding, "certificate_to", time_text(certificate.not_after_s));
  if (certificate.inside_validity != Answer::not_asked) {
    add(finding, "certificate_checked_at", time_text(certificate.checked_at_s));
    add(finding, "certificate_time_basis", to_text(certificate.basis));
  }
  add(finding, "certificate_rule", certificate.broken_profile_rule);
}

std::string code_list(const Report& report, StatusKind kind) {
  std::set<std::string_view> listed;
  std::string text;
  for (const Status& status : report.statuses) {
    if (status.kind != kind || !listed.insert(status.code).second) continue;
    text += (text.empty() ? "" : ", ") + std::string(status.code);
  }
  return text;
}

Finding credential_finding(const Report& report) {
  const Grade grade = grade_of(report);
  Finding finding{
      "c2pa_manifest", grade, credential_statement(report, grade), store_place(report), {}};
  add(finding, "structure", to_text(report.structure));
  add(finding, "signature", to_text(report.signature));
  add(finding, "signature_algorithm", report.signature_algorithm);
  add(finding, "binding", report.binding.assertion);
  add(finding, "binding_fits", to_text(report.binding.fits));
  add(finding, "binding_rule", report.binding.rule);
  add(finding, "covered_bytes", std::to_string(report.binding.covered_bytes));
  add_signer(finding, report);
  add(finding, "generator", joined(report.generators));
  add(finding, "software_agent", joined(report.software_agents));
  add(finding, "manifests", std::to_string(report.manifests.size()));
  add(finding, "beside_the_file", report.place == StorePlace::beside ? "yes" : "");
  add(finding, "state", to_text(report.state));
  add(finding, "success", code_list(report, StatusKind::success));
  add(finding, "informational", code_list(report, StatusKind::informational));
  add(finding, "failure", code_list(report, StatusKind::failure));
  add_circumstances(finding, report);
  return finding;
}

void add_sources(const Report& report, std::vector<Finding>& findings) {
  const Grade active_grade = contradicts(report) ? Grade::declared : grade_of(report);
  std::string active_label;
  for (const ManifestSummary& manifest : report.manifests) {
    if (manifest.active) active_label = manifest.label;
  }
  size_t count = 0;
  for (const DeclaredSource& source : report.sources) {
    if (count++ == kMaxSourceFindings) break;
    const bool own = source.manifest == active_label && !source.action.empty();
    const auto type = metadata::parse_digital_source_type(source.uri);
    Finding finding;
    finding.kind = "c2pa_source_type";
    finding.grade = own ? active_grade : Grade::declared;
    finding.statement = own ? "The Content Credentials declare the picture "
                            : "The Content Credentials declare an ingredient of the picture ";
    finding.statement += type ? "as: " + std::string(source_type_words(*type)) + '.'
                              : "to be of a source type that is not known.";
    finding.place = store_place(report);
    add(finding, "source_type", type ? metadata::to_text(*type) : "");
    add(finding, "uri", source.uri);
    add(finding, "action", source.action);
    add(finding, "software_agent", source.agent);
    add(finding, "manifest", source.manifest);
    findings.push_back(std::move(finding));
  }
}

/// Clocks differ; a stamp that is further ahead than this is told.
constexpr int64_t kClockToleranceSeconds = 300;

void add_time_stamp(const Report& report, std::vector<Finding>& findings) {
  const TimeStampReport& stamp = report.time_stamp;
  if (!stamp.present) return;
  Finding finding;
  finding.kind = "c2pa_time_stamp";
  finding.place = store_place(report);
  if (stamp.sound == Answer::yes) {
    const bool listed = !stamp.list.empty();
    finding.grade = listed ? Grade::verified_trusted : Grade::verified;
    finding.statement = "The Content Credentials existed at " + time_text(stamp.time_s) +
                        ", says the time-stamping authority " + in_quotes(stamp.authority) +
                        (listed ? ", which is on the list " + in_quotes(stamp.list) + '.'
                                : ", which is on none of the lists used.");
    if (stamp.time_s - kClockToleranceSeconds > report.clock_s) {
      finding.statement += " That is later than the clock of this check.";
    }
    // It speaks for the manifest; only a manifest that holds speaks for these bytes.
    if (contradicts(report)) {
      finding.grade = Grade::declared;
      finding.statement += " They are contradicted, so it says nothing of this file.";
    }
  } else {
    finding.grade = Grade::contradicted;
    finding.statement = "The time-stamp of the Content Credentials is not one of them.";
  }
  add(finding, "time", stamp.time_s != 0 ? time_text(stamp.time_s) : "");
  add(finding, "authority", stamp.authority);
  add(finding, "authority_list", stamp.list);
  findings.push_back(std::move(finding));
}

void add_uncovered(const Report& report, std::vector<Finding>& findings) {
  if (report.binding.hash_fits != Answer::yes) return;
  std::vector<const Uncovered*> ranges;
  for (const Uncovered& uncovered : report.binding.uncovered) {
    if (!uncovered.is_store) ranges.push_back(&uncovered);
  }
  for (size_t i = 0; i < std::min(ranges.size(), kMaxUncoveredFindings); ++i) {
    const Uncovered& uncovered = *ranges[i];
    Finding finding;
    finding.kind = "c2pa_not_covered";
    finding.statement = "The signature does not speak for " +
                        std::to_string(uncovered.range.length_bytes) + " bytes of the file" +
                        (uncovered.parts.empty() ? "." : " (" + uncovered.parts + ").");
    finding.place = place_of(uncovered.range);
    add(finding, "parts", uncovered.parts);
    if (i + 1 == kMaxUncoveredFindings && ranges.size() > kMaxUncoveredFindings) {
      add(finding, "further_ranges", std::to_string(ranges.size() - kMaxUncoveredFindings));
    }
    findings.push_back(std::move(finding));
  }
}

void add_ingredients(const Report& report, std::vector<Finding>& findings) {
  std::set<std::string> codes_found;
  std::string text;
  for (const Status& status : report.statuses) {
    if (status.kind != StatusKind::failure || status.ingredient_uri.empty() ||
        status.code == codes::kSigningCredentialUntrusted) {
      continue;
    }
    const std::string code =
        std::string(status.code) + (status.recorded_before ? " (recorded when it was added)" : "");
    if (codes_found.insert(code).second) text += (text.empty() ? "" : ", ") + code;
  }
  if (text.empty()) return;
  Finding finding;
  finding.kind = "c2pa_ingredient_failure";
  finding.grade = Grade::contradicted;
  finding.statement = "The Content Credentials of an ingredient of this file do not hold.";
  finding.place = store_place(report);
  add(finding, "failure", text);
  findings.push_back(std::move(finding));
}

void add_unchecked(const Report& report, std::vector<Finding>& findings) {
  if (report.soft_bindings.empty() && report.identities.empty()) return;
  Finding finding;
  finding.kind = "c2pa_not_checked";
  finding.statement =
      "The Content Credentials hold statements that this version lists and does not check.";
  finding.place = store_place(report);
  add(finding, "soft_binding", joined(report.soft_bindings));
  add(finding, "identity", joined(report.identities));
  findings.push_back(std::move(finding));
}

Finding unreadable_finding(const Report& report) {
  Finding finding;
  finding.kind = "c2pa_unreadable";
  finding.statement = "The file holds Content Credentials that cannot be read.";
  finding.place = store_place(report);
  add(finding, "code", to_text(report.damage->code));
  add(finding, "rule", report.damage->rule);
  add(finding, "store_bytes", std::to_string(report.store_bytes));
  return finding;
}

}  // namespace

std::vector<Finding> findings_of(const Report& report) {
  std::vector<Finding> findings;
  if (!report.remote_url.empty()) {
    Finding finding;
    finding.kind = "c2pa_remote_manifest";
    finding.grade = Grade::declared;
    finding.statement =
        "The file names an address where its Content Credentials are kept; nothing was fetched.";
    add(finding, "url", report.remote_url);
    findings.push_back(std::move(finding));
  }
  if (report.place == StorePlace::none) return findings;
  if (report.manifests.empty()) {
    if (report.damage) findings.push_back(unreadable_finding(report));
    return findings;
  }
  findings.push_back(credential_finding(report));
  add_time_stamp(report, findings);
  add_sources(report, findings);
  add_uncovered(report, findings);
  add_ingredients(report, findings);
  add_unchecked(report, findings);
  return findings;
}

}  // namespace safelight::c2pa

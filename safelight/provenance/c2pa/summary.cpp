#include "safelight/provenance/c2pa/summary.h"

#include <algorithm>
#include <array>

namespace safelight::c2pa {
namespace {

/// Failures that speak of the signer or the binding, not of how the store holds together.
constexpr std::array<std::string_view, 12> kNotStructure = {
    codes::kSigningCredentialUntrusted, codes::kSigningCredentialInvalid,
    codes::kSigningCredentialExpired,   codes::kOcspRevoked,
    codes::kClaimSignatureMismatch,     codes::kDataHashMismatch,
    codes::kBmffHashMismatch,           codes::kBoxesHashMismatch,
    codes::kDataHashMalformed,          codes::kBmffHashMalformed,
    codes::kBoxesHashMalformed,         codes::kAlgorithmUnsupported};

Answer answer(bool yes) { return yes ? Answer::yes : Answer::no; }

void fill_signature(const SignatureFacts& facts, Report& report) {
  if (!facts.signer) return;
  report.signature = answer(facts.fits);
  if (facts.algorithm) report.signature_algorithm = std::string(to_text(*facts.algorithm));
  const CertificateNames& names = facts.signer->names();
  report.signer = {answer(facts.signer_list != nullptr),
                   facts.signer_list != nullptr ? facts.signer_list->name() : "",
                   names.subject_common_name,
                   names.subject_organization,
                   names.issuer_common_name,
                   names.issuer_organization,
                   names.serial_hex,
                   facts.signer->fingerprint(),
                   Answer::not_asked};
  if (facts.revocation == OcspVerdict::good) report.signer.revoked = Answer::no;
  if (facts.revocation == OcspVerdict::revoked) report.signer.revoked = Answer::yes;
  CertificateReport& certificate = report.certificate;
  certificate.checked_at_s = facts.checked_at_s;
  certificate.not_before_s = facts.signer->not_before_s();
  certificate.not_after_s = facts.signer->not_after_s();
  certificate.broken_profile_rule = std::string(facts.broken_profile_rule.value_or(""));
  if (facts.validity_asked) certificate.inside_validity = answer(facts.inside_validity);
  if (facts.time_is_stamped) {
    certificate.basis = facts.time_stamp->verdict == TimeStampVerdict::trusted
                            ? TimeBasis::trusted_stamp
                            : TimeBasis::unlisted_stamp;
  }
}

void fill_time_stamp(const SignatureFacts& facts, Report& report) {
  if (!facts.time_stamp) return;
  const TimeStamp& stamp = *facts.time_stamp;
  report.time_stamp = {true, answer(stamp.sound()), stamp.time_s,
                       stamp.authority ? stamp.authority->names().subject_common_name : "",
                       stamp.list != nullptr ? stamp.list->name() : ""};
}

void fill_declared(const PreparedStore& store, const ReferenceGraph& graph, Report& report) {
  for (const PreparedManifest& manifest : store.manifests()) {
    if (graph.reached.count(manifest.label()) == 0) continue;
    const bool active = &manifest == &store.active();
    for (const auto& entry : manifest.actions) {
      if (!entry.actions) continue;
      for (const Action& action : entry.actions->actions) {
        if (!action.digital_source_type.empty()) {
          report.sources.push_back({action.digital_source_type, action.name, action.software_agent,
                                    std::string(manifest.label())});
        }
        if (active && !action.software_agent.empty() &&
            std::ranges::count(report.software_agents, action.software_agent) == 0) {
          report.software_agents.push_back(action.software_agent);
        }
      }
    }
    for (const auto& entry : manifest.ingredients) {
      if (entry.ingredient && !entry.ingredient->digital_source_type.empty()) {
        report.sources.push_back(
            {entry.ingredient->digital_source_type, "", "", std::string(manifest.label())});
      }
    }
  }
}

void fill_listed_only(const PreparedManifest& active, Report& report) {
  for (const Assertion& assertion : active.manifest->assertions) {
    if (assertion.is("c2pa.soft-binding")) {
      const auto map = decode_cbor(assertion.cbor(), {});
      report.soft_bindings.push_back(map ? map->text_at("alg") : std::string());
    }
    if (assertion.is("cawg.identity")) {
      const auto map = decode_cbor(assertion.cbor(), {});
      const CborValue* payload = map ? map->find("signer_payload") : nullptr;
      report.identities.push_back(payload != nullptr ? payload->text_at("sig_type")
                                                     : std::string());
    }
  }
}

std::string generator_of(const Claim& claim) {
  return claim.generators.empty() ? claim.claim_generator : claim.generators.front();
}

void fill_manifests(const PreparedStore& store, const ReferenceGraph& graph, Report& report) {
  for (const PreparedManifest& manifest : store.manifests()) {
    ManifestSummary& summary = report.manifests.emplace_back();
    summary.label = std::string(manifest.label());
    if (manifest.claim) summary.generator = generator_of(*manifest.claim);
    summary.active = &manifest == &store.active();
    summary.reached = graph.reached.count(manifest.label()) != 0;
  }
  if (const auto& claim = store.active().claim) {
    report.generators = claim->generators;
    if (!claim->claim_generator.empty()) report.generators.push_back(claim->claim_generator);
  }
}

State state_of(const Report& report) {
  const bool harmless_only = std::ranges::all_of(report.statuses, [](const Status& status) {
    return status.kind != StatusKind::failure || status.recorded_before ||
           status.code == codes::kSigningCredentialUntrusted;
  });
  const auto of_active = [&](std::string_view code) {
    return std::ranges::any_of(report.statuses, [&](const Status& status) {
      return status.code == code && status.ingredient_uri.empty();
    });
  };
  const auto unlisted = [&] {
    return std::ranges::any_of(report.statuses, [](const Status& status) {
      return status.code == codes::kSigningCredentialUntrusted && !status.recorded_before;
    });
  };
  if (!harmless_only || !of_active(codes::kClaimSignatureValidated) ||
      !of_active(codes::kClaimSignatureInsideValidity)) {
    return State::invalid;
  }
  return of_active(codes::kSigningCredentialTrusted) && !unlisted() ? State::trusted : State::valid;
}

}  // namespace

void mark_recorded(const PreparedStore& store, Report& report) {
  const std::string_view active = store.active().label();
  for (Status& status : report.statuses) {
    const auto uri = parse_jumbf_uri(status.uri);
    const bool about_active = uri && uri->manifest == active;
    status.recorded_before =
        !about_active && store.recorded().count({std::string(status.code), status.uri}) != 0;
  }
}

void summarize(const PreparedStore& store, const ReferenceGraph& graph, const SignatureFacts& facts,
               Report& report) {
  fill_signature(facts, report);
  fill_time_stamp(facts, report);
  fill_declared(store, graph, report);
  fill_listed_only(store.active(), report);
  fill_manifests(store, graph, report);
  report.structure = answer(std::ranges::none_of(report.statuses, [](const Status& status) {
    return status.kind == StatusKind::failure && !status.recorded_before &&
           std::ranges::count(kNotStructure, status.code) == 0;
  }));
  report.state = state_of(report);
}

}  // namespace safelight::c2pa

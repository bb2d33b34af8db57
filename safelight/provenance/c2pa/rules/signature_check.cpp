#include "safelight/provenance/c2pa/rules/signature_check.h"

#include <algorithm>

#include "safelight/provenance/c2pa/crypto/certificate_profile.h"
#include "safelight/provenance/c2pa/store/cbor_writer.h"

namespace safelight::c2pa {
namespace {

std::vector<std::byte> copy_of(std::span<const std::byte> bytes) {
  return {bytes.begin(), bytes.end()};
}

void read_time_stamps(const Assertion& assertion, const Limits& limits, CarriedEvidence& evidence) {
  const auto map = decode_cbor(assertion.cbor(), limits);
  if (!map || map->kind != CborKind::map) return;
  for (size_t i = 0; i + 1 < map->items.size(); i += 2) {
    const auto label = map->items[i].text();
    const auto token = map->items[i + 1].bytes();
    if (label && token) evidence.time_stamps.emplace(*label, copy_of(*token));
  }
}

void read_responses(const Assertion& assertion, const Limits& limits, CarriedEvidence& evidence) {
  const auto map = decode_cbor(assertion.cbor(), limits);
  const CborValue* list = map ? map->find("ocspVals") : nullptr;
  if (list == nullptr || list->kind != CborKind::array) return;
  for (const CborValue& item : list->items) {
    if (evidence.ocsp_responses.size() >= limits.max_certificates) return;
    if (item.bytes()) evidence.ocsp_responses.push_back(copy_of(*item.bytes()));
  }
}

class SignatureCheck {
 public:
  SignatureCheck(const PreparedManifest& manifest, const CarriedEvidence& carried,
                 const TrustSettings& trust, int64_t clock_s, const Limits& limits, StatusLog& log)
      : manifest_(manifest),
        carried_(carried),
        trust_(trust),
        clock_s_(clock_s),
        limits_(limits),
        log_(log),
        uri_(manifest.signature_uri()) {}

  SignatureFacts run() {
    if (!parse()) return std::move(facts_);
    check_time();
    check_profile();
    check_trust();
    check_revocation();
    check_value();
    return std::move(facts_);
  }

 private:
  bool refuse(std::string_view code, std::string detail) {
    log_.failure(code, uri_, std::move(detail));
    return false;
  }

  bool parse() {
    const Manifest& boxes = *manifest_.manifest;
    const auto uri = parse_jumbf_uri(manifest_.claim->signature_uri);
    const bool own = uri && (uri->manifest.empty() || uri->manifest == boxes.label);
    if (boxes.signatures.size() != 1 || boxes.signatures.front()->label != "c2pa.signature" ||
        !own || uri->path != "c2pa.signature") {
      return refuse(codes::kClaimSignatureMissing, "the claim names no signature in its manifest");
    }
    const JumbfBox* content = boxes.signatures.front()->child(four_cc("cbor"));
    if (content == nullptr) return refuse(codes::kClaimSignatureMissing, "no CBOR");
    auto cose = parse_cose_sign1(content->payload, limits_);
    if (!cose) return refuse(codes::kClaimSignatureMismatch, std::string(cose.error().rule));
    cose_ = std::move(*cose);
    for (const auto& der : cose_.chain) {
      auto certificate = Certificate::from_der(der);
      if (!certificate) {
        refuse(codes::kSigningCredentialInvalid, std::string(certificate.error().rule));
        return refuse(codes::kClaimSignatureMismatch, "a certificate cannot be read");
      }
      chain_.push_back(std::move(*certificate));
    }
    facts_.algorithm = cose_.algorithm;
    facts_.signer = chain_.front();
    facts_.chain_length = static_cast<uint32_t>(chain_.size());
    if (!cose_.padding_is_zero) {
      log_.failure(codes::kGeneralError, uri_, "the signature's padding holds data");
    }
    if (!cose_.algorithm) {
      refuse(codes::kAlgorithmUnsupported, "signature algorithm");
      return refuse(codes::kClaimSignatureMismatch, "signature algorithm");
    }
    if (!has_cose_form(cose_)) {
      refuse(codes::kSigningCredentialInvalid, "an ECDSA signature in DER");
      return refuse(codes::kClaimSignatureMismatch, "an ECDSA signature in DER");
    }
    return true;
  }

  [[nodiscard]] std::span<const Certificate> intermediates() const {
    return std::span(chain_).subspan(1);
  }

  /// What a time-stamp in the header is over: the claim, or the signature as it is encoded.
  [[nodiscard]] std::vector<std::byte> stamped_bytes(TimeStampForm form) const {
    if (form == TimeStampForm::claim) {
      return signed_structure("CounterSignature", cose_, manifest_.claim->bytes);
    }
    CborWriter payload;
    payload.bytes(cose_.signature);
    return signed_structure("CounterSignature", cose_, std::move(payload).take());
  }

  void check_time() {
    facts_.checked_at_s = clock_s_;
    if (cose_.time_stamp) {
      if (cose_.time_stamp->tokens.size() != 1) {
        log_.note(codes::kTimeStampMalformed, uri_, "not one token");
      } else {
        facts_.time_stamp =
            check_time_stamp(cose_.time_stamp->tokens.front(),
                             stamped_bytes(cose_.time_stamp->form), trust_.time_stampers);
      }
    } else if (const auto token = carried_.time_stamps.find(manifest_.label());
               token != carried_.time_stamps.end()) {
      facts_.time_stamp = check_time_stamp(token->second, cose_.signature, trust_.time_stampers);
    }
    if (facts_.time_stamp) tell_time(*facts_.time_stamp);
  }

  void tell_time(const TimeStamp& stamp) {
    const std::string who = stamp.authority ? stamp.authority->names().subject_common_name : "";
    switch (stamp.verdict) {
      case TimeStampVerdict::malformed:
        log_.note(codes::kTimeStampMalformed, uri_);
        return;
      case TimeStampVerdict::mismatch:
        log_.note(codes::kTimeStampMismatch, uri_, who);
        return;
      case TimeStampVerdict::outside_validity:
        log_.note(codes::kTimeStampOutsideValidity, uri_, who);
        return;
      case TimeStampVerdict::untrusted:
        log_.success(codes::kTimeStampValidated, uri_, who);
        log_.note(codes::kTimeStampUntrusted, uri_, who);
        break;
      case TimeStampVerdict::trusted:
        log_.success(codes::kTimeStampValidated, uri_, who);
        log_.success(codes::kTimeStampTrusted, uri_, who);
        break;
    }
    if (stamp.verdict == TimeStampVerdict::trusted || manifest_.claim->version == 1) {
      facts_.checked_at_s = stamp.time_s;
      facts_.time_is_stamped = true;
    }
  }

  void check_profile() {
    const std::vector<std::string> usages =
        trust_.signer_usages.empty() ? default_signer_usages() : trust_.signer_usages;
    facts_.validity_asked = true;
    facts_.inside_validity = chain_.front().valid_at(facts_.checked_at_s);
    if (!facts_.inside_validity) log_.failure(codes::kSigningCredentialExpired, uri_);
    facts_.broken_profile_rule = broken_profile_rule(chain_.front(), usages);
    if (facts_.broken_profile_rule && facts_.inside_validity) {
      log_.failure(codes::kSigningCredentialInvalid, uri_,
                   std::string(*facts_.broken_profile_rule));
    }
  }

  void check_trust() {
    facts_.signer_list = find_listed(trust_.allowed_signers, chain_.front());
    if (facts_.signer_list == nullptr) {
      facts_.signer_list = find_chain(trust_.signers, chain_.front(), intermediates(),
                                      facts_.checked_at_s, ChainPurpose::sign_claims);
    }
    // A list is one of signers for certain uses; whatever else is wrong is told on its own.
    if (facts_.broken_profile_rule && is_usage_rule(*facts_.broken_profile_rule)) {
      facts_.signer_list = nullptr;
    }
    if (facts_.signer_list != nullptr) {
      log_.success(codes::kSigningCredentialTrusted, uri_, facts_.signer_list->name());
    } else {
      log_.failure(codes::kSigningCredentialUntrusted, uri_);
    }
  }

  void check_revocation() {
    std::vector<std::vector<std::byte>> responses = cose_.ocsp_responses;
    responses.insert(responses.end(), carried_.ocsp_responses.begin(),
                     carried_.ocsp_responses.end());
    const Certificate* issuer = chain_.size() > 1 ? &chain_[1] : nullptr;
    if (issuer == nullptr && !responses.empty())
      issuer = find_issuer(trust_.signers, chain_.front());
    for (const auto& response : responses) {
      if (issuer == nullptr) break;
      const OcspVerdict verdict =
          check_ocsp(response, chain_.front(), *issuer, facts_.checked_at_s);
      facts_.revocation = std::max(facts_.revocation, verdict);
    }
    switch (facts_.revocation) {
      case OcspVerdict::revoked:
        log_.failure(codes::kOcspRevoked, uri_);
        break;
      case OcspVerdict::good:
        log_.success(codes::kOcspNotRevoked, uri_);
        break;
      case OcspVerdict::unknown:
        log_.note(codes::kOcspUnknown, uri_);
        break;
      case OcspVerdict::unusable:
        log_.note(codes::kOcspSkipped, uri_, "nothing is fetched");
        break;
    }
  }

  void check_value() {
    facts_.fits = signature_fits(cose_, chain_.front(), manifest_.claim->bytes);
    if (!facts_.fits) {
      log_.failure(codes::kClaimSignatureMismatch, uri_);
      return;
    }
    if (facts_.inside_validity) log_.success(codes::kClaimSignatureInsideValidity, uri_);
    log_.success(codes::kClaimSignatureValidated, uri_);
  }

  const PreparedManifest& manifest_;
  const CarriedEvidence& carried_;
  const TrustSettings& trust_;
  int64_t clock_s_;
  const Limits& limits_;
  StatusLog& log_;
  std::string uri_;
  CoseSign1 cose_;
  std::vector<Certificate> chain_;
  SignatureFacts facts_;
};

}  // namespace

CarriedEvidence carried_evidence(const PreparedStore& store, const ReferenceGraph& graph,
                                 const Limits& limits) {
  CarriedEvidence evidence;
  for (const PreparedManifest& manifest : store.manifests()) {
    if (graph.reached.count(manifest.label()) == 0) continue;
    for (const Assertion& assertion : manifest.manifest->assertions) {
      if (assertion.is("c2pa.time-stamp")) read_time_stamps(assertion, limits, evidence);
      if (assertion.is("c2pa.certificate-status")) read_responses(assertion, limits, evidence);
    }
  }
  return evidence;
}

SignatureFacts check_signature(const PreparedManifest& manifest, const CarriedEvidence& carried,
                               const TrustSettings& trust, int64_t clock_s, const Limits& limits,
                               StatusLog& log) {
  return SignatureCheck(manifest, carried, trust, clock_s, limits, log).run();
}

}  // namespace safelight::c2pa

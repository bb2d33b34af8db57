#include "safelight/scan/handlers/provenance_handler.h"

#include "safelight/bytes/file.h"
#include "safelight/provenance/c2pa/crypto/certificate_profile.h"
#include "safelight/provenance/c2pa/findings.h"
#include "safelight/scan/handlers/metadata_evidence.h"
#include "safelight/scan/handlers/send_evidence.h"

namespace safelight::scan {
namespace {

Result<std::vector<Finding>> credential_findings(std::span<const std::byte> file,
                                                 const c2pa::Options& options) {
  const auto report = c2pa::validate({file, c2pa::container_of(file)}, options);
  // A container that cannot embed a manifest store holds none.
  if (!report && report.error().code == ErrorCode::unsupported) return std::vector<Finding>();
  if (!report) return report.error();
  return c2pa::findings_of(*report);
}

}  // namespace

Result<void> ProvenanceHandler::use_trust(const ProvenanceRequest& wanted,
                                          std::span<const Descriptor> files) {
  if (trust_digest_ == wanted.trust_digest) return {};
  trust_digest_.reset();
  options_.trust = {};
  for (size_t i = 0; i < wanted.trust.size(); ++i) {
    const TrustName& named = wanted.trust[i];
    SAFELIGHT_TRY(const auto mapping, FileMapping::map(files[i].get()));
    const auto bytes = mapping.bytes();
    const auto list = [&] { return c2pa::TrustList::parse(named.name, named.date, bytes); };
    switch (named.role) {
      case TrustRole::signers:
        options_.trust.signers.push_back(list());
        break;
      case TrustRole::time_stampers:
        options_.trust.time_stampers.push_back(list());
        break;
      case TrustRole::allowed_signers:
        options_.trust.allowed_signers.push_back(list());
        break;
      case TrustRole::signer_usages:
        for (std::string& usage :
             c2pa::parse_usages({reinterpret_cast<const char*>(bytes.data()), bytes.size()})) {
          options_.trust.signer_usages.push_back(std::move(usage));
        }
        break;
    }
  }
  trust_digest_ = wanted.trust_digest;
  return {};
}

Result<void> ProvenanceHandler::handle(sandbox::IncomingRequest& request,
                                       sandbox::ReplyWriter& reply) {
  SAFELIGHT_TRY(const auto wanted, decode_provenance_request(request.message));
  const size_t before_trust = wanted.has_store ? 2 : 1;
  if (request.descriptors.size() != before_trust + wanted.trust.size())
    return Error{ErrorCode::malformed, "provenance-request.descriptors"};
  SAFELIGHT_TRY(const auto mapping, FileMapping::map(request.descriptors[0].get()));
  SAFELIGHT_TRY(const auto file, mapping.part(wanted.offset_bytes, wanted.length_bytes));
  if (wanted.wants_metadata || wanted.wants_prompts) {
    const auto metadata = metadata::read_metadata(file, {});
    EvidenceList evidence;
    if (wanted.wants_metadata) evidence.findings = metadata_findings(file, metadata, std::nullopt);
    if (wanted.wants_prompts) evidence.prompts = metadata_prompts(file, metadata);
    SAFELIGHT_CHECK(send(reply, evidence));
  }
  if (!wanted.wants_credentials) return {};
  SAFELIGHT_CHECK(use_trust(wanted, std::span(request.descriptors).subspan(before_trust)));
  options_.clock_s = wanted.clock_s;
  FileMapping store;
  if (wanted.has_store) {
    SAFELIGHT_TRY(store, FileMapping::map(request.descriptors[1].get()));
  }
  options_.detached_store = store.bytes();
  SAFELIGHT_TRY(auto findings, credential_findings(file, options_));
  return send(reply, {std::move(findings), {}});
}

}  // namespace safelight::scan

#pragma once

#include "safelight/provenance/c2pa/validate.h"
#include "safelight/sandbox/serve.h"
#include "safelight/scan/messages/provenance_message.h"

namespace safelight::scan {

/// The provenance worker's side of provenance_message.h. Decodes no picture, so that a decoder that
/// was taken over cannot claim that a signature fits. Keeps the trust files of the last request.
class ProvenanceHandler final : public sandbox::Handler {
 public:
  Result<void> handle(sandbox::IncomingRequest& request, sandbox::ReplyWriter& reply) override;

 private:
  Result<void> use_trust(const ProvenanceRequest& wanted, std::span<const Descriptor> files);

  c2pa::Options options_;  ///< Its trust is of `trust_digest_`, where there is one.
  std::optional<Sha256> trust_digest_;
};

}  // namespace safelight::scan

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/hash/digests.h"

/// What the coordinator asks of the provenance worker. The reply is one record for each finding and
/// each prompt (evidence_message.h). The wire format is described in
/// docs/formats/provenance_messages.md.
namespace safelight::scan {

/// Whom a file of certificates or usages is for.
enum class TrustRole : uint8_t {
  signers,          ///< Certificates that chains of signers lead to.
  time_stampers,    ///< Certificates that chains of time-stamping authorities lead to.
  allowed_signers,  ///< Certificates of signers that need no chain.
  signer_usages,    ///< Extended key usages that signers may have, one a line.
};

/// A trust file as it is named in reports.
struct TrustName {
  TrustRole role = TrustRole::signers;
  std::string name;
  std::string date;
  friend bool operator==(const TrustName&, const TrustName&) = default;
};

/// Descriptors: the evidence, then a manifest store that lies beside it where `has_store`, then
/// each trust file in the order of `trust`.
struct ProvenanceRequest {
  uint64_t offset_bytes = 0;  ///< Where the file begins in the descriptor's.
  uint64_t length_bytes = 0;
  bool wants_metadata = false;  ///< What metadata declare, as a picture worker does it.
  bool wants_credentials = false;
  bool wants_prompts = false;
  bool has_store = false;
  int64_t clock_s = 0;  ///< The time to judge by, in seconds since 1970, UTC.
  Sha256
      trust_digest;  ///< Over all trust files: names what the worker may keep from the last call.
  std::vector<TrustName> trust;
  friend bool operator==(const ProvenanceRequest&, const ProvenanceRequest&) = default;
};

/// At most so many trust files.
inline constexpr size_t kMaxTrustFiles = 32;

std::vector<std::byte> encode(const ProvenanceRequest& request);
/// Errors: truncated, malformed, unsupported (another version), limit_exceeded.
Result<ProvenanceRequest> decode_provenance_request(std::span<const std::byte> bytes);

}  // namespace safelight::scan

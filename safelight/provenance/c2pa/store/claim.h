#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/provenance/c2pa/store/hashed_uri.h"

namespace safelight::c2pa {

/// The name and version of a program, as the claim or an action gives them.
std::string generator_text(const CborValue& info);

/// The reference to a picture of that program; nothing where it has none that can be checked.
std::optional<HashedUri> icon_of(const CborValue& info);

/// The claim of a manifest, version 1 or 2 of its form (specification section 10.2).
struct Claim {
  int version = 1;
  std::span<const std::byte> bytes;  ///< As stored: what the signature is over.
  std::string signature_uri;
  std::string instance_id;
  std::string alg;                      ///< "" where none is stated.
  std::string claim_generator;          ///< Version 1: one string. "" in version 2.
  std::vector<std::string> generators;  ///< From claim_generator_info.
  std::vector<HashedUri> icons;         ///< Of these.
  std::vector<HashedUri> created;       ///< Version 1: all assertions.
  std::vector<HashedUri> gathered;
  std::vector<std::string> redactions;
};

/// Reads the CBOR of a claim. Errors: those of decode_cbor(); malformed with a rule that begins
/// with "claim." for a field that is missing, unknown or of another kind;
/// limit_exceeded by max_assertions.
Result<Claim> parse_claim(std::span<const std::byte> cbor, const Limits& limits);

}  // namespace safelight::c2pa

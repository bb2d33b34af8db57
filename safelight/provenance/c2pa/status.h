#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace safelight::c2pa {

enum class StatusKind : uint8_t { success, informational, failure };

std::string_view to_text(StatusKind kind);

/// One entry of a validation, as section 15.2 of the specification lays it out.
struct Status {
  std::string_view code;  ///< One of `codes`; text of static storage duration.
  StatusKind kind = StatusKind::failure;
  std::string uri;     ///< The JUMBF URI of what the code is about.
  std::string detail;  ///< For a reader; nothing depends on it.
  /// The ingredient assertion through which the manifest was reached; "" for the active manifest.
  std::string ingredient_uri{};
  /// The maker of the asset recorded the same code about the same box, when it added the
  /// ingredient.
  bool recorded_before = false;
};

/// The entries of one validation, as they are made.
class StatusLog {
 public:
  explicit StatusLog(uint32_t max_entries) : max_entries_(max_entries) {}

  void success(std::string_view code, std::string uri, std::string detail = {});
  void note(std::string_view code, std::string uri, std::string detail = {});
  void failure(std::string_view code, std::string uri, std::string detail = {});

  /// From here on, entries are about a manifest that was reached through this assertion; "" ends
  /// that. Gives what held before.
  std::string enter_ingredient(std::string uri);

  /// Says the entries from `from` to before `to` again, of the manifest as it is reached now.
  void repeat(size_t from, size_t to);

  [[nodiscard]] const std::vector<Status>& entries() const { return entries_; }
  [[nodiscard]] std::vector<Status> take() && { return std::move(entries_); }
  /// Whether entries were lost to the limit.
  [[nodiscard]] bool overflowed() const { return overflowed_; }

 private:
  void add(std::string_view code, StatusKind kind, std::string uri, std::string detail);

  uint32_t max_entries_;
  std::string ingredient_uri_;
  std::vector<Status> entries_;
  bool overflowed_ = false;
};

/// The codes of the specification (2.2, section 15.2.2) that this validator emits.
namespace codes {
// Success.
inline constexpr std::string_view kClaimSignatureValidated = "claimSignature.validated";
inline constexpr std::string_view kClaimSignatureInsideValidity = "claimSignature.insideValidity";
inline constexpr std::string_view kSigningCredentialTrusted = "signingCredential.trusted";
inline constexpr std::string_view kOcspNotRevoked = "signingCredential.ocsp.notRevoked";
inline constexpr std::string_view kTimeStampValidated = "timeStamp.validated";
inline constexpr std::string_view kTimeStampTrusted = "timeStamp.trusted";
inline constexpr std::string_view kHashedUriMatch = "assertion.hashedURI.match";
inline constexpr std::string_view kDataHashMatch = "assertion.dataHash.match";
inline constexpr std::string_view kBmffHashMatch = "assertion.bmffHash.match";
inline constexpr std::string_view kBoxesHashMatch = "assertion.boxesHash.match";
inline constexpr std::string_view kIngredientManifestValidated = "ingredient.manifest.validated";
inline constexpr std::string_view kIngredientSignatureValidated =
    "ingredient.claimSignature.validated";
// Informational.
inline constexpr std::string_view kTimeStampMismatch = "timeStamp.mismatch";
inline constexpr std::string_view kTimeStampMalformed = "timeStamp.malformed";
inline constexpr std::string_view kTimeStampOutsideValidity = "timeStamp.outsideValidity";
inline constexpr std::string_view kTimeStampUntrusted = "timeStamp.untrusted";
inline constexpr std::string_view kOcspSkipped = "signingCredential.ocsp.skipped";
inline constexpr std::string_view kOcspUnknown = "signingCredential.ocsp.unknown";
inline constexpr std::string_view kOcspInaccessible = "signingCredential.ocsp.inaccessible";
inline constexpr std::string_view kIngredientUnknownProvenance = "ingredient.unknownProvenance";
inline constexpr std::string_view kManifestUnreferenced = "manifest.unreferenced";
inline constexpr std::string_view kDataHashAdditionalExclusions =
    "assertion.dataHash.additionalExclusionsPresent";
inline constexpr std::string_view kBmffHashAdditionalExclusions =
    "assertion.bmffHash.additionalExclusionsPresent";
inline constexpr std::string_view kBoxesHashAdditionalExclusions =
    "assertion.boxesHash.additionalExclusionsPresent";
// Failure.
inline constexpr std::string_view kClaimMissing = "claim.missing";
inline constexpr std::string_view kClaimMultiple = "claim.multiple";
inline constexpr std::string_view kClaimMalformed = "claim.malformed";
inline constexpr std::string_view kClaimCborInvalid = "claim.cbor.invalid";
inline constexpr std::string_view kHardBindingsMissing = "claim.hardBindings.missing";
inline constexpr std::string_view kMultipleHardBindings = "assertion.multipleHardBindings";
inline constexpr std::string_view kClaimSignatureMissing = "claimSignature.missing";
inline constexpr std::string_view kClaimSignatureMismatch = "claimSignature.mismatch";
inline constexpr std::string_view kManifestMultipleParents = "manifest.multipleParents";
inline constexpr std::string_view kManifestUpdateInvalid = "manifest.update.invalid";
inline constexpr std::string_view kManifestUpdateWrongParents = "manifest.update.wrongParents";
inline constexpr std::string_view kManifestInaccessible = "manifest.inaccessible";
inline constexpr std::string_view kManifestCompressedInvalid = "manifest.compressed.invalid";
inline constexpr std::string_view kSigningCredentialUntrusted = "signingCredential.untrusted";
inline constexpr std::string_view kSigningCredentialInvalid = "signingCredential.invalid";
inline constexpr std::string_view kSigningCredentialExpired = "signingCredential.expired";
inline constexpr std::string_view kOcspRevoked = "signingCredential.ocsp.revoked";
inline constexpr std::string_view kHashedUriMismatch = "assertion.hashedURI.mismatch";
inline constexpr std::string_view kAssertionMissing = "assertion.missing";
inline constexpr std::string_view kAssertionUndeclared = "assertion.undeclared";
inline constexpr std::string_view kAssertionOutsideManifest = "assertion.outsideManifest";
inline constexpr std::string_view kAssertionCborInvalid = "assertion.cbor.invalid";
inline constexpr std::string_view kAssertionJsonInvalid = "assertion.json.invalid";
inline constexpr std::string_view kAssertionNotRedacted = "assertion.notRedacted";
inline constexpr std::string_view kAssertionSelfRedacted = "assertion.selfRedacted";
inline constexpr std::string_view kAssertionDataHashRedacted = "assertion.dataHash.redacted";
inline constexpr std::string_view kActionRedacted = "assertion.action.redacted";
inline constexpr std::string_view kActionMalformed = "assertion.action.malformed";
inline constexpr std::string_view kActionIngredientMismatch = "assertion.action.ingredientMismatch";
inline constexpr std::string_view kActionRedactionMismatch = "assertion.action.redactionMismatch";
inline constexpr std::string_view kDataHashMismatch = "assertion.dataHash.mismatch";
inline constexpr std::string_view kDataHashMalformed = "assertion.dataHash.malformed";
inline constexpr std::string_view kBmffHashMismatch = "assertion.bmffHash.mismatch";
inline constexpr std::string_view kBmffHashMalformed = "assertion.bmffHash.malformed";
inline constexpr std::string_view kBoxesHashMismatch = "assertion.boxesHash.mismatch";
inline constexpr std::string_view kBoxesHashMalformed = "assertion.boxesHash.malformed";
inline constexpr std::string_view kBoxesHashUnknownBox = "assertion.boxesHash.unknownBox";
inline constexpr std::string_view kIngredientMalformed = "assertion.ingredient.malformed";
inline constexpr std::string_view kIngredientManifestMissing = "ingredient.manifest.missing";
inline constexpr std::string_view kIngredientManifestMismatch = "ingredient.manifest.mismatch";
inline constexpr std::string_view kIngredientSignatureMissing = "ingredient.claimSignature.missing";
inline constexpr std::string_view kIngredientSignatureMismatch =
    "ingredient.claimSignature.mismatch";
inline constexpr std::string_view kAlgorithmUnsupported = "algorithm.unsupported";
inline constexpr std::string_view kGeneralError = "general.error";
}  // namespace codes

}  // namespace safelight::c2pa

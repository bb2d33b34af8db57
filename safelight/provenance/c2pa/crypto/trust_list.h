#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/error.h"
#include "safelight/hash/digests.h"
#include "safelight/provenance/c2pa/crypto/certificate.h"

namespace safelight::c2pa {

/// Certificates that one list refuses to take, with why.
struct RefusedEntry {
  uint64_t offset_bytes = 0;  ///< Of the block in the file.
  std::string_view rule;
};

/// A list of certificates from a PEM file, with what identifies it in a report.
class TrustList {
 public:
  /// At most so many certificates are taken from one file, and so many refusals kept.
  static constexpr size_t kMaxCertificates = 10'000;
  static constexpr size_t kMaxRefused = 1'000;

  /// Takes every certificate that the bytes hold between PEM markers, and says of the others why
  /// they were refused. Bytes outside the markers are comments. `name` and `date` (as its publisher
  /// writes it) are kept for reports.
  static TrustList parse(std::string name, std::string date, std::span<const std::byte> pem);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& date() const { return date_; }
  [[nodiscard]] const Sha256& sha256() const { return sha256_; }
  [[nodiscard]] const std::vector<Certificate>& certificates() const { return certificates_; }
  [[nodiscard]] const std::vector<RefusedEntry>& refused() const { return refused_; }

  /// The certificates as anchors of the library; shared, and safe from many threads.
  struct Anchors;
  [[nodiscard]] const Anchors& anchors() const { return *anchors_; }

 private:
  TrustList() = default;
  void take(std::string_view base64, uint64_t offset_bytes);
  void refuse(uint64_t offset_bytes, std::string_view rule);

  std::string name_;
  std::string date_;
  Sha256 sha256_;
  std::vector<Certificate> certificates_;
  std::vector<RefusedEntry> refused_;
  std::shared_ptr<const Anchors> anchors_;
};

/// Whom to trust. Signers and time-stamping authorities are kept apart: whoever may say when
/// something was signed may not therefore sign it.
struct TrustSettings {
  std::vector<TrustList> signers;
  std::vector<TrustList> time_stampers;
  std::vector<TrustList> allowed_signers;  ///< End-entity certificates that need no chain.
  std::vector<std::string> signer_usages;  ///< Empty: default_signer_usages().
};

/// What a certificate is used for where its chain is checked.
enum class ChainPurpose : uint8_t { sign_claims, stamp_times, answer_ocsp };

/// The list of `lists` to one of whose certificates a chain leads from `leaf` by way of
/// `intermediates`; nullptr where there is none. Any listed certificate ends a chain, not only a
/// root. All certificates but the leaf must be valid at `time_s`: the leaf's own period is the
/// caller's to judge.
const TrustList* find_chain(std::span<const TrustList> lists, const Certificate& leaf,
                            std::span<const Certificate> intermediates, int64_t time_s,
                            ChainPurpose purpose);

/// The certificate on the lists that issued `certificate`, by its names and key identifiers;
/// nullptr where there is none.
const Certificate* find_issuer(std::span<const TrustList> lists, const Certificate& certificate);

/// The list that holds the certificate itself; nullptr where there is none.
const TrustList* find_listed(std::span<const TrustList> lists, const Certificate& certificate);

}  // namespace safelight::c2pa

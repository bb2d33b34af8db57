#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "safelight/base/result.h"
#include "safelight/hash/digests.h"

struct x509_st;

namespace safelight::c2pa {

/// What a certificate says of itself. Text is as the certificate has it, in UTF-8.
struct CertificateNames {
  std::string subject_common_name;
  std::string subject_organization;
  std::string issuer_common_name;
  std::string issuer_organization;
  std::string serial_hex;
};

/// An X.509 certificate. Copies share it; it never changes.
class Certificate {
 public:
  /// Errors: malformed ("certificate.der") where the bytes are not exactly one certificate.
  static Result<Certificate> from_der(std::span<const std::byte> der);

  [[nodiscard]] const CertificateNames& names() const { return shared_->names; }
  /// SHA-256 of the DER encoding.
  [[nodiscard]] const Sha256& fingerprint() const { return shared_->fingerprint; }
  /// Seconds since 1970, UTC.
  [[nodiscard]] int64_t not_before_s() const { return shared_->not_before_s; }
  [[nodiscard]] int64_t not_after_s() const { return shared_->not_after_s; }
  [[nodiscard]] bool valid_at(int64_t time_s) const {
    return not_before_s() <= time_s && time_s <= not_after_s();
  }

 private:
  struct Shared {
    std::shared_ptr<x509_st> native;
    CertificateNames names;
    Sha256 fingerprint;
    int64_t not_before_s = 0;
    int64_t not_after_s = 0;
  };
  friend struct CertificateAccess;

  explicit Certificate(std::shared_ptr<const Shared> shared) : shared_(std::move(shared)) {}
  std::shared_ptr<const Shared> shared_;
};

}  // namespace safelight::c2pa

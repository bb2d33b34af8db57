#include "safelight/provenance/c2pa/crypto/certificate.h"

#include <algorithm>
#include <ctime>

#include "safelight/digest/sha256_stream.h"
#include "safelight/provenance/c2pa/crypto/internal/openssl.h"

namespace safelight::c2pa {
namespace {

std::string name_entry(const X509_NAME* name, int nid) {
  const int index = X509_NAME_get_index_by_NID(name, nid, -1);
  if (index < 0) return {};
  const ASN1_STRING* value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index));
  unsigned char* utf8 = nullptr;
  const int size = ASN1_STRING_to_UTF8(&utf8, value);
  if (size < 0) return {};
  std::string text(reinterpret_cast<const char*>(utf8), static_cast<size_t>(size));
  OPENSSL_free(utf8);
  return text;
}

int64_t seconds_of(const ASN1_TIME* time, int64_t otherwise) {
  std::tm broken_down{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &broken_down) != 1) return otherwise;
  return timegm(&broken_down);
}

std::string serial_of(const X509* certificate) {
  const ASN1_INTEGER* serial = X509_get0_serialNumber(certificate);
  return to_hex(std::span<const uint8_t>(ASN1_STRING_get0_data(serial),
                                         static_cast<size_t>(ASN1_STRING_length(serial))));
}

}  // namespace

struct CertificateAccess {
  static Certificate make(X509Ptr native) {
    auto shared = std::make_shared<Certificate::Shared>();
    const X509_NAME* subject = X509_get_subject_name(native.get());
    const X509_NAME* issuer = X509_get_issuer_name(native.get());
    shared->names = {name_entry(subject, NID_commonName), name_entry(subject, NID_organizationName),
                     name_entry(issuer, NID_commonName), name_entry(issuer, NID_organizationName),
                     serial_of(native.get())};
    // A time that cannot be read makes the certificate valid at no time.
    shared->not_before_s = seconds_of(X509_get0_notBefore(native.get()), INT64_MAX);
    shared->not_after_s = seconds_of(X509_get0_notAfter(native.get()), INT64_MIN);
    unsigned char* der = nullptr;
    const int size = i2d_X509(native.get(), &der);
    if (size > 0) {
      shared->fingerprint = sha256_of(std::as_bytes(std::span(der, static_cast<size_t>(size))));
      OPENSSL_free(der);
    }
    shared->native = std::shared_ptr<x509_st>(native.release(), X509_free);
    ERR_clear_error();
    return Certificate(std::move(shared));
  }
  static X509* native(const Certificate& certificate) { return certificate.shared_->native.get(); }
};

Result<Certificate> Certificate::from_der(std::span<const std::byte> der) {
  X509Ptr native = decode_der<X509Ptr>(der, d2i_X509);
  if (native == nullptr) return Error::at(ErrorCode::malformed, "certificate.der", 0);
  return CertificateAccess::make(std::move(native));
}

X509* native(const Certificate& certificate) { return CertificateAccess::native(certificate); }

Certificate certificate_of(X509Ptr certificate) {
  return CertificateAccess::make(std::move(certificate));
}

X509StackPtr stack_of(std::span<const Certificate> certificates) {
  X509StackPtr stack(sk_X509_new_null());
  for (const Certificate& certificate : certificates) {
    X509* object = native(certificate);
    X509_up_ref(object);
    sk_X509_push(stack.get(), object);
  }
  return stack;
}

}  // namespace safelight::c2pa

#pragma once

#include <memory>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <string>
#include <vector>

#include "safelight/base/fault.h"
#include "safelight/hash/digests.h"
#include "safelight/serve/http/tls_identity.h"

namespace safelight::serve {

template <auto kFree>
struct OpenSslFree {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using PrivateKey = std::unique_ptr<EVP_PKEY, OpenSslFree<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, OpenSslFree<X509_free>>;

struct TlsIdentity::Parts {
  PrivateKey key;
  std::vector<Certificate> chain;  ///< The server's own first.
};

/// SHA-256 of a certificate's DER.
Sha256 sha256_of(const X509& certificate);

/// What OpenSSL says went wrong, as a Fault; its queue of errors is empty afterwards.
Fault tls_fault(const std::string& action);

}  // namespace safelight::serve

#include "safelight/serve/http/internal/tls_context.h"

#include <string_view>

#include "safelight/base/fault.h"

namespace safelight::serve {
namespace {

/// For TLS 1.2. Those of TLS 1.3 are all modern.
constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr const char* kCurves = "X25519:P-256:P-384";

using Bio = std::unique_ptr<BIO, OpenSslFree<BIO_free_all>>;

int choose_http_1_1(SSL*, const unsigned char** chosen, unsigned char* chosen_bytes,
                    const unsigned char* offered, unsigned offered_bytes, void*) {
  static constexpr std::string_view kOurs = "\x08http/1.1";
  unsigned char* out = nullptr;
  const int outcome = SSL_select_next_proto(
      &out, chosen_bytes, reinterpret_cast<const unsigned char*>(kOurs.data()),
      static_cast<unsigned>(kOurs.size()), offered, offered_bytes);
  *chosen = out;
  return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

void use_identity(SSL_CTX& context, const TlsIdentity::Parts& parts) {
  bool is_used = SSL_CTX_use_certificate(&context, parts.chain.front().get()) == 1 &&
                 SSL_CTX_use_PrivateKey(&context, parts.key.get()) == 1;
  for (size_t i = 1; i < parts.chain.size(); ++i) {
    is_used = is_used && SSL_CTX_add1_chain_cert(&context, parts.chain[i].get()) == 1;
  }
  if (!is_used) throw tls_fault("cannot use a certificate");
}

void ask_for_certificates(SSL_CTX& context, const std::filesystem::path& authorities) {
  auto* const names = SSL_load_client_CA_file(authorities.c_str());
  if (names == nullptr || SSL_CTX_load_verify_file(&context, authorities.c_str()) != 1) {
    sk_X509_NAME_pop_free(names, X509_NAME_free);
    throw tls_fault("no certificates of authorities in " + authorities.string());
  }
  SSL_CTX_set_client_CA_list(&context, names);
  SSL_CTX_set_verify(&context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
}

}  // namespace

TlsContext make_tls_context(const TlsOptions& options) {
  TlsContext context(SSL_CTX_new(TLS_server_method()));
  if (!context || SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(context.get(), kCiphers) != 1 ||
      SSL_CTX_set1_curves_list(context.get(), kCurves) != 1 ||
      SSL_CTX_set_num_tickets(context.get(), 0) != 1) {
    throw tls_fault("cannot set up TLS");
  }
  SSL_CTX_set_options(context.get(), SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                         SSL_OP_NO_TICKET | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_select_cb(context.get(), choose_http_1_1, nullptr);
  use_identity(*context, options.identity.parts());
  if (!options.client_authorities.empty()) {
    ask_for_certificates(*context, options.client_authorities);
  }
  return context;
}

std::optional<ClientCertificate> client_certificate(const SSL& connection) {
  const X509* const certificate = SSL_get0_peer_certificate(&connection);
  if (certificate == nullptr) return std::nullopt;
  const Bio bio(BIO_new(BIO_s_mem()));
  char* data = nullptr;
  if (!bio ||
      X509_NAME_print_ex(bio.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253) < 0) {
    throw tls_fault("cannot read a client's name");
  }
  const long size = BIO_get_mem_data(bio.get(), &data);
  return ClientCertificate{std::string(data, static_cast<size_t>(size)), sha256_of(*certificate)};
}

}  // namespace safelight::serve

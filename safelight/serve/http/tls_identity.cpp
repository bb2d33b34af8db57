#include "safelight/serve/http/tls_identity.h"

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <limits>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <string_view>
#include <sys/stat.h>
#include <utility>

#include "safelight/base/fault.h"
#include "safelight/bytes/file.h"
#include "safelight/bytes/new_file.h"
#include "safelight/serve/http/internal/tls_parts.h"

namespace safelight::serve {
namespace {

using Bio = std::unique_ptr<BIO, OpenSslFree<BIO_free_all>>;

constexpr long kHourSeconds = 60 * 60;
constexpr long kYearSeconds = 365 * 24 * kHourSeconds;
constexpr int64_t kNsPerSecond = 1'000'000'000;

enum class Secrecy : uint8_t { open, secret };

/// The file as a stream. Links are followed: those who renew certificates move links.
Bio open_pem(const std::filesystem::path& file, Secrecy secrecy) {
  Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (!descriptor.is_open() || ::fstat(descriptor.get(), &status) != 0) {
    throw Fault::from_errno("cannot open " + file.string(), errno);
  }
  if (!S_ISREG(status.st_mode)) throw Fault(file.string() + " is no file");
  if (secrecy == Secrecy::secret && (status.st_mode & 0077) != 0) {
    throw Fault("others than its owner may read or write " + file.string());
  }
  Bio bio(BIO_new_fd(descriptor.release(), BIO_CLOSE));
  if (!bio) throw tls_fault("cannot read " + file.string());
  return bio;
}

/// A key that needs a password cannot be used: nobody is there to give it.
int no_password(char*, int, int, void*) { return -1; }

PrivateKey new_key() {
  PrivateKey key(EVP_EC_gen("P-256"));
  if (!key) throw tls_fault("cannot make a key");
  return key;
}

void add_extension(X509& certificate, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, &certificate, &certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, OpenSslFree<X509_EXTENSION_free>> extension(
      X509V3_EXT_nconf_nid(nullptr, &context, kind, value.c_str()));
  if (!extension || X509_add_ext(&certificate, extension.get(), -1) != 1) {
    throw tls_fault("cannot make a certificate");
  }
}

/// A host as subjectAltName has it. Refuses what would be more than one.
std::string alternative_name(std::string host) {
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.:*";
  if (host.empty() || host.find_first_not_of(kAllowed) != std::string::npos) {
    throw Fault("a certificate cannot name the host " + host);
  }
  const std::unique_ptr<ASN1_OCTET_STRING, OpenSslFree<ASN1_OCTET_STRING_free>> address(
      a2i_IPADDRESS(host.c_str()));
  ERR_clear_error();
  return (address ? "IP:" : "DNS:") + host;
}

std::string pem_of(const TlsIdentity::Parts& parts, Secrecy secrecy) {
  const Bio bio(BIO_new(secrecy == Secrecy::secret ? BIO_s_secmem() : BIO_s_mem()));
  bool is_written = bio != nullptr;
  if (secrecy == Secrecy::secret) {
    is_written = is_written && PEM_write_bio_PKCS8PrivateKey(bio.get(), parts.key.get(), nullptr,
                                                             nullptr, 0, nullptr, nullptr) == 1;
  } else {
    for (const auto& certificate : parts.chain) {
      is_written = is_written && PEM_write_bio_X509(bio.get(), certificate.get()) == 1;
    }
  }
  char* data = nullptr;
  const long size = is_written ? BIO_get_mem_data(bio.get(), &data) : 0;
  if (size <= 0) throw tls_fault("cannot write a certificate");
  return {data, static_cast<size_t>(size)};
}

}  // namespace

Fault tls_fault(const std::string& action) {
  char text[256] = "unknown error";
  if (const auto code = ERR_get_error(); code != 0) ERR_error_string_n(code, text, sizeof text);
  ERR_clear_error();
  return Fault(action + ": " + text);
}

Sha256 sha256_of(const X509& certificate) {
  Sha256 digest;
  unsigned size = 0;
  if (X509_digest(&certificate, EVP_sha256(), digest.bytes.data(), &size) != 1) {
    throw tls_fault("cannot digest a certificate");
  }
  return digest;
}

TlsIdentity TlsIdentity::read(const std::filesystem::path& chain,
                              const std::filesystem::path& key) {
  auto parts = std::make_shared<Parts>();
  const Bio key_pem = open_pem(key, Secrecy::secret);
  parts->key.reset(PEM_read_bio_PrivateKey(key_pem.get(), nullptr, no_password, nullptr));
  if (!parts->key) throw tls_fault("no private key without a password in " + key.string());

  const Bio chain_pem = open_pem(chain, Secrecy::open);
  while (X509* certificate = PEM_read_bio_X509(chain_pem.get(), nullptr, no_password, nullptr)) {
    parts->chain.emplace_back(certificate);
  }
  if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE || parts->chain.empty()) {
    throw tls_fault("no chain of certificates in " + chain.string());
  }
  ERR_clear_error();
  if (X509_check_private_key(parts->chain.front().get(), parts->key.get()) != 1) {
    throw tls_fault("the key of " + key.string() + " is not that of " + chain.string());
  }
  return TlsIdentity(std::move(parts));
}

TlsIdentity TlsIdentity::self_signed(std::span<const std::string> hosts, const Clock& clock) {
  auto parts = std::make_shared<Parts>();
  parts->key = new_key();
  Certificate certificate(X509_new());
  // The serial number must differ from any other's by this name, and be positive.
  unsigned char serial[16];
  if (!certificate || RAND_bytes(serial, sizeof serial) != 1) {
    throw tls_fault("cannot make a certificate");
  }
  serial[0] = static_cast<unsigned char>((serial[0] & 0x7f) | 0x40);
  const std::unique_ptr<BIGNUM, OpenSslFree<BN_free>> number(
      BN_bin2bn(serial, sizeof serial, nullptr));
  const time_t now = static_cast<time_t>(clock.now_ns() / kNsPerSecond);
  const time_t begin = now - kHourSeconds;
  const time_t end = now + kYearSeconds;
  X509_NAME* const name = X509_get_subject_name(certificate.get());
  constexpr std::string_view kName = "Safelight, self-signed";
  if (!number ||
      BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate.get())) == nullptr ||
      X509_set_version(certificate.get(), X509_VERSION_3) != 1 ||
      ASN1_TIME_set(X509_getm_notBefore(certificate.get()), begin) == nullptr ||
      ASN1_TIME_set(X509_getm_notAfter(certificate.get()), end) == nullptr ||
      X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
                                 reinterpret_cast<const unsigned char*>(kName.data()),
                                 static_cast<int>(kName.size()), -1, 0) != 1 ||
      X509_set_issuer_name(certificate.get(), name) != 1 ||
      X509_set_pubkey(certificate.get(), parts->key.get()) != 1) {
    throw tls_fault("cannot make a certificate");
  }
  std::string names;
  for (const auto& host : hosts) names += (names.empty() ? "" : ",") + alternative_name(host);
  add_extension(*certificate, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(*certificate, NID_key_usage, "critical,digitalSignature");
  add_extension(*certificate, NID_ext_key_usage, "serverAuth");
  add_extension(*certificate, NID_subject_key_identifier, "hash");
  if (!names.empty()) add_extension(*certificate, NID_subject_alt_name, names);
  if (X509_sign(certificate.get(), parts->key.get(), EVP_sha256()) == 0) {
    throw tls_fault("cannot sign a certificate");
  }
  parts->chain.push_back(std::move(certificate));
  return TlsIdentity(std::move(parts));
}

void TlsIdentity::write(const std::filesystem::path& chain,
                        const std::filesystem::path& key) const {
  std::string secret = pem_of(*parts_, Secrecy::secret);
  NewFile key_file(key);
  key_file.write(secret);
  OPENSSL_cleanse(secret.data(), secret.size());
  NewFile chain_file(chain);
  chain_file.write(pem_of(*parts_, Secrecy::open));
  key_file.commit();
  chain_file.commit();
}

Sha256 TlsIdentity::fingerprint() const { return sha256_of(*parts_->chain.front()); }

int64_t TlsIdentity::expires_ns() const {
  std::tm utc{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(parts_->chain.front().get()), &utc) != 1) {
    throw tls_fault("a certificate does not say when it expires");
  }
  constexpr int64_t kSecondNs = 1'000'000'000;
  const int64_t seconds = timegm(&utc);
  return std::min(seconds, std::numeric_limits<int64_t>::max() / kSecondNs) * kSecondNs;
}

}  // namespace safelight::serve

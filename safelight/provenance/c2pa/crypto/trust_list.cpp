#include "safelight/provenance/c2pa/crypto/trust_list.h"

#include <algorithm>
#include <openssl/x509_vfy.h>

#include "safelight/digest/sha256_stream.h"
#include "safelight/provenance/c2pa/crypto/internal/openssl.h"

namespace safelight::c2pa {
namespace {

constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
constexpr size_t kMaxCertificateBytes = 64 * 1024;
constexpr int kMaxChain = 16;

/// The bytes that base64 text stands for; white space is passed over. Empty for anything else.
std::vector<std::byte> decode_base64(std::string_view text) {
  std::string packed;
  for (const char c : text) {
    if (c != '\n' && c != '\r' && c != ' ' && c != '\t') packed.push_back(c);
  }
  if (packed.empty() || packed.size() % 4 != 0) return {};
  std::vector<std::byte> out(packed.size() / 4 * 3);
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(packed.data()),
                                   static_cast<int>(packed.size()));
  if (size < 0) return {};
  const size_t padding = packed.ends_with("==") ? 2 : packed.ends_with('=') ? 1 : 0;
  out.resize(static_cast<size_t>(size) - padding);
  return out;
}

/// The leaf's period of validity is told on its own, so that "signer on no list" does not hide
/// "certificate has run out" or the other way round.
int ignore_leaf_period(int ok, X509_STORE_CTX* context) {
  if (ok == 1 || X509_STORE_CTX_get_error_depth(context) != 0) return ok;
  const int error = X509_STORE_CTX_get_error(context);
  return error == X509_V_ERR_CERT_HAS_EXPIRED || error == X509_V_ERR_CERT_NOT_YET_VALID ? 1 : 0;
}

}  // namespace

struct TrustList::Anchors {
  X509StorePtr store;
};

TrustList TrustList::parse(std::string name, std::string date, std::span<const std::byte> pem) {
  TrustList list;
  list.name_ = std::move(name);
  list.date_ = std::move(date);
  list.sha256_ = sha256_of(pem);
  const std::string_view text(reinterpret_cast<const char*>(pem.data()), pem.size());
  size_t at = 0;
  while ((at = text.find(kBegin, at)) != std::string_view::npos) {
    const size_t start = at;
    at += kBegin.size();
    const size_t end = text.find(kEnd, at);
    const size_t next = text.find(kBegin, at);
    if (end == std::string_view::npos || next < end) {
      list.refuse(start, "trust-list.no-end");
      continue;
    }
    list.take(text.substr(at, end - at), start);
    at = end;
  }
  auto anchors = std::make_shared<Anchors>();
  anchors->store.reset(X509_STORE_new());
  for (const Certificate& certificate : list.certificates_) {
    X509_STORE_add_cert(anchors->store.get(), native(certificate));
  }
  ERR_clear_error();
  list.anchors_ = std::move(anchors);
  return list;
}

void TrustList::refuse(uint64_t offset_bytes, std::string_view rule) {
  if (refused_.size() < kMaxRefused) refused_.push_back({offset_bytes, rule});
}

void TrustList::take(std::string_view base64, uint64_t offset_bytes) {
  if (base64.size() > kMaxCertificateBytes) return refuse(offset_bytes, "trust-list.size");
  if (certificates_.size() >= kMaxCertificates) return refuse(offset_bytes, "trust-list.count");
  const std::vector<std::byte> der = decode_base64(base64);
  if (der.empty()) return refuse(offset_bytes, "trust-list.base64");
  auto certificate = Certificate::from_der(der);
  if (!certificate) return refuse(offset_bytes, certificate.error().rule);
  if (find_listed(std::span(this, 1), *certificate) != nullptr) {
    return refuse(offset_bytes, "trust-list.duplicate");
  }
  certificates_.push_back(std::move(*certificate));
}

const TrustList* find_chain(std::span<const TrustList> lists, const Certificate& leaf,
                            std::span<const Certificate> intermediates, int64_t time_s,
                            ChainPurpose purpose) {
  const X509StackPtr untrusted = stack_of(intermediates);
  const TrustList* found = nullptr;
  for (const TrustList& list : lists) {
    const X509StoreCtxPtr context(X509_STORE_CTX_new());
    X509_STORE_CTX_init(context.get(), list.anchors().store.get(), native(leaf), untrusted.get());
    X509_VERIFY_PARAM* rules = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_PARTIAL_CHAIN);
    X509_VERIFY_PARAM_set_time(rules, time_s);
    X509_VERIFY_PARAM_set_depth(rules, kMaxChain);
    if (purpose == ChainPurpose::stamp_times) {
      X509_VERIFY_PARAM_set_purpose(rules, X509_PURPOSE_TIMESTAMP_SIGN);
    }
    if (purpose == ChainPurpose::answer_ocsp) {
      X509_VERIFY_PARAM_set_purpose(rules, X509_PURPOSE_OCSP_HELPER);
    }
    X509_STORE_CTX_set_verify_cb(context.get(), ignore_leaf_period);
    if (X509_verify_cert(context.get()) == 1) {
      found = &list;
      break;
    }
  }
  ERR_clear_error();
  return found;
}

const Certificate* find_issuer(std::span<const TrustList> lists, const Certificate& certificate) {
  for (const TrustList& list : lists) {
    for (const Certificate& listed : list.certificates()) {
      if (X509_check_issued(native(listed), native(certificate)) == X509_V_OK) return &listed;
    }
  }
  return nullptr;
}

const TrustList* find_listed(std::span<const TrustList> lists, const Certificate& certificate) {
  for (const TrustList& list : lists) {
    for (const Certificate& listed : list.certificates()) {
      if (listed.fingerprint() == certificate.fingerprint()) return &list;
    }
  }
  return nullptr;
}

}  // namespace safelight::c2pa

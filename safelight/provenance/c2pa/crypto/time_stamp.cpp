#include "safelight/provenance/c2pa/crypto/time_stamp.h"

#include <algorithm>
#include <ctime>
#include <vector>

#include "safelight/provenance/c2pa/crypto/internal/openssl.h"

namespace safelight::c2pa {
namespace {

/// A token is a CMS ContentInfo; some signers keep the response that it came in.
CmsPtr token_of(std::span<const std::byte> bytes) {
  if (CmsPtr token = decode_der<CmsPtr>(bytes, d2i_CMS_ContentInfo)) return token;
  const TsRespPtr response = decode_der<TsRespPtr>(bytes, d2i_TS_RESP);
  if (response == nullptr || TS_RESP_get_token(response.get()) == nullptr) return nullptr;
  unsigned char* der = nullptr;
  const int size = i2d_PKCS7(TS_RESP_get_token(response.get()), &der);
  if (size <= 0) return nullptr;
  CmsPtr token = decode_der<CmsPtr>(std::as_bytes(std::span(der, static_cast<size_t>(size))),
                                    d2i_CMS_ContentInfo);
  OPENSSL_free(der);
  return token;
}

std::span<const std::byte> string_bytes(const ASN1_STRING* string) {
  return std::as_bytes(
      std::span(ASN1_STRING_get0_data(string), static_cast<size_t>(ASN1_STRING_length(string))));
}

std::optional<HashAlgorithm> algorithm_of(const X509_ALGOR* algorithm) {
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, algorithm);
  switch (OBJ_obj2nid(object)) {
    case NID_sha256:
      return HashAlgorithm::sha256;
    case NID_sha384:
      return HashAlgorithm::sha384;
    case NID_sha512:
      return HashAlgorithm::sha512;
    default:
      return std::nullopt;
  }
}

bool imprint_fits(TS_TST_INFO* info, std::span<const std::byte> message) {
  TS_MSG_IMPRINT* imprint = TS_TST_INFO_get_msg_imprint(info);
  const auto algorithm = algorithm_of(TS_MSG_IMPRINT_get_algo(imprint));
  return algorithm && std::ranges::equal(hash_of(*algorithm, message),
                                         string_bytes(TS_MSG_IMPRINT_get_msg(imprint)));
}

/// The attribute that binds the signature to one certificate, in either of its forms.
template <typename Ptr, typename Decode>
Ptr signed_attribute(CMS_SignerInfo* signer, int nid, const Decode& decode) {
  const int index = CMS_signed_get_attr_by_NID(signer, nid, -1);
  if (index < 0) return nullptr;
  X509_ATTRIBUTE* attribute = CMS_signed_get_attr(signer, index);
  const ASN1_TYPE* value = X509_ATTRIBUTE_get0_type(attribute, 0);
  if (value == nullptr || value->type != V_ASN1_SEQUENCE) return nullptr;
  return decode_der<Ptr>(string_bytes(value->value.sequence), decode);
}

/// The certificates that the token carries, the signer's own first.
X509StackPtr signer_first(CMS_ContentInfo* token, X509* signer) {
  X509StackPtr chain(CMS_get1_certs(token));
  if (chain == nullptr) chain.reset(sk_X509_new_null());
  X509_up_ref(signer);
  sk_X509_unshift(chain.get(), signer);
  return chain;
}

bool names_its_certificate(CMS_ContentInfo* token, CMS_SignerInfo* signer, X509* certificate) {
  const auto v1 = signed_attribute<EssCertPtr>(signer, NID_id_smime_aa_signingCertificate,
                                               d2i_ESS_SIGNING_CERT);
  const auto v2 = signed_attribute<EssCertV2Ptr>(signer, NID_id_smime_aa_signingCertificateV2,
                                                 d2i_ESS_SIGNING_CERT_V2);
  const X509StackPtr chain = signer_first(token, certificate);
  return OSSL_ESS_check_signing_certs(v1.get(), v2.get(), chain.get(), 1) > 0;
}

/// The signer's certificate, where the token has one signer and its signature fits its content.
std::optional<Certificate> checked_signer(CMS_ContentInfo* token) {
  const BioPtr content(BIO_new(BIO_s_null()));
  // What the chain is worth is decided with our own lists, behind this.
  if (CMS_verify(token, nullptr, nullptr, nullptr, content.get(),
                 CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY) != 1) {
    return std::nullopt;
  }
  STACK_OF(CMS_SignerInfo)* signers = CMS_get0_SignerInfos(token);
  if (signers == nullptr || sk_CMS_SignerInfo_num(signers) != 1) return std::nullopt;
  CMS_SignerInfo* signer = sk_CMS_SignerInfo_value(signers, 0);
  X509* certificate = nullptr;
  CMS_SignerInfo_get0_algs(signer, nullptr, &certificate, nullptr, nullptr);
  if (certificate == nullptr || !names_its_certificate(token, signer, certificate))
    return std::nullopt;
  X509_up_ref(certificate);
  return certificate_of(X509Ptr(certificate));
}

std::vector<Certificate> certificates_in(CMS_ContentInfo* token) {
  std::vector<Certificate> certificates;
  const X509StackPtr stack(CMS_get1_certs(token));
  for (int i = 0; stack != nullptr && i < sk_X509_num(stack.get()); ++i) {
    X509* certificate = sk_X509_value(stack.get(), i);
    X509_up_ref(certificate);
    certificates.push_back(certificate_of(X509Ptr(certificate)));
  }
  return certificates;
}

bool stamps_times(const Certificate& certificate) {
  constexpr uint32_t kOther = ~static_cast<uint32_t>(XKU_TIMESTAMP);
  X509* native_certificate = native(certificate);
  const uint32_t usage = X509_get_extended_key_usage(native_certificate);
  return usage != UINT32_MAX && (usage & XKU_TIMESTAMP) != 0 && (usage & kOther) == 0;
}

TimeStamp check_token(CMS_ContentInfo* token, std::span<const std::byte> message,
                      std::span<const TrustList> authorities) {
  TimeStamp stamp;
  if (OBJ_obj2nid(CMS_get0_eContentType(token)) != NID_id_smime_ct_TSTInfo) return stamp;
  ASN1_OCTET_STRING** content = CMS_get0_content(token);
  if (content == nullptr || *content == nullptr) return stamp;
  const TstInfoPtr info = decode_der<TstInfoPtr>(string_bytes(*content), d2i_TS_TST_INFO);
  std::tm time{};
  if (info == nullptr || ASN1_TIME_to_tm(TS_TST_INFO_get_time(info.get()), &time) != 1) {
    return stamp;
  }
  stamp.time_s = timegm(&time);
  stamp.verdict = TimeStampVerdict::mismatch;
  stamp.authority = checked_signer(token);
  if (!stamp.authority || !imprint_fits(info.get(), message)) return stamp;
  if (!stamps_times(*stamp.authority) || !stamp.authority->valid_at(stamp.time_s)) {
    stamp.verdict = TimeStampVerdict::outside_validity;
    return stamp;
  }
  stamp.list = find_chain(authorities, *stamp.authority, certificates_in(token), stamp.time_s,
                          ChainPurpose::stamp_times);
  stamp.verdict = stamp.list != nullptr ? TimeStampVerdict::trusted : TimeStampVerdict::untrusted;
  return stamp;
}

}  // namespace

TimeStamp check_time_stamp(std::span<const std::byte> token, std::span<const std::byte> message,
                           std::span<const TrustList> authorities) {
  TimeStamp stamp;
  if (const CmsPtr cms = token_of(token); cms != nullptr) {
    stamp = check_token(cms.get(), message, authorities);
  }
  ERR_clear_error();
  return stamp;
}

}  // namespace safelight::c2pa

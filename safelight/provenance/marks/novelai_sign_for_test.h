#pragma once

#include <memory>
#include <openssl/evp.h>
#include <string>

namespace safelight::marks {

inline std::string base64(const std::string& bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  out.resize(static_cast<size_t>(size));
  return out;
}

/// Signs settings as NovelAI does, with a key pair of the test's own.
class NovelAiSigner {
 public:
  NovelAiSigner() : key_(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), &EVP_PKEY_free) {}

  [[nodiscard]] std::string public_key() const {
    std::string bytes(32, '\0');
    size_t size = bytes.size();
    EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(bytes.data()), &size);
    return base64(bytes);
  }
  [[nodiscard]] std::string sign(const std::string& message) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          &EVP_MD_CTX_free);
    std::string bytes(64, '\0');
    size_t size = bytes.size();
    EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get());
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(bytes.data()), &size,
                   reinterpret_cast<const unsigned char*>(message.data()), message.size());
    return base64(bytes);
  }
  /// The member, signed over the pixels and what the JSON is without it.
  [[nodiscard]] std::string member(const std::string& rgb, const std::string& rest) const {
    return R"("signed_hash": ")" + sign(rgb + rest) + '"';
  }

 private:
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

/// The JSON as a text inside another's member, as NovelAI hides it in alpha.
inline std::string novelai_hidden_text(const std::string& json) {
  std::string quoted;
  for (const char c : json) quoted += std::string(c == '"' ? 1 : 0, '\\') + c;
  return R"({"Software":"NovelAI","Comment":")" + quoted + "\"}";
}

}  // namespace safelight::marks

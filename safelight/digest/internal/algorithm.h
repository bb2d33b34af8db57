#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <openssl/evp.h>
#include <span>

namespace safelight::digest_internal {

/// One digest algorithm of OpenSSL, fetched once, and its context. Every call throws Fault where
/// OpenSSL fails, which no input can cause.
class Algorithm {
 public:
  /// `name` as OpenSSL knows it; a literal.
  explicit Algorithm(const char* name);

  /// Forgets what update() has added.
  void start();
  void update(std::span<const std::byte> bytes);
  /// The digest of all bytes since start(); `out` is as long as it. More may follow.
  void digest(std::span<uint8_t> out) const;
  /// The same; then starts anew.
  void finish(std::span<uint8_t> out);

 private:
  struct FreeMethod {
    void operator()(EVP_MD* method) const { EVP_MD_free(method); }
  };
  struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

  void check(int status) const;

  const char* name_;
  std::unique_ptr<EVP_MD, FreeMethod> method_;
  Context context_;
};

}  // namespace safelight::digest_internal

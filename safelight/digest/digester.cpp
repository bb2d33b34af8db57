#include "safelight/digest/digester.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <openssl/evp.h>
#include <string>
#include <utility>

#include "safelight/base/fault.h"

namespace safelight {
namespace {

// Each piece goes through all three digests while it stands in the first or second level cache.
constexpr size_t kPieceBytes = 32 * 1024;

struct FreeMd {
  void operator()(EVP_MD* md) const { EVP_MD_free(md); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

void check(int status, const char* what) {
  if (status != 1) throw Fault(std::string("OpenSSL cannot compute ") + what);
}

/// One digest algorithm, fetched once, and its context.
class Algorithm {
 public:
  explicit Algorithm(const char* name)
      : name_(name), md_(EVP_MD_fetch(nullptr, name, nullptr)), context_(EVP_MD_CTX_new()) {
    if (!md_ || !context_) throw Fault(std::string("OpenSSL does not offer ") + name);
    start();
  }
  void start() { check(EVP_DigestInit_ex2(context_.get(), md_.get(), nullptr), name_); }
  void update(std::span<const std::byte> bytes) {
    check(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()), name_);
  }
  void finish(std::span<uint8_t> out) {
    assert(out.size() == static_cast<size_t>(EVP_MD_get_size(md_.get())));
    unsigned size = 0;
    check(EVP_DigestFinal_ex(context_.get(), out.data(), &size), name_);
    start();
  }

 private:
  const char* name_;
  std::unique_ptr<EVP_MD, FreeMd> md_;
  std::unique_ptr<EVP_MD_CTX, FreeContext> context_;
};

}  // namespace

struct Digester::Contexts {
  Algorithm md5{"MD5"};
  Algorithm sha1{"SHA1"};
  Algorithm sha256{"SHA256"};
};

Digester::Digester() : contexts_(std::make_unique<Contexts>()) {}
Digester::Digester(Digester&&) noexcept = default;
Digester& Digester::operator=(Digester&&) noexcept = default;
Digester::~Digester() = default;

void Digester::update(std::span<const std::byte> bytes) {
  size_bytes_ += bytes.size();
  while (!bytes.empty()) {
    const auto piece = bytes.first(std::min(bytes.size(), kPieceBytes));
    contexts_->md5.update(piece);
    contexts_->sha1.update(piece);
    contexts_->sha256.update(piece);
    bytes = bytes.subspan(piece.size());
  }
}

DigestSet Digester::finish() {
  DigestSet set;
  contexts_->md5.finish(set.md5.bytes);
  contexts_->sha1.finish(set.sha1.bytes);
  contexts_->sha256.finish(set.sha256.bytes);
  set.size_bytes = std::exchange(size_bytes_, 0);
  return set;
}

void Digester::reset() {
  contexts_->md5.start();
  contexts_->sha1.start();
  contexts_->sha256.start();
  size_bytes_ = 0;
}

Result<DigestSet> digest(Digester& digester, const ByteSource& source, std::span<std::byte> scratch,
                         const HeadSink& on_head) {
  assert(!scratch.empty());
  uint64_t offset_bytes = 0;
  do {
    const auto count = source.read_at(offset_bytes, scratch);
    if (!count) {
      digester.reset();
      return count.error();
    }
    const auto bytes = scratch.first(*count);
    if (offset_bytes == 0 && on_head) on_head(bytes);
    digester.update(bytes);
    offset_bytes += *count;
    if (*count < scratch.size()) break;
  } while (offset_bytes < source.size_bytes());
  return digester.finish();
}

DigestSet digest(Digester& digester, std::span<const std::byte> bytes) {
  digester.reset();
  digester.update(bytes);
  return digester.finish();
}

Sha256 sha256_of(std::span<const std::byte> bytes) {
  Sha256 value;
  unsigned size = 0;
  check(EVP_Digest(bytes.data(), bytes.size(), value.bytes.data(), &size, EVP_sha256(), nullptr),
        "SHA256");
  return value;
}

}  // namespace safelight

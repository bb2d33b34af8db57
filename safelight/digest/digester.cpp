#include "safelight/digest/digester.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "safelight/digest/internal/algorithm.h"

namespace safelight {
namespace {

// Each piece goes through all three digests while it stands in the first or second level cache.
constexpr size_t kPieceBytes = 32 * 1024;

}  // namespace

struct Digester::Contexts {
  digest_internal::Algorithm md5{"MD5"};
  digest_internal::Algorithm sha1{"SHA1"};
  digest_internal::Algorithm sha256{"SHA256"};
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

}  // namespace safelight

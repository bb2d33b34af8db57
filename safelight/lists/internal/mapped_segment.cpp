#include "safelight/lists/internal/mapped_segment.h"

#include <algorithm>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>

#include "safelight/seal/sealed_file.h"

namespace safelight::lists {

Result<MappedSegment> MappedSegment::open(const FileSource& file, const SealKey* key) {
  if (safelight::is_sealed(file)) {
    if (key == nullptr) return Error{ErrorCode::encrypted, "compiled-list.sealed"};
    SAFELIGHT_TRY(SecretBytes unsealed,
                  unseal(file, *key, std::max(1u, std::thread::hardware_concurrency())));
    return MappedSegment(std::move(unsealed));
  }
  SAFELIGHT_TRY(FileMapping mapping, FileMapping::map(file.descriptor()));
  // Advice: what is read from now on then lies in pages of 2 MiB, where the file system has such,
  // and random look-ups miss the translation caches less.
  const auto bytes = mapping.bytes();
  ::madvise(const_cast<std::byte*>(bytes.data()), bytes.size(), MADV_HUGEPAGE);
  return MappedSegment(std::move(mapping));
}

void MappedSegment::release(uint64_t offset_bytes, uint64_t length_bytes) const {
  // What was unsealed is nowhere else.
  if (is_sealed_) return;
  static const auto kPage = static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  const uint64_t first = (offset_bytes + kPage - 1) / kPage * kPage;
  const uint64_t end = (offset_bytes + length_bytes) / kPage * kPage;
  if (first >= end) return;
  ::madvise(const_cast<std::byte*>(bytes().data()) + first, end - first, MADV_DONTNEED);
}

}  // namespace safelight::lists

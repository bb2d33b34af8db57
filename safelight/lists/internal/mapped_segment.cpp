#include "safelight/lists/internal/mapped_segment.h"

#include <sys/mman.h>
#include <unistd.h>

namespace safelight::lists {

Result<MappedSegment> MappedSegment::open(const FileSource& file) {
  SAFELIGHT_TRY(FileMapping mapping, FileMapping::map(file.descriptor()));
  return MappedSegment(std::move(mapping));
}

void MappedSegment::release(uint64_t offset_bytes, uint64_t length_bytes) const {
  static const auto kPage = static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  const uint64_t first = (offset_bytes + kPage - 1) / kPage * kPage;
  const uint64_t end = (offset_bytes + length_bytes) / kPage * kPage;
  if (first >= end) return;
  ::madvise(const_cast<std::byte*>(bytes().data()) + first, end - first, MADV_DONTNEED);
}

}  // namespace safelight::lists

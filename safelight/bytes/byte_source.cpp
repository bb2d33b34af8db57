#include "safelight/bytes/byte_source.h"

#include <algorithm>

namespace safelight {

Result<size_t> MemorySource::read_at(uint64_t offset_bytes, std::span<std::byte> out) const {
  if (offset_bytes >= bytes_.size()) return size_t{0};
  const size_t count = std::min<uint64_t>(out.size(), bytes_.size() - offset_bytes);
  std::copy_n(bytes_.begin() + static_cast<ptrdiff_t>(offset_bytes), count, out.begin());
  return count;
}

SubSource::SubSource(const ByteSource& whole, uint64_t offset_bytes, uint64_t size_bytes)
    : whole_(whole),
      offset_bytes_(std::min(offset_bytes, whole.size_bytes())),
      size_bytes_(std::min(size_bytes, whole.size_bytes() - offset_bytes_)) {}

Result<size_t> SubSource::read_at(uint64_t offset_bytes, std::span<std::byte> out) const {
  if (offset_bytes >= size_bytes_) return size_t{0};
  const size_t count = std::min<uint64_t>(out.size(), size_bytes_ - offset_bytes);
  return whole_.read_at(offset_bytes_ + offset_bytes, out.first(count));
}

Result<std::vector<std::byte>> read_all(const ByteSource& source, uint64_t max_bytes,
                                        std::string_view rule) {
  if (source.size_bytes() > max_bytes) return Error{ErrorCode::limit_exceeded, rule};
  std::vector<std::byte> bytes(source.size_bytes());
  SAFELIGHT_TRY(const size_t count, source.read_at(0, bytes));
  if (count != bytes.size()) return Error{ErrorCode::changed, "source.size"};
  return bytes;
}

}  // namespace safelight

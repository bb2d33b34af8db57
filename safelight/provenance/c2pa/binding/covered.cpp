#include "safelight/provenance/c2pa/binding/covered.h"

#include <algorithm>

namespace safelight::c2pa {

std::vector<ByteRange> merged(std::vector<ByteRange> ranges, uint64_t file_bytes) {
  std::sort(ranges.begin(), ranges.end(),
            [](const ByteRange& a, const ByteRange& b) { return a.offset_bytes < b.offset_bytes; });
  std::vector<ByteRange> out;
  for (ByteRange range : ranges) {
    if (range.offset_bytes >= file_bytes) break;
    range.length_bytes = std::min(range.length_bytes, file_bytes - range.offset_bytes);
    if (range.length_bytes == 0) continue;
    if (!out.empty() && range.offset_bytes <= out.back().end_bytes()) {
      const uint64_t end = std::max(out.back().end_bytes(), range.end_bytes());
      out.back().length_bytes = end - out.back().offset_bytes;
    } else {
      out.push_back(range);
    }
  }
  return out;
}

std::vector<ByteRange> complement(const std::vector<ByteRange>& ranges, uint64_t file_bytes) {
  std::vector<ByteRange> out;
  uint64_t at = 0;
  for (const ByteRange& range : ranges) {
    if (range.offset_bytes > at) out.push_back({at, range.offset_bytes - at});
    at = range.end_bytes();
  }
  if (at < file_bytes) out.push_back({at, file_bytes - at});
  return out;
}

}  // namespace safelight::c2pa

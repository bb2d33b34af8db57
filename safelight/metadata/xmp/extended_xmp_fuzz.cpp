#include <cstdint>

#include "safelight/metadata/promises_for_test.h"
#include "safelight/metadata/xmp/extended_xmp.h"

using namespace safelight::metadata;

/// Any bytes, cut into segments of 48: packets hold no more than the segments did.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto file = std::as_bytes(std::span(data, size));
  std::vector<ByteRange> segments;
  for (size_t at = 0; at < size; at += 48) {
    segments.push_back({at, std::min<uint64_t>(48, size - at)});
  }
  const auto out = join_extended_xmp(file, segments, {});
  promise(out.packets.size() + out.damage.size() <= segments.size());
  size_t joined = 0;
  for (const ExtendedXmp& packet : out.packets) joined += packet.bytes.size();
  promise(joined <= size);
  return 0;
}

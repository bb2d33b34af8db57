/// A picture of a shape and samples that the input chooses has one fingerprint, whatever the level
/// and however its rows arrive; every shape that is refused is refused by name.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "safelight/pdq/full.h"
#include "safelight/pdq/internal/oracle.h"
#include "safelight/pdq/internal/test_pictures.h"
#include "safelight/pdq/reference.h"

namespace {

using namespace safelight;
using namespace safelight::pdq;

constexpr size_t kHeaderBytes = 6;
constexpr uint32_t kMaxSide = 300;

void require(bool condition) {
  if (!condition) std::abort();
}

void require_sound(const OrientationHashes& hashes, PdqMode mode) {
  for (const PdqHash& hash : hashes) {
    require(hash.quality <= 100 && hash.quality == hashes.front().quality && hash.mode == mode);
    int bits = 0;
    for (const uint64_t word : hash.fingerprint.words) bits += std::popcount(word);
    require(bits <= 128);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < kHeaderBytes) return 0;
  Picture picture;
  picture.shape.width = (data[0] | uint32_t{data[1]} << 8) % kMaxSide;
  picture.shape.height = (data[2] | uint32_t{data[3]} << 8) % kMaxSide;
  picture.shape.channels = data[4] % 2 == 0 ? 3 : 1;
  const uint32_t piece = 1 + data[5];
  picture.samples.resize(picture.shape.height * picture.shape.row_bytes());
  for (size_t i = 0; i < picture.samples.size(); ++i) {
    // The bytes again and again, with a drift, so that a short input still makes a busy picture.
    const size_t at = kHeaderBytes + (size > kHeaderBytes ? i % (size - kHeaderBytes) : 0);
    picture.samples[i] = static_cast<uint8_t>((at < size ? data[at] : 0) + i / 977);
  }

  const bool hashable =
      picture.shape.width >= kMinSidePixels && picture.shape.height >= kMinSidePixels;
  OrientationHashes reference{};
  OrientationHashes full{};
  if (hashable) {
    reference = internal::oracle::hash_all_orientations(internal::oracle::luma_reference(picture),
                                                        picture.shape.width, picture.shape.height,
                                                        PdqMode::reference);
    full = internal::oracle::hash_all_orientations(internal::oracle::luma_full(picture),
                                                   picture.shape.width, picture.shape.height,
                                                   PdqMode::full);
    require_sound(reference, PdqMode::reference);
    require_sound(full, PdqMode::full);
  }
  for (const SimdLevel level : internal::testable_levels()) {
    const auto by_reference = ReferenceHasher(level).hash_all_orientations(picture);
    FullHasher hasher(level);
    hasher.begin(picture.shape);
    const size_t row_bytes = picture.shape.row_bytes();
    for (uint32_t y = 0; y < picture.shape.height; y += piece) {
      const uint32_t count = std::min(piece, picture.shape.height - y);
      hasher.rows(y, std::span(picture.samples).subspan(y * row_bytes, count * row_bytes));
    }
    const auto by_full = hasher.finish();
    require(by_reference.has_value() == hashable && by_full.has_value() == hashable);
    if (hashable) {
      require(*by_reference == reference && *by_full == full);
    } else {
      require(by_reference.error() == Error{ErrorCode::unsupported, "pdq.side-under-5"});
      require(by_full.error() == by_reference.error());
    }
  }
  return 0;
}

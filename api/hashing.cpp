#include <algorithm>
#include <memory>
#include <span>
#include <string_view>

#include "api/fingerprints.h"
#include "api/safelight.h"
#include "api/status.h"

#include "safelight/base/checked.h"
#include "safelight/base/limits.h"
#include "safelight/base/simd.h"
#include "safelight/codec/decode.h"
#include "safelight/codec/format.h"
#include "safelight/codec/picture_output.h"
#include "safelight/codec/still/jpeg/jpeg.h"
#include "safelight/codec/still/png/png.h"
#include "safelight/codec/still/webp/webp.h"
#include "safelight/pdq/full.h"
#include "safelight/pdq/reference.h"
#include "safelight/picture/nearest.h"

using namespace safelight;
using namespace safelight::api;

struct sl_hasher {
  explicit sl_hasher(SimdLevel level) : reference(level), full(level) {}

  pdq::ReferenceHasher reference;
  pdq::FullHasher full;
  NearestSink nearest;
};

namespace {

/// The rule that a call about pixels breaks, or nothing.
std::string_view breach_of(const sl_pixels& pixels) {
  if (pixels.samples == nullptr) return kNullArgument;
  const auto row_bytes = checked_mul(size_t{pixels.width}, size_t{pixels.channels});
  if (!row_bytes || pixels.stride_bytes < *row_bytes ||
      !checked_mul(pixels.stride_bytes, size_t{pixels.height})) {
    return "pixels.stride";
  }
  return {};
}

void hand_over(const sl_pixels& pixels, RowSink& sink) {
  const PictureShape shape = {pixels.width, pixels.height, pixels.channels};
  sink.begin(shape);
  if (pixels.stride_bytes == shape.row_bytes()) {
    sink.rows(0, std::span(pixels.samples, shape.row_bytes() * pixels.height));
    return;
  }
  for (uint32_t y = 0; y < pixels.height; ++y) {
    sink.rows(y, std::span(pixels.samples + y * pixels.stride_bytes, shape.row_bytes()));
  }
}

/// What both finders of fingerprints refuse, told before the rows are read.
Result<void> check_shape(const sl_pixels& pixels) {
  if (pixels.channels != 1 && pixels.channels != 3) {
    return Error{ErrorCode::unsupported, "pdq.channels"};
  }
  if (std::min(pixels.width, pixels.height) < pdq::kMinSidePixels) {
    return Error{ErrorCode::unsupported, "pdq.side-under-5"};
  }
  Result<void> size = codec::check_size(pixels.width, pixels.height, Limits{}, 0);
  if (size) return size;
  // There is no file, and so no place in it.
  return Error{size.error().code, size.error().rule};
}

Result<PdqHash> hash_one(sl_hasher& hasher, const sl_pixels& pixels, PdqMode mode) {
  SAFELIGHT_CHECK(check_shape(pixels));
  if (mode == PdqMode::reference) {
    hand_over(pixels, hasher.nearest);
    return hasher.reference.hash(hasher.nearest.picture());
  }
  hand_over(pixels, hasher.full);
  return hasher.full.finish_original();
}

Result<pdq::OrientationHashes> hash_all(sl_hasher& hasher, const sl_pixels& pixels, PdqMode mode) {
  SAFELIGHT_CHECK(check_shape(pixels));
  if (mode == PdqMode::reference) {
    hand_over(pixels, hasher.nearest);
    return hasher.reference.hash_all_orientations(hasher.nearest.picture());
  }
  hand_over(pixels, hasher.full);
  return hasher.full.finish();
}

Result<codec::Decoded> decode(std::span<const std::byte> file,
                              const codec::DecodeRequest& request) {
  switch (codec::sniff(file.first(std::min(file.size(), codec::kSniffBytes)))) {
    case codec::Format::jpeg:
      return codec::decode_jpeg(file, request);
    case codec::Format::png:
      return codec::decode_png(file, std::nullopt, request);
    case codec::Format::webp:
      return codec::decode_webp(file, std::nullopt, request);
    default:
      return Error{ErrorCode::unsupported, "bytes.format"};
  }
}

/// All orientations, of which the first is what lists hold: the path for a single hash makes that,
/// which differs for a picture of exactly 64 x 64 pixels.
Result<pdq::OrientationHashes> listed_hashes(sl_hasher& hasher, const codec::Decoded& decoded,
                                             PdqMode mode) {
  const bool single_differs = decoded.shape.width == 64 && decoded.shape.height == 64;
  if (mode == PdqMode::reference) {
    SAFELIGHT_TRY(pdq::OrientationHashes hashes,
                  hasher.reference.hash_all_orientations(decoded.nearest));
    if (single_differs) {
      SAFELIGHT_TRY(hashes.front(), hasher.reference.hash(decoded.nearest));
    }
    return hashes;
  }
  SAFELIGHT_TRY(pdq::OrientationHashes hashes, hasher.full.finish());
  if (single_differs) {
    SAFELIGHT_TRY(hashes.front(), hasher.full.finish_original());
  }
  return hashes;
}

Result<sl_picture> hash_file(sl_hasher& hasher, std::span<const std::byte> file, PdqMode mode,
                             const Limits& limits) {
  codec::DecodeRequest request;
  request.limits = limits;
  request.nearest = mode == PdqMode::reference;
  if (mode == PdqMode::full) request.rows = &hasher.full;
  SAFELIGHT_TRY(const codec::Decoded decoded, decode(file, request));
  SAFELIGHT_TRY(const pdq::OrientationHashes hashes, listed_hashes(hasher, decoded, mode));
  sl_picture picture{};
  picture.width = decoded.shape.width;
  picture.height = decoded.shape.height;
  std::transform(hashes.begin(), hashes.end(), picture.hashes,
                 [](const PdqHash& hash) { return to_c(hash); });
  if (decoded.incomplete) describe(*decoded.incomplete, picture.incomplete);
  return picture;
}

}  // namespace

extern "C" {

sl_status sl_fingerprint_to_hex(const sl_fingerprint* fingerprint, char* hex, sl_error* error) {
  if (fingerprint == nullptr || hex == nullptr) return refuse(error, kNullArgument);
  return guarded(error, [&]() -> Result<void> {
    const std::string text = to_hex(from_c(*fingerprint));
    std::copy(text.begin(), text.end(), hex);
    hex[text.size()] = '\0';
    return {};
  });
}

sl_status sl_fingerprint_from_hex(const char* hex, size_t length, sl_fingerprint* fingerprint,
                                  sl_error* error) {
  if (hex == nullptr || fingerprint == nullptr) return refuse(error, kNullArgument);
  return guarded(error, [&]() -> Result<void> {
    SAFELIGHT_TRY(const Fingerprint parsed, parse_fingerprint({hex, length}));
    *fingerprint = to_c(parsed);
    return {};
  });
}

sl_status sl_distance(const sl_fingerprint* a, const sl_fingerprint* b, uint32_t* distance_bits,
                      sl_error* error) {
  if (a == nullptr || b == nullptr || distance_bits == nullptr) {
    return refuse(error, kNullArgument);
  }
  *distance_bits = hamming_distance(from_c(*a), from_c(*b));
  return succeed(error);
}

sl_status sl_hasher_create(sl_hasher** hasher, sl_error* error) {
  if (hasher == nullptr) return refuse(error, kNullArgument);
  return guarded(error, [&]() -> Result<void> {
    *hasher = std::make_unique<sl_hasher>(detect_simd_level()).release();
    return {};
  });
}

void sl_hasher_free(sl_hasher* hasher) { delete hasher; }

sl_status sl_hash_pixels(sl_hasher* hasher, const sl_pixels* pixels, int32_t mode, sl_hash* hash,
                         sl_error* error) {
  if (hasher == nullptr || pixels == nullptr || hash == nullptr) {
    return refuse(error, kNullArgument);
  }
  const auto known_mode = mode_from_c(mode);
  if (!known_mode) return refuse(error, kUnknownMode);
  if (const auto rule = breach_of(*pixels); !rule.empty()) return refuse(error, rule);
  return guarded(error, [&]() -> Result<void> {
    SAFELIGHT_TRY(const PdqHash made, hash_one(*hasher, *pixels, *known_mode));
    *hash = to_c(made);
    return {};
  });
}

sl_status sl_hash_pixels_all(sl_hasher* hasher, const sl_pixels* pixels, int32_t mode,
                             sl_hash* hashes, sl_error* error) {
  if (hasher == nullptr || pixels == nullptr || hashes == nullptr) {
    return refuse(error, kNullArgument);
  }
  const auto known_mode = mode_from_c(mode);
  if (!known_mode) return refuse(error, kUnknownMode);
  if (const auto rule = breach_of(*pixels); !rule.empty()) return refuse(error, rule);
  return guarded(error, [&]() -> Result<void> {
    SAFELIGHT_TRY(const pdq::OrientationHashes made, hash_all(*hasher, *pixels, *known_mode));
    std::transform(made.begin(), made.end(), hashes,
                   [](const PdqHash& hash) { return to_c(hash); });
    return {};
  });
}

sl_status sl_hash_bytes(sl_hasher* hasher, const void* bytes, size_t size, int32_t mode,
                        const sl_limits* limits, sl_picture* picture, sl_error* error) {
  if (hasher == nullptr || picture == nullptr || (bytes == nullptr && size != 0)) {
    return refuse(error, kNullArgument);
  }
  const auto known_mode = mode_from_c(mode);
  if (!known_mode) return refuse(error, kUnknownMode);
  Limits decode_limits;
  if (limits != nullptr) {
    if (limits->struct_size != sizeof(sl_limits)) return refuse(error, kOptionsSize);
    decode_limits.max_pixels = limits->max_pixels;
    decode_limits.max_decode_memory_bytes = limits->max_memory_bytes;
  }
  return guarded(error, [&]() -> Result<void> {
    const std::span file(static_cast<const std::byte*>(bytes), size);
    SAFELIGHT_TRY(*picture, hash_file(*hasher, file, *known_mode, decode_limits));
    return {};
  });
}

}  // extern "C"

#include "safelight/provenance/watermark/stealth.h"

#include <algorithm>
#include <string_view>
#include <zlib.h>

#include "safelight/base/byte_reader.h"

namespace safelight::provenance {
namespace {

using namespace std::string_view_literals;

struct Names {
  std::string_view plain;
  std::string_view compressed;
};
constexpr std::array<Names, 2> kNames = {
    {{"stealth_pnginfo"sv, "stealth_pngcomp"sv}, {"stealth_rgbinfo"sv, "stealth_rgbcomp"sv}}};
constexpr uint64_t kNameBytes = 15;
constexpr uint64_t kHeaderBytes = kNameBytes + 4;

bool name_bit(std::string_view name, uint64_t index) {
  return (static_cast<uint8_t>(name[index / 8]) >> (7 - index % 8) & 1) != 0;
}

/// Expands one gzip member; what follows it is ignored, as the readers of generators do.
Result<std::vector<std::byte>> gunzip(std::span<const std::byte> packed, uint64_t max_bytes) {
  z_stream stream{};
  constexpr int kGzipOnly = 16 + MAX_WBITS;
  if (inflateInit2(&stream, kGzipOnly) != Z_OK) {
    return Error::at(ErrorCode::limit_exceeded, "stealth.memory", kHeaderBytes);
  }
  // zlib does not write to its input.
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  std::vector<std::byte> out;
  std::vector<std::byte> piece(64 << 10);
  int status = Z_OK;
  while (status == Z_OK && out.size() <= max_bytes) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    status = inflate(&stream, Z_NO_FLUSH);
    out.insert(out.end(), piece.begin(), piece.end() - stream.avail_out);
  }
  const uint64_t consumed = kHeaderBytes + (packed.size() - stream.avail_in);
  inflateEnd(&stream);
  if (out.size() > max_bytes) {
    return Error::near(ErrorCode::limit_exceeded, "max_expanded_bytes", consumed);
  }
  if (status != Z_STREAM_END) return Error::near(ErrorCode::malformed, "stealth.gzip", consumed);
  return out;
}

/// The bits of a plane in the order in which a text uses them.
class BitWalk {
 public:
  BitWalk(std::span<const uint64_t> bits, uint32_t columns, uint32_t rows, uint32_t samples)
      : bits_(bits), columns_(columns), rows_(rows), samples_(samples) {}

  [[nodiscard]] uint64_t size() const { return uint64_t{columns_} * rows_ * samples_; }

  [[nodiscard]] bool at(uint64_t index) const {
    const uint64_t pixel = index / samples_;
    const uint64_t stored =
        (pixel % rows_ * columns_ + pixel / rows_) * samples_ + index % samples_;
    return (bits_[stored / 64] >> (stored % 64) & 1) != 0;
  }

  /// Errors: truncated, "stealth.pixels".
  [[nodiscard]] Result<std::vector<std::byte>> bytes(uint64_t first_byte, uint64_t count) const {
    if (first_byte + count > size() / 8) {
      return Error::at(ErrorCode::truncated, "stealth.pixels", size() / 8);
    }
    std::vector<std::byte> out(count);
    for (uint64_t i = 0; i < count * 8; ++i) {
      if (at(first_byte * 8 + i)) out[i / 8] |= std::byte{0x80} >> (i % 8);
    }
    return out;
  }

 private:
  std::span<const uint64_t> bits_;
  uint32_t columns_;
  uint32_t rows_;
  uint32_t samples_;
};

}  // namespace

StealthReader::StealthReader(uint32_t width, uint32_t height, StealthPixels pixels,
                             const StealthLimits& limits)
    : width_(width), height_(height), samples_(static_cast<uint32_t>(pixels)), limits_(limits) {
  if (width == 0 || height == 0) return;
  planes_[static_cast<size_t>(StealthCarrier::rgb)] = {0, 3, 0, {}};
  if (pixels == StealthPixels::rgba) {
    planes_[static_cast<size_t>(StealthCarrier::alpha)] = {3, 1, 0, {}};
  }
  for (Plane& plane : planes_) {
    if (plane.samples == 0) continue;
    // One byte more than the longest text, so that a longer one is seen to be longer.
    const uint64_t needed_bits = (kHeaderBytes + limits.max_stored_bytes + 1) * 8;
    const uint64_t column_bits = uint64_t{height} * plane.samples;
    plane.columns = static_cast<uint32_t>(
        std::min<uint64_t>(width, (needed_bits + column_bits - 1) / column_bits));
  }
}

void StealthReader::rows(std::span<const uint8_t> samples) {
  const size_t row_bytes = size_t{width_} * samples_;
  while (samples.size() >= row_bytes && row_bytes > 0 && rows_seen_ < height_) {
    ++rows_seen_;
    for (size_t i = 0; i < planes_.size(); ++i) {
      Plane& plane = planes_[i];
      if (plane.samples == 0) continue;
      add_row(plane, samples.first(row_bytes));
      if (!may_begin_name(plane, static_cast<StealthCarrier>(i))) plane = {};
    }
    samples = samples.subspan(row_bytes);
  }
}

void StealthReader::add_row(Plane& plane, std::span<const uint8_t> row) const {
  const uint64_t row_bits = uint64_t{plane.columns} * plane.samples;
  uint64_t stored = (rows_seen_ - 1) * row_bits;
  plane.bits.resize((stored + row_bits + 63) / 64);
  for (size_t x = 0; x < plane.columns; ++x) {
    for (size_t s = 0; s < plane.samples; ++s, ++stored) {
      const uint64_t bit = row[x * samples_ + plane.first_sample + s] & 1u;
      plane.bits[stored / 64] |= bit << (stored % 64);
    }
  }
}

bool StealthReader::may_begin_name(const Plane& plane, StealthCarrier carrier) const {
  // Of the first column, the part that the last row added.
  const uint64_t first = uint64_t{rows_seen_ - 1} * plane.samples;
  const uint64_t row = first * plane.columns;
  const Names& names = kNames[static_cast<size_t>(carrier)];
  for (uint64_t s = 0; s < plane.samples && first + s < kNameBytes * 8; ++s) {
    const bool bit = (plane.bits[(row + s) / 64] >> ((row + s) % 64) & 1) != 0;
    if (bit != name_bit(names.plain, first + s) && bit != name_bit(names.compressed, first + s)) {
      return false;
    }
  }
  return true;
}

bool StealthReader::may_hold_text() const {
  return std::any_of(planes_.begin(), planes_.end(),
                     [](const Plane& plane) { return plane.samples != 0; });
}

Result<std::optional<StealthText>> StealthReader::finish() const {
  for (size_t i = 0; i < planes_.size(); ++i) {
    if (planes_[i].samples == 0) continue;
    if (rows_seen_ < height_) {
      if (uint64_t{rows_seen_} * planes_[i].samples < kNameBytes * 8) continue;
      return Error::at(ErrorCode::truncated, "stealth.pixels", kNameBytes);
    }
    SAFELIGHT_TRY(auto text, read(planes_[i], static_cast<StealthCarrier>(i)));
    if (text) return text;
  }
  return std::optional<StealthText>();
}

Result<std::optional<StealthText>> StealthReader::read(const Plane& plane,
                                                       StealthCarrier carrier) const {
  const BitWalk walk(plane.bits, plane.columns, height_, plane.samples);
  const auto name_bytes = walk.bytes(0, kNameBytes);
  if (!name_bytes) return std::optional<StealthText>();  // Too few pixels for a name.
  const std::string_view name(reinterpret_cast<const char*>(name_bytes->data()), kNameBytes);
  const Names& names = kNames[static_cast<size_t>(carrier)];
  if (name != names.plain && name != names.compressed) return std::optional<StealthText>();

  SAFELIGHT_TRY(const auto length_bytes, walk.bytes(kNameBytes, 4));
  ByteReader length_reader(length_bytes, kNameBytes);
  SAFELIGHT_TRY(const uint32_t length_bits, length_reader.u32_be());
  if (length_bits % 8 != 0) {
    return Error::at(ErrorCode::malformed, "stealth.length", kNameBytes);
  }
  if (length_bits / 8 > limits_.max_stored_bytes) {
    return Error::at(ErrorCode::limit_exceeded, "max_stored_bytes", kNameBytes);
  }
  SAFELIGHT_TRY(auto stored, walk.bytes(kHeaderBytes, length_bits / 8));
  StealthText text;
  text.carrier = carrier;
  text.compressed = name == names.compressed;
  if (text.compressed) {
    SAFELIGHT_TRY(text.text, gunzip(stored, limits_.max_expanded_bytes));
  } else {
    text.text = std::move(stored);
  }
  return std::optional(std::move(text));
}

}  // namespace safelight::provenance

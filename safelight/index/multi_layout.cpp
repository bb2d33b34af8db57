#include "safelight/index/internal/multi_layout.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <numeric>
#include <string_view>

#include "safelight/base/byte_reader.h"
#include "safelight/base/byte_writer.h"

namespace safelight::index_internal {
namespace {

constexpr std::string_view kMagic = "SLMULTI\n";
constexpr size_t kSumOffset = 40;
constexpr size_t kMaxHeaderBytes = kMultiHeadBytes + MultiPlan::kMaxParts * kMultiPartBytes;

uint64_t round_up(uint64_t bytes) {
  constexpr uint64_t kMask = kMultiSectionAlignmentBytes - 1;
  return (bytes + kMask) & ~kMask;
}

/// The bits of a fingerprint from low to high frequency, by the diagonals of the transform.
std::array<uint32_t, 256> bits_by_frequency() {
  std::array<uint32_t, 256> bits{};
  size_t next = 0;
  for (uint32_t diagonal = 0; diagonal <= 30; ++diagonal) {
    for (uint32_t row = 0; row < 16; ++row) {
      if (row <= diagonal && diagonal - row < 16) bits[next++] = 16 * row + diagonal - row;
    }
  }
  return bits;
}

/// Gives each part its bits so that, at any frequency, every part has the same share of its own.
void deal_bits(std::vector<PartLayout>& parts) {
  std::vector<uint32_t> wanted;
  for (const PartLayout& part : parts) wanted.push_back(part.plan.bits);
  // What no part has is dealt as if to one more.
  wanted.push_back(256 - std::accumulate(wanted.begin(), wanted.end(), 0u));
  std::vector<uint32_t> left = wanted;
  for (const uint32_t bit : bits_by_frequency()) {
    size_t to = 0;
    for (size_t i = 1; i < left.size(); ++i) {
      // left[i] / wanted[i] > left[to] / wanted[to]
      if (left[i] * wanted[to] > left[to] * wanted[i]) to = i;
    }
    --left[to];
    if (to < parts.size()) parts[to].mask[bit / 64] |= uint64_t{1} << (bit % 64);
  }
}

void place_sections(MultiLayout& layout) {
  layout.low_offset = round_up(kMultiHeadBytes + layout.parts.size() * kMultiPartBytes);
  layout.high_offset = layout.low_offset + round_up(layout.rows * kMultiHalfBytes);
  uint64_t offset = layout.high_offset + round_up(layout.rows * kMultiHalfBytes);
  for (PartLayout& part : layout.parts) {
    part.directory_offset = offset;
    part.entries_offset = offset + round_up((part.blocks() + 1) * sizeof(uint32_t));
    offset = part.entries_offset + round_up(layout.rows * kMultiEntryBytes);
  }
  layout.length_bytes = offset;
  layout.row_bits = 32 - tag_bits_for(layout.rows);
}

/// FNV-1a over the header, the place of the sum counting as zero.
uint64_t header_sum(std::span<const std::byte> header) {
  uint64_t sum = 0xcbf2'9ce4'8422'2325;
  for (size_t i = 0; i < header.size(); ++i) {
    const bool own = i >= kSumOffset && i < kSumOffset + sizeof sum;
    sum = (sum ^ (own ? 0 : std::to_integer<uint64_t>(header[i]))) * 0x100'0000'01b3;
  }
  return sum;
}

bool is_zero(std::span<const std::byte> bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0}; });
}

Result<PartLayout> read_part(ByteReader& in, uint64_t rows) {
  PartLayout part;
  const Error bad = in.error(ErrorCode::malformed, "multi_index.part");
  uint32_t bits = 0;
  for (uint64_t& word : part.mask) {
    SAFELIGHT_TRY(word, in.u64_le());
    bits += static_cast<uint32_t>(std::popcount(word));
  }
  SAFELIGHT_TRY(part.plan.bits, in.u8());
  SAFELIGHT_TRY(part.plan.block_bits, in.u8());
  SAFELIGHT_TRY(part.plan.threshold, in.u8());
  SAFELIGHT_TRY(const auto padding, in.bytes(5));
  const PartPlan& plan = part.plan;
  if (plan.bits != bits || bits == 0 || bits > MultiPlan::kMaxPartBits || plan.block_bits > bits ||
      plan.block_bits > MultiPlan::kMaxBlockBits || bits - plan.block_bits > tag_bits_for(rows) ||
      plan.threshold > std::min(bits, MultiPlan::kMaxThreshold) || !is_zero(padding)) {
    return bad;
  }
  return part;
}

Result<void> check_directory_ends(const MultiLayout& layout, std::span<const std::byte> bytes,
                                  const BlockCheck* check) {
  for (const PartLayout& part : layout.parts) {
    const uint64_t ends[] = {part.directory_offset,
                             part.directory_offset + part.blocks() * sizeof(uint32_t)};
    const uint64_t wanted[] = {0, layout.rows};
    for (size_t i = 0; i < 2; ++i) {
      const auto end = bytes.subspan(ends[i], sizeof(uint32_t));
      if (check != nullptr) SAFELIGHT_CHECK(check->check(end));
      SAFELIGHT_TRY(const uint32_t value, ByteReader(end).u32_le());
      if (value == wanted[i]) continue;
      return Error::at(ErrorCode::malformed, "multi_index.directory", ends[i]);
    }
  }
  return {};
}

}  // namespace

MultiLayout make_multi_layout(uint64_t rows, uint32_t radius_bits, const MultiPlan& plan) {
  MultiLayout layout;
  layout.rows = rows;
  layout.radius_bits = radius_bits;
  for (const PartPlan& part : plan.parts) layout.parts.push_back({part, {}, 0, 0});
  if (!layout.parts.empty()) deal_bits(layout.parts);
  place_sections(layout);
  return layout;
}

void write_multi_header(const MultiLayout& layout, std::span<std::byte> out) {
  ByteWriter header;
  header.text(kMagic);
  header.u32_le(kMultiVersion);
  header.u32_le(static_cast<uint32_t>(layout.parts.size()));
  header.u64_le(layout.rows);
  header.u64_le(layout.length_bytes);
  header.u32_le(layout.radius_bits);
  const std::array<std::byte, 64> zeros{};
  header.bytes(std::span(zeros).first(kMultiHeadBytes - header.view().size()));
  for (const PartLayout& part : layout.parts) {
    for (const uint64_t word : part.mask) header.u64_le(word);
    header.u8(static_cast<uint8_t>(part.plan.bits));
    header.u8(static_cast<uint8_t>(part.plan.block_bits));
    header.u8(static_cast<uint8_t>(part.plan.threshold));
    header.bytes(std::span(zeros).first(5));
  }
  header.bytes(std::span(zeros).first(layout.low_offset - header.view().size()));
  std::copy(header.view().begin(), header.view().end(), out.begin());
  ByteWriter sum;
  sum.u64_le(header_sum(header.view()));
  std::copy(sum.view().begin(), sum.view().end(), out.begin() + kSumOffset);
}

Result<MultiLayout> read_multi_layout(std::span<const std::byte> bytes, const BlockCheck* check) {
  if (check != nullptr) {
    SAFELIGHT_CHECK(check->check(bytes.first(std::min(bytes.size(), kMaxHeaderBytes))));
  }
  ByteReader in(bytes);
  MultiLayout layout;
  const auto magic = in.text(kMagic.size());
  if (!magic) return Error::at(ErrorCode::truncated, "multi_index.length", bytes.size());
  if (*magic != kMagic) return Error::at(ErrorCode::malformed, "multi_index.magic", 0);
  if (bytes.size() < kMultiHeadBytes) {
    return Error::at(ErrorCode::truncated, "multi_index.length", bytes.size());
  }
  const Error newer = in.error(ErrorCode::unsupported, "multi_index.version");
  SAFELIGHT_TRY(const uint32_t version, in.u32_le());
  if (version != kMultiVersion) return newer;
  const Error too_many = in.error(ErrorCode::limit_exceeded, "multi_index.parts");
  SAFELIGHT_TRY(const uint32_t parts, in.u32_le());
  if (parts > MultiPlan::kMaxParts) return too_many;
  const uint64_t header_bytes = round_up(kMultiHeadBytes + parts * kMultiPartBytes);
  if (bytes.size() < header_bytes) {
    return Error::at(ErrorCode::truncated, "multi_index.length", bytes.size());
  }
  const auto header = bytes.first(header_bytes);
  SAFELIGHT_TRY(const uint64_t sum, ByteReader(header.subspan(kSumOffset)).u64_le());
  if (sum != header_sum(header)) {
    return Error::at(ErrorCode::integrity_mismatch, "multi_index.header-sum", kSumOffset);
  }
  const Error rows_error = in.error(ErrorCode::limit_exceeded, "multi_index.rows");
  SAFELIGHT_TRY(layout.rows, in.u64_le());
  if (layout.rows > 0xffff'ffff) return rows_error;
  SAFELIGHT_TRY(const uint64_t length, in.u64_le());
  const Error radius_error = in.error(ErrorCode::malformed, "multi_index.radius");
  SAFELIGHT_TRY(layout.radius_bits, in.u32_le());
  if (layout.radius_bits > MultiPlan::kMaxRadiusBits) return radius_error;
  if (!is_zero(header.subspan(36, kSumOffset - 36)) ||
      !is_zero(header.subspan(48, kMultiHeadBytes - 48))) {
    return Error::at(ErrorCode::malformed, "multi_index.padding", 36);
  }
  SAFELIGHT_CHECK(in.seek(kMultiHeadBytes));
  BitMask covered{};
  uint32_t turns = 0;
  for (uint32_t i = 0; i < parts; ++i) {
    const Error overlaps = in.error(ErrorCode::malformed, "multi_index.masks");
    SAFELIGHT_TRY(PartLayout part, read_part(in, layout.rows));
    for (size_t word = 0; word < covered.size(); ++word) {
      if ((covered[word] & part.mask[word]) != 0) return overlaps;
      covered[word] |= part.mask[word];
    }
    turns += part.plan.threshold + 1;
    layout.parts.push_back(part);
  }
  // Without rows there is nothing to find, and no part is needed.
  if ((layout.rows != 0 || parts != 0) && turns != layout.radius_bits + 1) {
    return in.error(ErrorCode::malformed, "multi_index.thresholds");
  }
  if (!is_zero(header.subspan(in.position()))) {
    return in.error(ErrorCode::malformed, "multi_index.padding");
  }
  place_sections(layout);
  if (length != layout.length_bytes) {
    return Error::at(ErrorCode::malformed, "multi_index.length", 24);
  }
  if (bytes.size() < length) {
    return Error::at(ErrorCode::truncated, "multi_index.length", bytes.size());
  }
  if (bytes.size() > length) return Error::at(ErrorCode::malformed, "multi_index.length", length);
  SAFELIGHT_CHECK(check_directory_ends(layout, bytes, check));
  return layout;
}

}  // namespace safelight::index_internal

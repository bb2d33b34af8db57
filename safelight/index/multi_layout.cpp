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
constexpr size_t kPaddingOffset = kSumOffset + sizeof(uint64_t);
constexpr size_t kMaxHeaderBytes = kMultiHeadBytes + MultiPlan::kMaxParts * kMultiPartBytes;

uint32_t most_check_bits(const MultiLayout& layout) {
  return std::min(32u, 8 * layout.entry_bytes - row_bits_for(layout.rows));
}

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

/// Chooses, of the bits of the next part, as many as an entry has room for, at all frequencies.
void choose_checks(MultiLayout& layout) {
  // Behind a single part comes itself, of which nothing more can be said.
  if (layout.parts.size() < 2) return;
  for (size_t i = 0; i < layout.parts.size(); ++i) {
    const PartLayout& next = layout.parts[layout.after(i)];
    const uint32_t wanted = std::min(next.plan.bits, most_check_bits(layout));
    uint32_t seen = 0;
    for (const uint32_t bit : bits_by_frequency()) {
      const uint64_t one = uint64_t{1} << (bit % 64);
      if ((next.mask[bit / 64] & one) == 0) continue;
      // Where the share of those seen reaches another whole number.
      if ((seen + 1) * wanted / next.plan.bits != seen * wanted / next.plan.bits) {
        layout.parts[i].check_mask[bit / 64] |= one;
      }
      ++seen;
    }
  }
}

void place_sections(MultiLayout& layout) {
  layout.low_offset = round_up(kMultiHeadBytes + layout.parts.size() * kMultiPartBytes);
  layout.high_offset = layout.low_offset + round_up(layout.rows * kMultiHalfBytes);
  uint64_t offset = layout.high_offset + round_up(layout.rows * kMultiHalfBytes);
  for (PartLayout& part : layout.parts) {
    part.directory_offset = offset;
    part.entries_offset = offset + round_up((part.keys() + 1) * sizeof(uint32_t));
    offset = part.entries_offset +
             round_up(layout.rows * layout.entry_bytes + kMultiEntryReach - layout.entry_bytes);
    part.end_offset = offset;
  }
  layout.length_bytes = offset;
  layout.row_bits = row_bits_for(layout.rows);
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

Result<uint32_t> read_mask(ByteReader& in, BitMask& mask) {
  uint32_t bits = 0;
  for (uint64_t& word : mask) {
    SAFELIGHT_TRY(word, in.u64_le());
    bits += static_cast<uint32_t>(std::popcount(word));
  }
  return bits;
}

Result<PartLayout> read_part(ByteReader& in, const MultiLayout& layout) {
  PartLayout part;
  const Error bad = in.error(ErrorCode::malformed, "multi_index.part");
  SAFELIGHT_TRY(const uint32_t bits, read_mask(in, part.mask));
  SAFELIGHT_TRY(const uint32_t check_bits, read_mask(in, part.check_mask));
  SAFELIGHT_TRY(part.plan.bits, in.u8());
  SAFELIGHT_TRY(part.plan.threshold, in.u8());
  SAFELIGHT_TRY(const auto padding, in.bytes(6));
  const PartPlan& plan = part.plan;
  if (plan.bits != bits || bits == 0 || bits > MultiPlan::kMaxPartBits ||
      check_bits > most_check_bits(layout) ||
      plan.threshold > std::min(bits, MultiPlan::kMaxThreshold) || !is_zero(padding)) {
    return bad;
  }
  return part;
}

/// A search relies on it that the checks are of the next part, and of none where that is the same.
Result<void> check_checks(const MultiLayout& layout) {
  for (size_t i = 0; i < layout.parts.size(); ++i) {
    const BitMask& next = layout.parts[layout.after(i)].mask;
    for (size_t word = 0; word < next.size(); ++word) {
      const uint64_t allowed = layout.parts.size() < 2 ? 0 : next[word];
      if ((layout.parts[i].check_mask[word] & ~allowed) == 0) continue;
      return Error::at(ErrorCode::malformed, "multi_index.check",
                       kMultiHeadBytes + i * kMultiPartBytes);
    }
  }
  return {};
}

Result<void> check_directory_ends(const MultiLayout& layout, std::span<const std::byte> bytes,
                                  const BlockCheck* check) {
  for (const PartLayout& part : layout.parts) {
    const uint64_t ends[] = {part.directory_offset,
                             part.directory_offset + part.keys() * sizeof(uint32_t)};
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
  layout.entry_bytes = plan.entry_bytes;
  for (const PartPlan& part : plan.parts) layout.parts.push_back({part, {}, {}, 0, 0, 0});
  if (!layout.parts.empty()) deal_bits(layout.parts);
  choose_checks(layout);
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
  header.u32_le(layout.entry_bytes);
  const std::array<std::byte, 64> zeros{};
  header.bytes(std::span(zeros).first(kMultiHeadBytes - header.view().size()));
  for (const PartLayout& part : layout.parts) {
    for (const uint64_t word : part.mask) header.u64_le(word);
    for (const uint64_t word : part.check_mask) header.u64_le(word);
    header.u8(static_cast<uint8_t>(part.plan.bits));
    header.u8(static_cast<uint8_t>(part.plan.threshold));
    header.bytes(std::span(zeros).first(6));
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
  const Error entry_error = in.error(ErrorCode::malformed, "multi_index.entry-bytes");
  SAFELIGHT_TRY(layout.entry_bytes, in.u32_le());
  if (layout.entry_bytes < MultiPlan::kMinEntryBytes ||
      layout.entry_bytes > MultiPlan::kMaxEntryBytes) {
    return entry_error;
  }
  if (!is_zero(header.subspan(kPaddingOffset, kMultiHeadBytes - kPaddingOffset))) {
    return Error::at(ErrorCode::malformed, "multi_index.padding", kPaddingOffset);
  }
  SAFELIGHT_CHECK(in.seek(kMultiHeadBytes));
  BitMask covered{};
  uint32_t turns = 0;
  for (uint32_t i = 0; i < parts; ++i) {
    const Error overlaps = in.error(ErrorCode::malformed, "multi_index.masks");
    SAFELIGHT_TRY(PartLayout part, read_part(in, layout));
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
  SAFELIGHT_CHECK(check_checks(layout));
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

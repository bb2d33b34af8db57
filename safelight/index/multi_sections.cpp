#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>

#include "safelight/base/huge_bytes.h"
#include "safelight/base/share_work.h"
#include "safelight/index/internal/block_kernels.h"
#include "safelight/index/internal/multi_layout.h"

namespace safelight::index_internal {
namespace {

static_assert(std::endian::native == std::endian::little,
              "the layout is little-endian and looked at in place");
static_assert(sizeof(Fingerprint) == kRowWords * sizeof(uint64_t));

// So many keys are made together: they and their rows stay in the second-level cache.
constexpr size_t kChunkRows = 4096;
// How far ahead of an entry its block's cursor is fetched, and then the place that it names: as
// much as a core keeps under way.
constexpr size_t kFetchCursorAhead = 48;
constexpr size_t kFetchEntryAhead = 24;
// Rows copied as one piece of work.
constexpr size_t kCopyRows = size_t{1} << 20;

/// The keys of a part of all rows, some at a time.
class KeyReader {
 public:
  KeyReader(const BlockKernels& kernels, std::span<const Fingerprint> rows)
      : kernels_(kernels),
        row_count_(rows.size()),
        rows_(rows),
        keys_(kChunkRows),
        checks_(kChunkRows) {}

  /// Reads the rows of a layout.
  KeyReader(const BlockKernels& kernels, const MultiLayout& layout, const std::byte* bytes)
      : kernels_(kernels),
        row_count_(layout.rows),
        layout_(&layout),
        bytes_(bytes),
        keys_(kChunkRows),
        checks_(kChunkRows),
        joined_(kChunkRows) {}

  /// Calls `on_rows(rows, first_row)` over all rows in order, until it is not true.
  template <typename OnRows>
  bool for_each_chunk(const OnRows& on_rows) {
    for (size_t begin = 0; begin < row_count_; begin += kChunkRows) {
      if (!on_rows(rows_from(begin, std::min(kChunkRows, row_count_ - begin)), begin)) {
        return false;
      }
    }
    return true;
  }

  /// Leaves in counts[k + 1] how many rows have key k, and 0 in counts[0]: as many counts as there
  /// are keys and one more.
  void count(const PartLayout& part, uint32_t* counts) {
    std::fill_n(counts, part.keys() + 1, 0);
    for_each_chunk([&](std::span<const Fingerprint> rows, size_t) {
      for (const uint32_t key : bits_of(rows, part.mask, keys_)) ++counts[key + 1];
      return true;
    });
  }

  /// Calls `on_entry(place, entry)` for the entry of each row in order, until it is not true.
  /// `cursors[k + 1]` says where the next entry of key k goes, and is moved on.
  template <typename OnEntry>
  bool place(const MultiLayout& layout, const PartLayout& part, uint32_t* cursors,
             const std::byte* entries, const OnEntry& on_entry) {
    return for_each_chunk([&](std::span<const Fingerprint> rows, size_t first_row) {
      const auto keys = bits_of(rows, part.mask, keys_);
      const auto checks = bits_of(rows, part.check_mask, checks_);
      for (size_t i = 0; i < keys.size(); ++i) {
        if (i + kFetchCursorAhead < keys.size()) {
          __builtin_prefetch(cursors + keys[i + kFetchCursorAhead] + 1, 1);
        }
        if (i + kFetchEntryAhead < keys.size()) {
          const uint32_t ahead = cursors[keys[i + kFetchEntryAhead] + 1];
          __builtin_prefetch(entries + size_t{ahead} * layout.entry_bytes, 1);
        }
        const uint64_t entry = uint64_t{checks[i]} << layout.row_bits | (first_row + i);
        if (!on_entry(cursors[keys[i] + 1]++, entry)) return false;
      }
      return true;
    });
  }

 private:
  std::span<const uint32_t> bits_of(std::span<const Fingerprint> rows, const BitMask& mask,
                                    std::vector<uint32_t>& out) const {
    kernels_.keys(reinterpret_cast<const uint64_t*>(rows.data()), rows.size(), mask.data(),
                  out.data());
    return std::span<const uint32_t>(out).first(rows.size());
  }

  std::span<const Fingerprint> rows_from(size_t begin, size_t count) {
    if (layout_ == nullptr) return rows_.subspan(begin, count);
    for (size_t i = 0; i < count; ++i) joined_[i] = multi_row(*layout_, bytes_, begin + i);
    return std::span<const Fingerprint>(joined_).first(count);
  }

  const BlockKernels& kernels_;
  size_t row_count_;
  std::span<const Fingerprint> rows_;
  const MultiLayout* layout_ = nullptr;
  const std::byte* bytes_ = nullptr;
  std::vector<uint32_t> keys_;
  std::vector<uint32_t> checks_;
  std::vector<Fingerprint> joined_;
};

void copy_halves(std::span<const Fingerprint> rows, std::byte* low, std::byte* high) {
  for (const Fingerprint& row : rows) {
    std::memcpy(low, row.words.data(), kMultiHalfBytes);
    std::memcpy(high, row.words.data() + kHalfWords, kMultiHalfBytes);
    low += kMultiHalfBytes;
    high += kMultiHalfBytes;
  }
}

/// Counts of keys, as count() leaves them, become the places where their entries begin: that of key
/// k in counts[k + 1].
void make_cursors(std::span<uint32_t> counts) {
  uint32_t first = 0;
  for (uint32_t& count : counts) {
    const uint32_t next = first + count;
    count = first;
    first = next;
  }
  // That was one place on: where key k ends became where it begins, but in counts[k + 1].
}

/// The lower bytes of an entry. Those behind may have been written already.
void write_entry(std::byte* to, uint32_t entry_bytes, uint64_t entry) {
  static_assert(MultiPlan::kMinEntryBytes == sizeof(uint32_t));
  const auto low = static_cast<uint32_t>(entry);
  std::memcpy(to, &low, sizeof low);
  to += sizeof low;
  entry >>= 32;
  if ((entry_bytes & 2) != 0) {
    const auto middle = static_cast<uint16_t>(entry);
    std::memcpy(to, &middle, sizeof middle);
    to += sizeof middle;
    entry >>= 16;
  }
  if ((entry_bytes & 1) != 0) *to = static_cast<std::byte>(entry);
  if (entry_bytes == 8) std::memcpy(to, &entry, sizeof(uint32_t));
}

/// Writes a part, its directory first, to `out`, which is zeroed.
void write_part(KeyReader& keys, const MultiLayout& layout, const PartLayout& part,
                std::byte* out) {
  // Once every entry is placed, the cursor of key k, in place k + 1, has come to where the next
  // begins: the cursors have become the directory.
  auto* directory = reinterpret_cast<uint32_t*>(out);
  std::byte* entries = out + (part.entries_offset - part.directory_offset);
  keys.count(part, directory);
  make_cursors({directory, part.keys() + 1});
  keys.place(layout, part, directory, entries, [&](uint32_t place, uint64_t entry) {
    write_entry(entries + size_t{place} * layout.entry_bytes, layout.entry_bytes, entry);
    return true;
  });
}

/// Calls `on_part(keys, part)` for each part and `on_rows(first, count)` for all rows, some at a
/// time, from so many threads. What they throw ends all of it, and is thrown.
template <typename OnPart, typename OnRows>
void in_pieces(std::span<const Fingerprint> fingerprints, const MultiLayout& layout,
               unsigned threads, SimdLevel level, const OnPart& on_part, const OnRows& on_rows) {
  assert(fingerprints.size() == layout.rows);
  // Parts first, since they are the longer pieces of work.
  const size_t parts = layout.parts.size();
  const size_t copies = (fingerprints.size() + kCopyRows - 1) / kCopyRows;
  // No more threads than parts: each reads keys into memory of its own.
  const size_t most = std::max<size_t>(parts, 1);
  share_work(parts + copies, std::min<size_t>(threads, most), [&](const auto& next) {
    KeyReader reader(block_kernels_of(level), fingerprints);
    while (const auto piece = next()) {
      if (*piece < parts) {
        on_part(reader, layout.parts[*piece]);
        continue;
      }
      const size_t first = (*piece - parts) * kCopyRows;
      on_rows(first, std::min<size_t>(kCopyRows, fingerprints.size() - first));
    }
  });
}

}  // namespace

Fingerprint multi_row(const MultiLayout& layout, const std::byte* bytes, size_t row) {
  Fingerprint fingerprint;
  std::memcpy(fingerprint.words.data(), bytes + layout.low_offset + row * kMultiHalfBytes,
              kMultiHalfBytes);
  std::memcpy(fingerprint.words.data() + kHalfWords,
              bytes + layout.high_offset + row * kMultiHalfBytes, kMultiHalfBytes);
  return fingerprint;
}

void write_multi_sections(std::span<const Fingerprint> fingerprints, const MultiLayout& layout,
                          unsigned threads, SimdLevel level, std::byte* out) {
  in_pieces(
      fingerprints, layout, threads, level,
      [&](KeyReader& keys, const PartLayout& part) {
        write_part(keys, layout, part, out + part.directory_offset);
      },
      [&](size_t first, size_t count) {
        copy_halves(fingerprints.subspan(first, count),
                    out + layout.low_offset + first * kMultiHalfBytes,
                    out + layout.high_offset + first * kMultiHalfBytes);
      });
}

void hand_over_multi_sections(std::span<const Fingerprint> fingerprints, const MultiLayout& layout,
                              unsigned threads, SimdLevel level, const LayoutSink& sink) {
  in_pieces(
      fingerprints, layout, threads, level,
      [&](KeyReader& keys, const PartLayout& part) {
        HugeBytes made(part.end_offset - part.directory_offset);
        write_part(keys, layout, part, made.bytes().data());
        sink(part.directory_offset, made.bytes());
      },
      [&](size_t first, size_t count) {
        // The last piece of each half has the padding behind it.
        const size_t half_bytes =
            first + count == layout.rows
                ? layout.high_offset - layout.low_offset - first * kMultiHalfBytes
                : count * kMultiHalfBytes;
        std::vector<std::byte> halves(2 * half_bytes);
        copy_halves(fingerprints.subspan(first, count), halves.data(), halves.data() + half_bytes);
        const std::span<const std::byte> both(halves);
        sink(layout.low_offset + first * kMultiHalfBytes, both.first(half_bytes));
        sink(layout.high_offset + first * kMultiHalfBytes, both.last(half_bytes));
      });
}

Result<void> check_multi_sections(const MultiLayout& layout, SimdLevel level,
                                  const std::byte* bytes) {
  KeyReader keys(block_kernels_of(level), layout, bytes);
  std::vector<uint32_t> cursors;
  for (const PartLayout& part : layout.parts) {
    const auto* directory = reinterpret_cast<const uint32_t*>(bytes + part.directory_offset);
    cursors.resize(part.keys() + 1);
    keys.count(part, cursors.data());
    uint32_t first = 0;
    for (size_t key = 0; key < cursors.size(); ++key) {
      first += cursors[key];
      if (directory[key] == first) continue;
      return Error::at(ErrorCode::integrity_mismatch, "multi_index.directory",
                       part.directory_offset + key * sizeof first);
    }
    make_cursors(cursors);
    const std::byte* entries = bytes + part.entries_offset;
    uint64_t offset = 0;
    if (!keys.place(layout, part, cursors.data(), entries, [&](uint32_t place, uint64_t entry) {
          offset = uint64_t{place} * layout.entry_bytes;
          return std::memcmp(entries + offset, &entry, layout.entry_bytes) == 0;
        })) {
      return Error::at(ErrorCode::integrity_mismatch, "multi_index.entry",
                       part.entries_offset + offset);
    }
  }
  return {};
}

}  // namespace safelight::index_internal

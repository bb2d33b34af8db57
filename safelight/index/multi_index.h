#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "safelight/base/huge_bytes.h"
#include "safelight/base/result.h"
#include "safelight/base/simd.h"
#include "safelight/hash/fingerprint.h"
#include "safelight/index/block_check.h"
#include "safelight/index/fingerprint_index.h"
#include "safelight/index/layout_sink.h"
#include "safelight/index/multi_plan.h"

namespace safelight {

namespace index_internal {
struct MultiLayout;
}

/// How an index is built.
struct MultiBuildOptions {
  uint32_t radius_bits = kDefaultRadiusBits;  ///< At most MultiPlan::kMaxRadiusBits.
  unsigned threads = 1;                       ///< More than there are parts help no more.
  /// Instead of the cheapest plan for the number of rows; must be one for `radius_bits`.
  std::optional<MultiPlan> plan;
};

/// Rows that a search passes over, as if they were not in the index: bit r % 64 of word r / 64 for
/// row r. Rows beyond the last word are not removed.
using RemovedRows = std::span<const uint64_t>;

/// Multi-index hashing: the bits are split into parts, and a query looks only at rows that are
/// alike in one of them. No row can be missed (see MultiPlan). Costs grow with the number of rows
/// much more slowly than those of FlatIndex; choose_index() says when that pays.
///
/// A search of at most radius_bits() probes. Over it, every row is compared in full, as exact and
/// far slower: the caller who expects such radii keeps a FlatIndex.
///
/// The index looks at one stretch of bytes, its layout (docs/formats/multi_index.md), which may be
/// mapped from a file: about 100 bytes a row, 32 of which are the row. Damaged bytes, whatever they
/// are, never make a search read outside of them, nor find a row that is too far.
class MultiIndex final : public FingerprintIndex {
 public:
  static constexpr uint32_t kLayoutVersion = 1;
  /// Where a layout must begin, in memory.
  static constexpr size_t kLayoutAlignmentBytes = 64;
  static constexpr uint64_t kMaxRows = 0xffff'ffff;

  /// Bytes of the layout of `rows` (at most kMaxRows) fingerprints, a multiple of 64.
  static uint64_t layout_bytes(uint64_t rows, const MultiBuildOptions& options = {});

  /// Writes the layout of `fingerprints` to `out`, which has exactly layout_bytes() zeroed bytes
  /// and begins at a multiple of 64. The same rows and options give the same bytes, whatever the
  /// number of threads. No memory to speak of is taken besides.
  static void write_layout(std::span<const Fingerprint> fingerprints,
                           const MultiBuildOptions& options, std::span<std::byte> out,
                           SimdLevel level = detect_simd_level());

  /// Writes the same bytes to `sink` instead, in pieces that cover the layout once and in no order,
  /// for layouts that are larger than memory. `fingerprints` may be mapped from a file; they are
  /// read twice for each part. Memory: for each of `options.threads` a part, which is
  /// MultiPlan::entry_bytes for each row and 4 bytes for each of its keys (0.57 GB for a hundred
  /// million rows), or 32 MiB of rows.
  ///
  ///     file.resize(MultiIndex::layout_bytes(rows.size(), options));
  ///     MultiIndex::write_layout(rows, options, [&](uint64_t offset, auto bytes) {
  ///       file.write_at(offset, bytes);
  ///     });
  static void write_layout(std::span<const Fingerprint> fingerprints,
                           const MultiBuildOptions& options, const LayoutSink& sink,
                           SimdLevel level = detect_simd_level());

  /// Looks at a layout without copying it; the bytes must outlive the index and stay as they are.
  /// `level` must be one that the processor has. Reads the header and two values of each part: that
  /// the parts fit the rows is left to check_postings().
  /// Where there is a `check`, which must outlive the index and have `bytes` among its own,
  /// search() and fingerprint() make sure of what they read, and throw Fault where that is damaged.
  /// Errors: truncated or malformed if `bytes` is shorter or longer than the header says; malformed
  /// if it is not aligned, is no such layout or contradicts itself; unsupported for another
  /// version; limit_exceeded over MultiPlan::kMaxParts or kMaxRows; integrity_mismatch for a header
  /// whose sum is wrong. The offset is that of the field in `bytes`. What `check` finds: its error.
  static Result<MultiIndex> view(std::span<const std::byte> bytes,
                                 SimdLevel level = detect_simd_level(),
                                 const BlockCheck* check = nullptr);

  /// An index that owns its layout, in huge pages where the system gives them. At most kMaxRows
  /// fingerprints.
  static MultiIndex build(std::span<const Fingerprint> fingerprints,
                          const MultiBuildOptions& options = {},
                          SimdLevel level = detect_simd_level());

  /// An index of no rows.
  MultiIndex();
  MultiIndex(MultiIndex&&) noexcept;
  MultiIndex& operator=(MultiIndex&&) noexcept;
  ~MultiIndex() override;

  [[nodiscard]] size_t size() const override { return rows_; }
  [[nodiscard]] Fingerprint fingerprint(size_t row) const override;
  void search(std::span<const Fingerprint> queries, const SearchOptions& options,
              Matches& out) const override;
  /// The same without some rows, which are neither found nor counted.
  void search(std::span<const Fingerprint> queries, const SearchOptions& options,
              RemovedRows removed, Matches& out) const;

  /// The largest radius that is probed.
  [[nodiscard]] uint32_t radius_bits() const;
  [[nodiscard]] MultiPlan plan() const;
  /// The whole layout.
  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }

  /// Success if every part is the one that the rows give: a search then misses nothing.
  /// Errors: integrity_mismatch, at the offset in the layout of the first value that is not.
  [[nodiscard]] Result<void> check_postings() const;

 private:
  struct Probes;

  MultiIndex(std::span<const std::byte> bytes, index_internal::MultiLayout layout, SimdLevel level,
             const BlockCheck* check);
  template <typename Check>
  void search_checked(const Check& check, std::span<const Fingerprint> queries,
                      const SearchOptions& options, RemovedRows removed, Matches& out) const;

  HugeBytes owned_;
  std::span<const std::byte> bytes_;
  size_t rows_ = 0;
  SimdLevel level_ = SimdLevel::scalar;
  const BlockCheck* check_ = nullptr;
  std::unique_ptr<const Probes> probes_;
};

/// The engine that answers sooner.
enum class IndexKind : uint8_t { flat, multi };

/// Which index to make for `rows` fingerprints that are searched at radius 31 with so many queries
/// a call: FlatIndex shares its work among the queries of a call, MultiIndex does not. As measured
/// with AVX-512: safelight/index/README.md.
IndexKind choose_index(uint64_t rows, uint64_t queries_per_call);

}  // namespace safelight

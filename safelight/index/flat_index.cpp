#include "safelight/index/flat_index.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>
#include <limits>

#include "safelight/index/internal/kernels.h"
#include "safelight/index/internal/nearest_rows.h"
#include "safelight/index/internal/plane_layout.h"

namespace safelight {
namespace {

using namespace index_internal;

static_assert(std::endian::native == std::endian::little,
              "the layout is little-endian and looked at in place");
static_assert(sizeof(Fingerprint) == kRowWords * sizeof(uint64_t));
static_assert(FlatIndex::kMaxFilterRadiusBits == kFilterRadiusBits);

// So many queries go over a block together that making its table costs little of the pass, and that
// what is kept for them stays in the second-level cache.
constexpr size_t kBatchQueries = 1024;
// So few queries go over the planes without a table: measured on Sapphire Rapids, where a table
// costs as much as 10 queries through it, and a query without one as much as 2 to 3 with it.
constexpr size_t kFewQueries = 4;

uint64_t blocks_of(uint64_t rows) { return (rows + kBlockRows - 1) / kBlockRows; }

uint64_t planes_bytes(uint64_t rows) { return blocks_of(rows) * kBlockWords * sizeof(uint64_t); }

std::span<const Fingerprint> block_of(std::span<const Fingerprint> rows, size_t block) {
  const size_t first = block * kBlockRows;
  return rows.subspan(first, std::min(kBlockRows, rows.size() - first));
}

/// One batch of queries, its filter input and what was found for it.
class Batch {
 public:
  Batch(const Kernels& kernels, const SearchOptions& options)
      : kernels_(kernels), options_(options) {}

  void begin(std::span<const Fingerprint> queries) {
    queries_ = queries;
    found_.resize(std::max(found_.size(), queries.size()));
    for (size_t i = 0; i < queries.size(); ++i) found_[i].clear();
    if (options_.radius_bits > kFilterRadiusBits) return;
    passed_queries_.resize(queries.size());
    passed_rows_.resize(queries.size() * kPlaneWords);
    if (queries.size() <= kFewQueries) {
      make_flips();
    } else {
      table_ = AlignedBytes(kTableWords * sizeof(uint64_t));
      make_places();
    }
  }

  /// Whether no query needs any more rows.
  [[nodiscard]] bool is_done() const {
    if (options_.stop_after == std::numeric_limits<uint64_t>::max()) return false;
    for (size_t query = 0; query < queries_.size(); ++query) {
      if (!is_done(query)) return false;
    }
    return true;
  }

  /// Searches one block of at most kBlockRows rows, the first of which is row `first_row`.
  void search_block(const uint64_t* planes, const uint64_t* rows, size_t row_count,
                    size_t first_row) {
    if (options_.radius_bits > kFilterRadiusBits) {
      for (size_t query = 0; query < queries_.size(); ++query) {
        if (is_done(query)) continue;
        keep(query, first_row,
             kernels_.compare_all(rows, queries_[query].words.data(), row_count,
                                  options_.radius_bits, near_.data()));
      }
      return;
    }
    const size_t passed = filter_block(planes);
    for (size_t i = 0; i < passed; ++i) {
      uint64_t* mask = passed_rows_.data() + i * kPlaneWords;
      if (row_count < kBlockRows) keep_lower_bits(mask, row_count);
      const size_t query = passed_queries_[i];
      if (is_done(query)) continue;
      keep(query, first_row,
           kernels_.compare_some(rows, queries_[query].words.data(), mask, options_.radius_bits,
                                 near_.data()));
    }
  }

  /// Appends what was found to `out`, the first query being number `first_query`.
  void finish(size_t first_query, Matches& out) {
    for (size_t query = 0; query < queries_.size(); ++query)
      found_[query].finish(first_query + query, out);
  }

 private:
  [[nodiscard]] bool is_done(size_t query) const {
    return found_[query].count() >= options_.stop_after;
  }

  static void keep_lower_bits(uint64_t* mask, size_t count) {
    for (size_t word = 0; word < kPlaneWords; ++word) {
      const size_t begin = word * 64;
      if (count >= begin + 64) continue;
      mask[word] &= count > begin ? (uint64_t{1} << (count - begin)) - 1 : 0;
    }
  }

  void make_places() {
    places_.resize(queries_.size() * kColumns);
    for (size_t query = 0; query < queries_.size(); ++query) {
      const auto folded = fold(queries_[query]);
      for (size_t column = 0; column < kColumns; ++column) {
        size_t variant = 0;
        for (size_t member = 0; member < 3; ++member) {
          variant |= bit_of(folded, plane_of(column, member)) << member;
        }
        places_[query * kColumns + column] =
            static_cast<uint16_t>((column * kVariants + variant) * kPlaneWords);
      }
    }
  }

  void make_flips() {
    flips_.resize(queries_.size() * kPlanes);
    for (size_t query = 0; query < queries_.size(); ++query) {
      const auto folded = fold(queries_[query]);
      for (size_t plane = 0; plane < kPlanes; ++plane) {
        flips_[query * kPlanes + plane] = uint64_t{0} - bit_of(folded, plane);
      }
    }
  }

  size_t filter_block(const uint64_t* planes) {
    if (queries_.size() <= kFewQueries) {
      return kernels_.filter_few(planes, flips_.data(), queries_.size(), passed_queries_.data(),
                                 passed_rows_.data());
    }
    auto* table = reinterpret_cast<uint64_t*>(table_.bytes().data());
    kernels_.make_table(planes, table);
    return kernels_.filter(table, places_.data(), queries_.size(), passed_queries_.data(),
                           passed_rows_.data());
  }

  /// Takes over the `count` first of `near_`.
  void keep(size_t query, size_t first_row, size_t count) {
    for (size_t i = 0; i < count; ++i) {
      found_[query].keep({static_cast<uint32_t>(first_row + near_[i].row), near_[i].distance_bits},
                         options_.max_matches_per_query);
    }
  }

  const Kernels& kernels_;
  const SearchOptions options_;
  std::span<const Fingerprint> queries_;
  AlignedBytes table_;
  std::vector<uint16_t> places_;
  std::vector<uint64_t> flips_;
  std::vector<uint32_t> passed_queries_;
  std::vector<uint64_t> passed_rows_;
  std::array<NearRow, kBlockRows> near_;
  std::vector<NearestRows> found_;
};

}  // namespace

uint64_t FlatIndex::layout_bytes(uint64_t rows) {
  assert(rows <= kMaxRows);
  const uint64_t row_bytes = rows * sizeof(Fingerprint);
  return planes_bytes(rows) + (row_bytes + 63) / 64 * 64;
}

void FlatIndex::write_layout(std::span<const Fingerprint> fingerprints, std::span<std::byte> out) {
  assert(out.size() == layout_bytes(fingerprints.size()));
  if (fingerprints.empty()) return;
  std::array<uint64_t, kBlockWords> planes;
  for (size_t block = 0; block < blocks_of(fingerprints.size()); ++block) {
    write_block_planes(block_of(fingerprints, block), planes.data());
    std::memcpy(out.data() + block * sizeof planes, planes.data(), sizeof planes);
  }
  const auto rows = out.subspan(planes_bytes(fingerprints.size()));
  std::memcpy(rows.data(), fingerprints.data(), fingerprints.size_bytes());
  std::memset(rows.data() + fingerprints.size_bytes(), 0, rows.size() - fingerprints.size_bytes());
}

FlatIndex::FlatIndex(std::span<const std::byte> bytes, size_t rows, SimdLevel level,
                     const BlockCheck* check)
    : bytes_(bytes),
      check_(check),
      planes_(reinterpret_cast<const uint64_t*>(bytes.data())),
      row_words_(rows == 0 ? nullptr
                           : reinterpret_cast<const uint64_t*>(bytes.data() + planes_bytes(rows))),
      rows_(rows),
      level_(level) {}

Result<FlatIndex> FlatIndex::view(std::span<const std::byte> bytes, uint64_t rows, SimdLevel level,
                                  const BlockCheck* check) {
  if (rows > kMaxRows) return Error{ErrorCode::limit_exceeded, "fingerprint_planes.rows"};
  const uint64_t wanted = layout_bytes(rows);
  if (bytes.size() < wanted) {
    return Error::at(ErrorCode::truncated, "fingerprint_planes.length", bytes.size());
  }
  if (bytes.size() > wanted) {
    return Error::at(ErrorCode::malformed, "fingerprint_planes.length", wanted);
  }
  if (std::bit_cast<uintptr_t>(bytes.data()) % kLayoutAlignmentBytes != 0) {
    return Error{ErrorCode::malformed, "fingerprint_planes.alignment"};
  }
  return FlatIndex(bytes, rows, level, check);
}

FlatIndex FlatIndex::build(std::span<const Fingerprint> fingerprints, SimdLevel level) {
  AlignedBytes bytes(layout_bytes(fingerprints.size()));
  write_layout(fingerprints, bytes.bytes());
  FlatIndex index(bytes.bytes(), fingerprints.size(), level, nullptr);
  index.owned_ = std::move(bytes);
  return index;
}

Fingerprint FlatIndex::fingerprint(size_t row) const {
  assert(row < rows_);
  const uint64_t* words = row_words_ + row * kRowWords;
  if (check_ != nullptr) {
    check_->touch(reinterpret_cast<const std::byte*>(words), sizeof(Fingerprint));
  }
  Fingerprint fingerprint;
  std::memcpy(fingerprint.words.data(), words, sizeof fingerprint);
  return fingerprint;
}

void FlatIndex::search(std::span<const Fingerprint> queries, const SearchOptions& options,
                       Matches& out) const {
  if (check_ != nullptr) check_->touch(bytes_.data(), bytes_.size());
  out.matches.clear();
  out.cut.clear();
  out.first.assign(1, 0);
  Batch batch(kernels_of(level_), options);
  for (size_t first = 0; first < queries.size(); first += kBatchQueries) {
    batch.begin(queries.subspan(first, std::min(kBatchQueries, queries.size() - first)));
    for (size_t row = 0; row < rows_ && !batch.is_done(); row += kBlockRows) {
      batch.search_block(planes_ + row / kBlockRows * kBlockWords, row_words_ + row * kRowWords,
                         std::min(kBlockRows, rows_ - row), row);
    }
    batch.finish(first, out);
  }
}

Result<void> FlatIndex::check_planes() const {
  std::array<uint64_t, kBlockWords> planes;
  std::vector<Fingerprint> rows;
  for (size_t block = 0; block < blocks_of(rows_); ++block) {
    rows.clear();
    for (size_t row = block * kBlockRows; row < std::min(rows_, (block + 1) * kBlockRows); ++row) {
      rows.push_back(fingerprint(row));
    }
    write_block_planes(rows, planes.data());
    if (std::memcmp(planes.data(), planes_ + block * kBlockWords, sizeof planes) != 0) {
      return Error::at(ErrorCode::integrity_mismatch, "fingerprint_planes.planes",
                       block * sizeof planes);
    }
  }
  return {};
}

}  // namespace safelight

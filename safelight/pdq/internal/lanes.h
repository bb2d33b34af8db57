#pragma once

#include <cstddef>
#include <cstdint>

#include "safelight/pdq/internal/kernels.h"

/// The kernels, written once over a type `L` of vector lanes, which each translation unit defines
/// in its own unnamed namespace; so each has its own copy, compiled for its own instruction set.
/// For the same reason nothing here may call an inline function of the standard library.
///
/// L gives: V, kLanes, zero(), load(), store(), set(), add(), sub(), mul(), divide() by a Divisor,
/// true_divide(), truncate(), absolute(), sum(), and a pair that transposes: load_columns() reads
/// eight columns of kLanes rows, store_columns() writes them.
/// A running sum is never split over lanes: lanes are rows in a row filter and columns in a column
/// filter, and each adds and subtracts in the order of the reference.
namespace safelight::pdq::internal {

template <class L>
struct DivideBy {
  typename L::V count, high, low;
  [[gnu::always_inline]] explicit DivideBy(const Divisor& divisor)
      : count(L::set(divisor.count)), high(L::set(divisor.high)), low(L::set(divisor.low)) {}
};

[[gnu::always_inline]] inline bool is_power_of_two(uint32_t value) {
  return (value & (value - 1)) == 0;
}

template <class L>
class RowFilter {
 public:
  static constexpr uint32_t kVectors = kStripRows / L::kLanes;
  using V = typename L::V;

  explicit RowFilter(const RowFilterJob& job) : job_(job), mask_(job.ring_columns - 1) {
    for (uint32_t v = 0; v < kVectors; ++v) sums_[v] = L::zero();
  }

  void run() {
    const BoxFilter box = job_.box;
    const uint32_t lead = box.lead();
    fetch(lead < box.length ? lead : box.length);
    for (uint32_t step = 0; step < lead; ++step) {
      for (uint32_t v = 0; v < kVectors; ++v) {
        sums_[v] = L::add(sums_[v], L::load(column(step) + v * L::kLanes));
      }
    }
    uint32_t first = 0;
    while (first < box.length) {
      const uint32_t step = first + lead;
      fetch(step + kOctet < box.length ? step + kOctet : box.length);
      if (step >= box.window && step + kOctet <= box.length) {
        first =
            is_power_of_two(box.window) ? run_steadily<true>(first) : run_steadily<false>(first);
      } else {
        edge_octet(first);
        first += kOctet;
      }
    }
  }

 private:
  [[gnu::always_inline]] float* column(uint32_t index) {
    return job_.ring + (index & mask_) * kStripRows;
  }

  [[gnu::always_inline]] void fetch_octet() {
    const float* in = job_.in + fetched_;
    float* ring = column(fetched_);
#pragma GCC unroll 4
    for (uint32_t v = 0; v < kVectors; ++v) {
      V columns[kOctet];
      L::load_columns(in + v * L::kLanes * job_.in_stride, job_.in_stride, columns);
      for (uint32_t k = 0; k < kOctet; ++k) {
        L::store(ring + k * kStripRows + v * L::kLanes, columns[k]);
      }
    }
    fetched_ += kOctet;
  }

  /// Brings the columns before `end` into the ring.
  void fetch(uint32_t end) {
    while (fetched_ < end) fetch_octet();
  }

  /// Outputs by eights from column `first` on, as long as the window is full; gives the column
  /// after them. The columns of the first eight steps are in the ring.
  template <bool kExactReciprocal>
  uint32_t run_steadily(uint32_t first) {
    const BoxFilter box = job_.box;
    const DivideBy<L> divisor(job_.divisors[box.window]);
    V sums[kVectors];
    for (uint32_t v = 0; v < kVectors; ++v) sums[v] = sums_[v];
    for (; first + box.lead() + kOctet <= box.length; first += kOctet) {
      const uint32_t step = first + box.lead();
      const float* added[kOctet];
      const float* subtracted[kOctet];
      for (uint32_t k = 0; k < kOctet; ++k) {
        added[k] = column(step + k);
        subtracted[k] = column(step + k - box.window);
      }
#pragma GCC unroll 4
      for (uint32_t v = 0; v < kVectors; ++v) {
        V means[kOctet];
#pragma GCC unroll 8
        for (uint32_t k = 0; k < kOctet; ++k) {
          sums[v] = L::add(sums[v], L::load(added[k] + v * L::kLanes));
          sums[v] = L::sub(sums[v], L::load(subtracted[k] + v * L::kLanes));
          means[k] = kExactReciprocal ? L::mul(sums[v], divisor.high) : L::divide(sums[v], divisor);
        }
        L::store_columns(means, job_.out + v * L::kLanes * job_.out_stride + first,
                         job_.out_stride);
      }
      // One octet in for each octet out keeps the next eight steps' columns in the ring.
      if (fetched_ < box.length) fetch_octet();
    }
    for (uint32_t v = 0; v < kVectors; ++v) sums_[v] = sums[v];
    return first;
  }

  /// Eight outputs, or fewer, at either end of the row.
  void edge_octet(uint32_t first) {
    const BoxFilter box = job_.box;
    const uint32_t step = first + box.lead();
    V means[kOctet][kVectors];
    for (uint32_t k = 0; k < kOctet; ++k) {
      const uint32_t at = step + k;
      const bool real = at < box.steps();
      const float* added = at < box.length ? column(at) : job_.zeros;
      const float* subtracted = real && at >= box.window ? column(at - box.window) : job_.zeros;
      const DivideBy<L> divisor(job_.divisors[real ? box.count(at) : 1]);
      for (uint32_t v = 0; v < kVectors; ++v) {
        sums_[v] = L::add(sums_[v], L::load(added + v * L::kLanes));
        sums_[v] = L::sub(sums_[v], L::load(subtracted + v * L::kLanes));
        means[k][v] = L::divide(sums_[v], divisor);
      }
    }
    for (uint32_t v = 0; v < kVectors; ++v) {
      V columns[kOctet];
      for (uint32_t k = 0; k < kOctet; ++k) columns[k] = means[k][v];
      L::store_columns(columns, job_.out + v * L::kLanes * job_.out_stride + first,
                       job_.out_stride);
    }
  }

  RowFilterJob job_;
  size_t mask_;
  uint32_t fetched_ = 0;
  V sums_[kVectors];
};

template <class L>
class ColumnFilter {
 public:
  static constexpr uint32_t kVectors = kStripRows / L::kLanes;
  static constexpr uint32_t kChunkVectors = kColumnChunk / L::kLanes;
  using V = typename L::V;

  explicit ColumnFilter(const ColumnFilterJob& job) : job_(job), mask_(job.ring_columns - 1) {
    for (uint32_t v = 0; v < kVectors; ++v) sums_[v] = L::zero();
  }

  void run() {
    const BoxFilter box = job_.row_box;
    for (uint32_t first = 0; first < box.length; first += kColumnChunk) {
      if (job_.powers_of_two) {
        slide_chunk<true>(first);
      } else {
        slide_chunk<false>(first);
      }
      advance(first + kColumnChunk < box.length ? first + kColumnChunk : box.length);
    }
    advance(box.steps());
  }

 private:
  [[gnu::always_inline]] float* column(uint32_t index) {
    return job_.ring + (index & mask_) * kStripRows;
  }

  /// The column filter over kColumnChunk columns and every row of the strip, into the ring.
  template <bool kExactReciprocal>
  void slide_chunk(uint32_t first) {
    // A chunk does not wrap around: it begins at a multiple of its size.
    float* ring = column(first);
    V sums[kChunkVectors];
    for (uint32_t v = 0; v < kChunkVectors; ++v) {
      sums[v] = L::load(job_.sums + first + v * L::kLanes);
    }
    for (uint32_t row = 0; row < kStripRows; row += kOctet) {
      const float* const* added = job_.added + row;
      const float* const* subtracted = job_.subtracted + row;
#pragma GCC unroll 8
      for (uint32_t v = 0; v < kChunkVectors; ++v) {
        const uint32_t at = first + v * L::kLanes;
        V means[kOctet];
#pragma GCC unroll 8
        for (uint32_t k = 0; k < kOctet; ++k) {
          const DivideBy<L> divisor(job_.step_divisors[row + k]);
          sums[v] = L::add(sums[v], L::load(added[k] + at));
          sums[v] = L::sub(sums[v], L::load(subtracted[k] + at));
          means[k] = kExactReciprocal ? L::mul(sums[v], divisor.high) : L::divide(sums[v], divisor);
        }
        L::store_columns(means, ring + v * L::kLanes * kStripRows + row, kStripRows);
      }
    }
    for (uint32_t v = 0; v < kChunkVectors; ++v) {
      L::store(job_.sums + first + v * L::kLanes, sums[v]);
    }
  }

  /// Takes the second row filter's steps before `end`, whose columns are in the ring.
  void advance(uint32_t end) {
    const BoxFilter box = job_.row_box;
    while (step_ < end) {
      // Up to the next column that the grid reads, or to the end.
      uint32_t stop = end;
      bool keep = false;
      if (next_kept_ < kGridSide) {
        const uint32_t wanted = grid_position(next_kept_, box.length) + box.lead() + 1;
        if (wanted <= end) {
          stop = wanted;
          keep = true;
        }
      }
      if (step_ >= box.window && stop <= box.length) {
        slide_steadily(stop);
      } else {
        for (; step_ < stop; ++step_) {
          slide(step_ < box.length ? column(step_) : job_.zeros,
                step_ >= box.window ? column(step_ - box.window) : job_.zeros);
        }
      }
      if (keep) keep_column();
    }
  }

  [[gnu::always_inline]] void slide(const float* added, const float* subtracted) {
    for (uint32_t v = 0; v < kVectors; ++v) {
      sums_[v] = L::add(sums_[v], L::load(added + v * L::kLanes));
      sums_[v] = L::sub(sums_[v], L::load(subtracted + v * L::kLanes));
    }
  }

  void slide_steadily(uint32_t stop) {
    V sums[kVectors];
    for (uint32_t v = 0; v < kVectors; ++v) sums[v] = sums_[v];
#pragma GCC unroll 4
    for (uint32_t step = step_; step < stop; ++step) {
      const float* added = column(step);
      const float* subtracted = column(step - job_.row_box.window);
#pragma GCC unroll 4
      for (uint32_t v = 0; v < kVectors; ++v) {
        sums[v] = L::add(sums[v], L::load(added + v * L::kLanes));
        sums[v] = L::sub(sums[v], L::load(subtracted + v * L::kLanes));
      }
    }
    for (uint32_t v = 0; v < kVectors; ++v) sums_[v] = sums[v];
    step_ = stop;
  }

  /// Divides the sums of the step just taken, and writes them out by eights.
  void keep_column() {
    const BoxFilter box = job_.row_box;
    // A true division: the quotients of this pass may be too small for Divisor's argument.
    const V count = L::set(static_cast<float>(box.count(step_ - 1)));
    // A side under kGridSide has columns that stand for several places of the grid.
    while (next_kept_ < kGridSide &&
           grid_position(next_kept_, box.length) + box.lead() + 1 == step_) {
      const uint32_t place = next_kept_ % kOctet;
      for (uint32_t v = 0; v < kVectors; ++v) kept_[v][place] = L::true_divide(sums_[v], count);
      if (place + 1 == kOctet) {
        float* out = job_.out + next_kept_ - place;
        for (uint32_t v = 0; v < kVectors; ++v) {
          L::store_columns(kept_[v], out + v * L::kLanes * kGridSide, kGridSide);
        }
      }
      ++next_kept_;
    }
  }

  ColumnFilterJob job_;
  size_t mask_;
  uint32_t step_ = 0;
  uint32_t next_kept_ = 0;
  V sums_[kVectors];
  V kept_[kVectors][kOctet];
};

template <class L>
void filter_rows(const RowFilterJob& job) {
  RowFilter<L>(job).run();
}

template <class L>
void filter_columns(const ColumnFilterJob& job) {
  ColumnFilter<L>(job).run();
}

template <class L>
uint32_t filter_grid(const GridFilterJob& job) {
  constexpr uint32_t kVectors = kGridSide / L::kLanes;
  using V = typename L::V;
  const BoxFilter box = job.box;
  const size_t mask = job.ring_rows - 1;
  uint32_t grid_row = job.next_grid_row;
  const float* added = job.rows;
  V sums[kVectors];
  for (uint32_t v = 0; v < kVectors; ++v) sums[v] = L::load(job.sums + v * L::kLanes);
  for (uint32_t step = job.first_step; step < job.end_step; ++step) {
    const float* subtracted =
        step >= box.window ? job.ring + ((step - box.window) & mask) * kGridSide : job.zeros;
    if (added != nullptr) {
      float* ring = job.ring + (step & mask) * kGridSide;
      for (uint32_t v = 0; v < kVectors; ++v) {
        const V value = L::load(added + v * L::kLanes);
        L::store(ring + v * L::kLanes, value);
        sums[v] = L::add(sums[v], value);
      }
      added += kGridSide;
    }
    for (uint32_t v = 0; v < kVectors; ++v) {
      sums[v] = L::sub(sums[v], L::load(subtracted + v * L::kLanes));
    }
    for (; grid_row < kGridSide && grid_position(grid_row, box.length) + box.lead() == step;
         ++grid_row) {
      // A true division, as in ColumnFilter::keep_column().
      const V count = L::set(static_cast<float>(box.count(step)));
      for (uint32_t v = 0; v < kVectors; ++v) {
        L::store(job.grid + grid_row * kGridSide + v * L::kLanes, L::true_divide(sums[v], count));
      }
    }
  }
  for (uint32_t v = 0; v < kVectors; ++v) L::store(job.sums + v * L::kLanes, sums[v]);
  return grid_row;
}

/// |difference| of two samples in hundredths of the range, truncated as the reference does.
template <class L>
[[gnu::always_inline]] inline typename L::V gradient(typename L::V u, typename L::V v,
                                                     const DivideBy<L>& range) {
  const typename L::V scaled = L::mul(L::sub(u, v), L::set(100.0f));
  return L::absolute(L::truncate(L::divide(scaled, range)));
}

template <class L>
uint32_t quality(const float* grid) {
  using V = typename L::V;
  // Below 255 / 2^24 the quotient may lose its last bits, but it truncates to 0 all the same.
  const DivideBy<L> range(Divisor{255.0f, 0x1.010102p-8f, -0x1.fdfdfep-33f});
  alignas(64) float weights[kGridSide];
  for (uint32_t at = 0; at < kGridSide; ++at) weights[at] = at + 1 < kGridSide ? 1.0f : 0.0f;
  // Whole numbers that add up to less than 2^24, so the order of the additions does not matter.
  V total = L::zero();
  for (uint32_t row = 0; row < kGridSide; ++row) {
    const float* samples = grid + row * kGridSide;
    for (uint32_t at = 0; at < kGridSide; at += L::kLanes) {
      const V here = L::load(samples + at);
      const V right = gradient<L>(here, L::load(samples + at + 1), range);
      total = L::add(total, L::mul(right, L::load(weights + at)));
      if (row + 1 < kGridSide) {
        total = L::add(total, gradient<L>(here, L::load(samples + at + kGridSide), range));
      }
    }
  }
  const uint32_t quality = static_cast<uint32_t>(L::sum(total)) / 90;
  return quality < 100 ? quality : 100;
}

template <class L>
void transform(const float* grid, const float* forward, const float* transposed, float* out) {
  using V = typename L::V;
  // Tiles of kTileRows rows by kTileVectors vectors stay in registers; k ascends, one accumulator
  // for each output.
  constexpr uint32_t kTileRows = L::kLanes == 16 ? 4 : 2;
  constexpr uint32_t kTileVectors = 4;
  alignas(64) float half[kTerms * kGridSide];
  for (uint32_t i = 0; i < kTerms; i += kTileRows) {
    for (uint32_t j = 0; j < kGridSide; j += kTileVectors * L::kLanes) {
      V sums[kTileRows][kTileVectors];
      for (auto& row : sums) {
        for (V& sum : row) sum = L::zero();
      }
      for (uint32_t k = 0; k < kGridSide; ++k) {
        for (uint32_t v = 0; v < kTileVectors; ++v) {
          const V samples = L::load(grid + k * kGridSide + j + v * L::kLanes);
          for (uint32_t r = 0; r < kTileRows; ++r) {
            const V factor = L::set(forward[(i + r) * kGridSide + k]);
            sums[r][v] = L::add(sums[r][v], L::mul(factor, samples));
          }
        }
      }
      for (uint32_t r = 0; r < kTileRows; ++r) {
        for (uint32_t v = 0; v < kTileVectors; ++v) {
          L::store(half + (i + r) * kGridSide + j + v * L::kLanes, sums[r][v]);
        }
      }
    }
  }
  constexpr uint32_t kRowVectors = kTerms / L::kLanes;
  constexpr uint32_t kRows = 8 / kRowVectors > 0 ? 8 / kRowVectors : 1;
  for (uint32_t i = 0; i < kTerms; i += kRows) {
    V sums[kRows][kRowVectors];
    for (auto& row : sums) {
      for (V& sum : row) sum = L::zero();
    }
    for (uint32_t k = 0; k < kGridSide; ++k) {
      for (uint32_t v = 0; v < kRowVectors; ++v) {
        const V factors = L::load(transposed + k * kTerms + v * L::kLanes);
        for (uint32_t r = 0; r < kRows; ++r) {
          const V value = L::set(half[(i + r) * kGridSide + k]);
          sums[r][v] = L::add(sums[r][v], L::mul(value, factors));
        }
      }
    }
    for (uint32_t r = 0; r < kRows; ++r) {
      for (uint32_t v = 0; v < kRowVectors; ++v) {
        L::store(out + (i + r) * kTerms + v * L::kLanes, sums[r][v]);
      }
    }
  }
}

}  // namespace safelight::pdq::internal

#include "safelight/provenance/watermark/dwt_mark.h"

#include <algorithm>
#include <cmath>

namespace safelight::provenance {
namespace {

constexpr uint32_t kStripRows = 8;
constexpr uint32_t kBandSide = 4;  ///< A block's side in the low band: 8 pixels.
constexpr uint32_t kStep = 36;     ///< The quantisation step of the encoder.
/// The Haar filter as the wavelet library has it. Ties between coefficients are broken by its
/// rounding, so sums and products are in the library's order: the exact halves would differ.
constexpr double kHaar = 0.7071067811865476;

template <typename Row>
void read_u(const Row& row, std::span<uint8_t> out) {
  constexpr int kShift = 14;
  constexpr int kRound = 1 << (kShift - 1);
  for (size_t x = 0; x < out.size(); ++x) {
    const int blue = row.blue[x];
    const int luma = (blue * 1868 + row.green[x] * 9617 + row.red[x] * 4899 + kRound) >> kShift;
    const int u = ((blue - luma) * 8061 + (128 << kShift) + kRound) >> kShift;
    out[x] = static_cast<uint8_t>(std::clamp(u, 0, 255));
  }
}

template <typename Row>
void read_u(const Row& row, std::span<float> out) {
  for (size_t x = 0; x < out.size(); ++x) {
    const auto blue = static_cast<float>(row.blue[x]);
    const float luma = blue * 0.114f + static_cast<float>(row.green[x]) * 0.587f +
                       static_cast<float>(row.red[x]) * 0.299f;
    out[x] = (blue - luma) * 0.492f + 0.5f;
  }
}

/// One row of the low band from the U values of two rows of pixels.
template <typename Real, typename U>
void low_band(std::span<const U> upper, std::span<const U> lower, std::span<Real> columns,
              std::span<Real> band) {
  constexpr auto h = static_cast<Real>(kHaar);
  for (size_t x = 0; x < columns.size(); ++x) {
    columns[x] = h * static_cast<Real>(lower[x]) + h * static_cast<Real>(upper[x]);
  }
  for (size_t x = 0; x < band.size(); ++x) band[x] = h * columns[2 * x + 1] + h * columns[2 * x];
}

/// Whether `size` modulo the step is over half of it.
template <typename Real>
bool is_one(Real size) {
  constexpr auto step = static_cast<Real>(kStep);
  // Exact, as the rest of a division always is, but for a quotient that was rounded up.
  const Real rest = size - step * std::floor(size / step);
  return rest < 0 || rest > step / 2;
}

}  // namespace

/// A row of pixels by colour, as int16_t, which compilers multiply in vectors.
struct DwtMarkReader::ColourRow {
  std::vector<int16_t> red;
  std::vector<int16_t> green;
  std::vector<int16_t> blue;

  void set(std::span<const uint8_t> row) {
    const size_t width = row.size() / 3;
    red.resize(width);
    green.resize(width);
    blue.resize(width);
    for (size_t x = 0; x < width; ++x) {
      red[x] = row[3 * x];
      green[x] = row[3 * x + 1];
      blue[x] = row[3 * x + 2];
    }
  }
};

/// One colour path: its working rows, and the votes so far for each known mark.
class DwtMarkReader::Path {
 public:
  Path(ColourPath kind, uint32_t width) : kind_(kind), width_(width / 8 * 8) {
    for (size_t i = 0; i < counters_.size(); ++i) {
      counters_[i].ones.resize(known_marks()[i].bits.size());
      counters_[i].votes.resize(known_marks()[i].bits.size());
    }
  }

  /// Takes 8 rows of pixels; adds the blocks whose U varies to `varying_blocks`.
  void strip(std::span<const ColourRow> rows, uint64_t& varying_blocks) {
    if (kind_ == ColourPath::integer) {
      read_strip(rows, integer_, varying_blocks);
    } else {
      uint64_t ignored = 0;
      read_strip(rows, floating_, ignored);
    }
  }

  void add_scores(std::vector<MarkScore>& scores) const {
    for (size_t i = 0; i < counters_.size(); ++i) {
      const Counter& counter = counters_[i];
      MarkScore score;
      score.mark = &known_marks()[i];
      score.path = kind_;
      for (size_t bit = 0; bit < counter.ones.size(); ++bit) {
        const double mean = counter.votes[bit] == 0 ? 0.0
                                                    : static_cast<double>(counter.ones[bit]) /
                                                          static_cast<double>(counter.votes[bit]);
        const bool one = mean * 255 > 127;
        score.bits.push_back(one ? 1 : 0);
        if (one == (score.mark->bits[bit] == '1')) ++score.matched_bits;
      }
      scores.push_back(std::move(score));
    }
  }

 private:
  struct Counter {
    std::vector<uint32_t> ones;
    std::vector<uint32_t> votes;
    size_t next = 0;
  };
  template <typename Real, typename U>
  struct Work {
    std::vector<U> upper;
    std::vector<U> lower;
    std::vector<Real> columns;
    std::vector<Real> band;  ///< Four rows of width_ / 2.
  };

  template <typename Real, typename U>
  void read_strip(std::span<const ColourRow> rows, Work<Real, U>& work, uint64_t& varying_blocks) {
    const size_t half = width_ / 2;
    work.upper.resize(width_);
    work.lower.resize(width_);
    work.columns.resize(width_);
    work.band.resize(half * kBandSide);
    for (size_t i = 0; i < kBandSide; ++i) {
      read_u(rows[2 * i], std::span<U>(work.upper));
      read_u(rows[2 * i + 1], std::span<U>(work.lower));
      low_band<Real, U>(work.upper, work.lower, work.columns,
                        std::span(work.band).subspan(i * half, half));
    }
    for (size_t block = 0; block < half / kBandSide; ++block) {
      const Real* at = work.band.data() + block * kBandSide;
      Real largest = -1;
      bool varies = false;
      for (size_t i = 0; i < kBandSide; ++i) {
        for (size_t j = i == 0 ? 1 : 0; j < kBandSide; ++j) {
          const Real value = at[i * half + j];
          largest = std::max(largest, std::abs(value));
          varies |= value != at[0];
        }
      }
      if (varies) ++varying_blocks;
      vote(is_one(largest));
    }
  }

  void vote(bool one) {
    for (Counter& counter : counters_) {
      counter.ones[counter.next] += one ? 1 : 0;
      ++counter.votes[counter.next];
      if (++counter.next == counter.ones.size()) counter.next = 0;
    }
  }

  ColourPath kind_;
  uint32_t width_;
  std::array<Counter, 4> counters_;
  Work<double, uint8_t> integer_;
  Work<float, float> floating_;
};

DwtMarkReader::DwtMarkReader() = default;
DwtMarkReader::~DwtMarkReader() = default;

void DwtMarkReader::begin(const PictureShape& shape) {
  shape_ = shape;
  strip_.resize(kStripRows);
  paths_[0] = std::make_unique<Path>(ColourPath::integer, shape.width);
  paths_[1] = std::make_unique<Path>(ColourPath::floating, shape.width);
}

void DwtMarkReader::rows(uint32_t, std::span<const uint8_t> samples) {
  if (shape_.channels != 3) return;
  for (; !samples.empty(); samples = samples.subspan(shape_.row_bytes())) {
    strip_[strip_rows_].set(samples.first(shape_.row_bytes()));
    if (++strip_rows_ < kStripRows) continue;
    strip_rows_ = 0;
    for (const auto& path : paths_) path->strip(strip_, varying_blocks_);
    blocks_ += shape_.width / kStripRows;
  }
}

MarkReading DwtMarkReader::finish() const {
  MarkReading reading;
  reading.blocks = blocks_;
  reading.varying_blocks = varying_blocks_;
  if (uint64_t{shape_.width} * shape_.height < kMinMarkPixels) {
    reading.not_readable = NotReadable::too_small;
  } else if (shape_.channels != 3) {
    reading.not_readable = NotReadable::grey;
  } else if (varying_blocks_ * kFlatBlocksInOne < blocks_ || blocks_ == 0) {
    reading.not_readable = NotReadable::flat;
  } else {
    for (const auto& path : paths_) path->add_scores(reading.scores);
  }
  return reading;
}

}  // namespace safelight::provenance

#include "safelight/codec/still/jpeg/jpeg_sparse.h"

#include <algorithm>
#include <bit>
#include <memory>

#include "safelight/codec/still/jpeg/jpeg_huffman.h"
#include "safelight/picture/grey.h"

namespace safelight::codec {
namespace {

constexpr uint32_t div_up(uint32_t a, uint32_t b) { return (a + b - 1) / b; }

/// Coefficients in the order in which they are coded, as rows times 8 plus columns.
/// Source: ITU-T T.81 figure A.6.
constexpr std::array<uint8_t, 64> make_zigzag() {
  std::array<uint8_t, 64> order{};
  size_t k = 0;
  for (uint32_t diagonal = 0; diagonal < 15; ++diagonal) {
    for (uint32_t step = 0; step <= diagonal; ++step) {
      const uint32_t v = diagonal % 2 == 0 ? diagonal - step : step;
      const uint32_t u = diagonal - v;
      if (v < 8 && u < 8) order[k++] = static_cast<uint8_t>(v * 8 + u);
    }
  }
  return order;
}
constexpr std::array<uint8_t, 64> kZigzag = make_zigzag();

/// The component's quantisers by block_place(). False where one is beyond every intact file's.
bool place_quantiser(const JpegComponent& component, std::span<int16_t, 64> out) {
  for (uint32_t i = 0; i < 64; ++i) {
    if (component.quantiser[i] > kMaxCoefficient) return false;
    out[block_place(i / 8, i % 8)] = static_cast<int16_t>(component.quantiser[i]);
  }
  return true;
}

/// A reader at the start of coded data, which stands behind more than 7 bytes of headers.
JpegBitReader reader_at(const uint8_t* at, const uint8_t* end) {
  JpegBitReader in;
  in.at = at;
  in.end = end;
  in.clear_until = std::find(at, end, uint8_t{0xff}) - 7;
  return in;
}

/// The picture as the pipe in PDQ's reference hands it over: in one channel where all of it is
/// grey. Nothing where all samples that were read are, and those that were not have to be looked
/// at: `chroma_is_zero()` tells whether they are grey for certain.
template <typename ChromaIsZero>
std::optional<Picture> decide_grey(Picture picture, JpegColour colour,
                                   const ChromaIsZero& chroma_is_zero) {
  if (picture.shape.channels == 1 || !all_grey(picture.samples)) return picture;
  if (colour != JpegColour::ycc || !chroma_is_zero()) return std::nullopt;
  return first_channel(picture);
}

uint32_t weights_of(uint32_t left, uint32_t right) { return left | right << 16; }

}  // namespace

bool sparse_supports(const JpegFrame& frame) {
  if (frame.arithmetic || frame.colour == JpegColour::cmyk) return false;
  if (frame.component_count != (frame.colour == JpegColour::grey ? 1u : 3u)) return false;
  if (std::max(frame.width, frame.height) <= kNearestSide) return false;
  for (uint32_t i = 0; i < frame.component_count; ++i) {
    const JpegComponent& component = frame.components[i];
    if (frame.max_h_samples % component.h_samples != 0) return false;
    if (frame.max_v_samples % component.v_samples != 0) return false;
    // libjpeg does not blend so narrow a component.
    if (component.width < 3) return false;
    if (frame.single_scan && !component.has_quantiser) return false;
  }
  return true;
}

SparseComponent::SparseComponent(const JpegFrame& frame, const JpegComponent& component,
                                 const NearestGrid& grid)
    : width_(component.width),
      height_(component.height),
      h_ratio_(frame.max_h_samples / component.h_samples),
      v_ratio_(frame.max_v_samples / component.v_samples),
      // A scan of one component is coded block by block, whatever its sampling factors.
      v_samples_(frame.component_count == 1 ? 1 : component.v_samples),
      block_columns_(frame.component_count == 1
                         ? div_up(frame.width, 8)
                         : div_up(frame.width, 8 * frame.max_h_samples) * component.h_samples) {
  const uint32_t ring_rows = std::bit_ceil(2 * 8 * v_samples_);
  ring_mask_ = ring_rows - 1;
  stride_bytes_ = kLeftPadding + size_t{8} * block_columns_ + kLeftPadding;
  ring_.assign(ring_rows * stride_bytes_ + kSampleGroup, 0);
  plan_columns(grid);
  plan_rows(grid);
}

void SparseComponent::plan_columns(const NearestGrid& grid) {
  // libjpeg blends neighbours for the ratios 2 to 1 across, 2 to 1 down and both; it repeats
  // samples for all others. A sum of weights 16 covers them all.
  const bool across = h_ratio_ == 2 && v_ratio_ <= 2;
  const bool down = v_ratio_ == 2 && h_ratio_ <= 2;
  blends_ = across || down;
  if (blends_) blended_.assign(width_ + 2 + kSampleGroup, 0);
  far_weight_ = down ? 1 : 0;
  needed_columns_.assign(block_columns_, 0);
  const auto need = [this](uint32_t x) { needed_columns_[std::min(x, width_ - 1) / 8] = 1; };
  for (const uint32_t x : grid.columns) {
    const uint32_t nearest = x / h_ratio_;
    uint32_t left = nearest;
    need(nearest);
    if (across) {
      const bool right_half = x % 2 != 0;
      if (right_half) {
        need(nearest + 1);
        weights_.push_back(weights_of(3, 1));
      } else {
        left = nearest - 1;
        if (nearest > 0) need(nearest - 1);
        weights_.push_back(weights_of(1, 3));
      }
      // The rounding alternates, so that it favours neither larger nor smaller values.
      const uint16_t bias = down ? (right_half ? 7 : 8) : (right_half ? 8 : 4);
      bias_[0].push_back(bias);
      bias_[1].push_back(bias);
    } else if (down) {
      weights_.push_back(weights_of(4, 0));
      bias_[0].push_back(4);
      bias_[1].push_back(8);
    }
    columns_.push_back(left);
  }
  const size_t padded = (columns_.size() + kSampleGroup - 1) / kSampleGroup * kSampleGroup;
  columns_.resize(padded, 0);
  weights_.resize(padded, 0);
  bias_[0].resize(padded, 0);
  bias_[1].resize(padded, 0);
  // Columns count from the repeated sample on the left where there is one.
  if (blends_) {
    for (uint32_t& column : columns_) ++column;
  }
}

SparseComponent::RowPair SparseComponent::rows_of(uint32_t picture_row) const {
  const uint32_t nearest = picture_row / v_ratio_;
  if (v_ratio_ != 2 || h_ratio_ > 2) return {nearest, nearest};
  if (picture_row % 2 != 0) return {nearest, std::min(nearest + 1, height_ - 1)};
  return {nearest, nearest == 0 ? 0 : nearest - 1};
}

void SparseComponent::plan_rows(const NearestGrid& grid) {
  needed_rows_.assign(div_up(height_, 8), 0);
  const auto need = [this](uint32_t y) {
    needed_rows_[y / 8] = static_cast<uint8_t>(needed_rows_[y / 8] | 1 << y % 8);
  };
  for (const uint32_t y : grid.rows) {
    const RowPair rows = rows_of(y);
    need(rows.near_row);
    need(rows.far_row);
  }
}

void SparseComponent::sample_row(uint32_t picture_row, const JpegKernels& kernels, size_t count,
                                 uint8_t* out) {
  const RowPair rows = rows_of(picture_row);
  if (!blends_) {
    kernels.pick(row(rows.near_row), columns_.data(), count, out);
    return;
  }
  for (const uint32_t y : {rows.near_row, rows.far_row}) {
    uint8_t* samples = row(y);
    samples[-1] = samples[0];
    samples[width_] = samples[width_ - 1];
  }
  JpegTriangle triangle;
  triangle.near_weight = static_cast<uint16_t>(4 - far_weight_);
  triangle.far_weight = far_weight_;
  triangle.width = width_ + 2;  // With the repeated samples.
  triangle.left = columns_.data();
  triangle.weights = weights_.data();
  triangle.bias = bias_[picture_row % 2].data();
  triangle.blended = blended_.data();
  kernels.upsample(row(rows.near_row) - 1, row(rows.far_row) - 1, triangle, count, out);
}

SparseAssembler::SparseAssembler(const JpegFrame& frame, SimdLevel level)
    : kernels_(jpeg_kernels(level)),
      colour_(frame.colour),
      grid_(NearestGrid::for_shape(frame.width, frame.height)),
      padded_columns_((grid_.columns.size() + kSampleGroup - 1) / kSampleGroup * kSampleGroup) {
  for (uint32_t i = 0; i < frame.component_count; ++i) {
    components_.emplace_back(frame, frame.components[i], grid_);
    sampled_[i].resize(padded_columns_);
  }
  picture_.shape = {static_cast<uint32_t>(grid_.columns.size()),
                    static_cast<uint32_t>(grid_.rows.size()), frame.shape().channels};
  picture_.samples.resize(picture_.shape.height * picture_.shape.row_bytes());
  pixels_.resize(padded_columns_ * picture_.shape.channels);
}

void SparseAssembler::make_row(uint32_t picture_row, uint8_t* out) {
  for (size_t i = 0; i < components_.size(); ++i) {
    components_[i].sample_row(picture_row, kernels_, padded_columns_, sampled_[i].data());
  }
  const uint8_t* made = pixels_.data();
  switch (colour_) {
    case JpegColour::grey:
      made = sampled_[0].data();
      break;
    case JpegColour::ycc:
      kernels_.ycc_to_rgb(sampled_[0].data(), sampled_[1].data(), sampled_[2].data(),
                          padded_columns_, pixels_.data());
      break;
    case JpegColour::rgb:
    case JpegColour::cmyk:
      for (size_t x = 0; x < padded_columns_; ++x) {
        for (size_t c = 0; c < 3; ++c) pixels_[3 * x + c] = sampled_[c][x];
      }
      break;
  }
  std::copy_n(made, picture_.shape.row_bytes(), out);
}

void SparseAssembler::finish_mcu_row(uint32_t mcu_row) {
  const auto available = [&](uint32_t picture_row) {
    return std::all_of(components_.begin(), components_.end(), [&](const SparseComponent& c) {
      const auto rows = c.rows_of(picture_row);
      return std::max(rows.near_row, rows.far_row) < (mcu_row + 1) * 8 * c.blocks_per_row_of_mcus();
    });
  };
  const size_t row_bytes = picture_.shape.row_bytes();
  while (next_row_ < grid_.rows.size() && available(grid_.rows[next_row_])) {
    uint8_t* out = picture_.samples.data() + next_row_ * row_bytes;
    if (next_row_ > 0 && grid_.rows[next_row_] == grid_.rows[next_row_ - 1]) {
      std::copy_n(out - row_bytes, row_bytes, out);
    } else {
      make_row(grid_.rows[next_row_], out);
    }
    ++next_row_;
  }
}

namespace {

/// Decodes the only scan of a file.
class SparseScan {
 public:
  SparseScan(std::span<const std::byte> file, const JpegFrame& frame, SimdLevel level)
      : frame_(frame), kernels_(jpeg_kernels(level)), assembler_(frame, level) {
    const auto* bytes = reinterpret_cast<const uint8_t*>(file.data());
    state_.reader = reader_at(bytes + frame.scan_offset_bytes, bytes + file.size());
  }

  std::optional<Picture> decode() {
    if (!prepare()) return std::nullopt;
    const bool single = frame_.component_count == 1;
    const uint32_t mcus_across = div_up(frame_.width, single ? 8 : 8 * frame_.max_h_samples);
    const uint32_t mcus_down = div_up(frame_.height, single ? 8 : 8 * frame_.max_v_samples);
    for (uint32_t mcu_row = 0; mcu_row < mcus_down; ++mcu_row) {
      aim(mcu_row);
      for (uint32_t mcu = 0; mcu < mcus_across;) {
        if (frame_.restart_interval != 0 && to_restart_ == 0 && !restart()) return std::nullopt;
        uint32_t end = mcus_across;
        if (frame_.restart_interval != 0) end = mcu + std::min(end - mcu, to_restart_);
        if (!kernels_.decode_mcus(state_, mcu, end)) return std::nullopt;
        to_restart_ -= end - mcu;
        mcu = end;
      }
      assembler_.finish_mcu_row(mcu_row);
    }
    if (!ends_here()) return std::nullopt;
    return decide_grey(std::move(assembler_).take(), frame_.colour, [this] {
      return state_.components[1].nonzero == 0 && state_.components[2].nonzero == 0;
    });
  }

 private:
  bool prepare() {
    state_.component_count = frame_.component_count;
    for (uint32_t i = 0; i < frame_.component_count; ++i) {
      const JpegComponent& component = frame_.components[i];
      JpegBlockCoding& coding = state_.components[i];
      if (component.dc_table >= 4 || component.ac_table >= 4) return false;
      std::unique_ptr<DcLookup>& dc = dc_tables_[component.dc_table];
      if (dc == nullptr) {
        dc = std::make_unique<DcLookup>();
        if (!dc->build(frame_.dc_tables[component.dc_table])) return false;
      }
      std::unique_ptr<AcLookup>& ac = ac_tables_[component.ac_table];
      if (ac == nullptr) {
        ac = std::make_unique<AcLookup>();
        if (!ac->build(frame_.ac_tables[component.ac_table])) return false;
      }
      coding.dc = dc.get();
      coding.ac = ac.get();
      std::fill(std::begin(coding.places), std::end(coding.places), uint8_t{64});
      for (uint32_t k = 0; k < 64; ++k) {
        coding.places[k] = static_cast<uint8_t>(block_place(kZigzag[k] / 8, kZigzag[k] % 8));
      }
      int32_t largest_quantiser = 1;
      if (!place_quantiser(component, coding.quantiser)) return false;
      for (const int16_t quantiser : coding.quantiser) {
        largest_quantiser = std::max<int32_t>(largest_quantiser, quantiser);
      }
      const uint64_t safe =
          std::bit_floor(static_cast<uint32_t>(kMaxCoefficient / largest_quantiser));
      const uint64_t safe_second = std::min<uint64_t>(safe, 128);
      coding.safe_offset = safe << 16 | safe_second << 56;
      coding.unsafe_bits = (0xffff & ~(2 * safe - 1)) << 16 | (0xff & ~(2 * safe_second - 1)) << 56;
      const bool single = frame_.component_count == 1;
      coding.mcu_blocks_across = single ? 1 : component.h_samples;
      coding.mcu_blocks_down = single ? 1 : component.v_samples;
      coding.needed_columns = assembler_.components()[i].needed_columns();
      coding.stride_bytes = assembler_.components()[i].stride_bytes();
    }
    to_restart_ = frame_.restart_interval;
    return true;
  }

  void aim(uint32_t mcu_row) {
    for (uint32_t i = 0; i < frame_.component_count; ++i) {
      SparseComponent& component = assembler_.components()[i];
      JpegBlockCoding& coding = state_.components[i];
      for (uint32_t v = 0; v < coding.mcu_blocks_down; ++v) {
        const uint32_t block_row = mcu_row * coding.mcu_blocks_down + v;
        coding.needed_rows[v] = component.needed_rows(block_row);
        coding.samples[v] = component.block_row_samples(block_row);
      }
    }
  }

  /// Passes over the restart marker that is due. False if it is not there at once: libjpeg-turbo
  /// then looks for it.
  bool restart() {
    JpegBitReader& in = state_.reader;
    if (in.count - in.padding >= 8 || in.end - in.at < 2) return false;
    if (in.at[0] != 0xff || in.at[1] != 0xd0 + next_restart_) return false;
    in = reader_at(in.at + 2, in.end);
    next_restart_ = (next_restart_ + 1) % 8;
    to_restart_ = frame_.restart_interval;
    for (JpegBlockCoding& coding : state_.components) coding.last_dc = 0;
    return true;
  }

  /// Whether the end marker follows, behind no more than padding.
  bool ends_here() const {
    const JpegBitReader& in = state_.reader;
    uint32_t stray_bytes = (in.count - in.padding) / 8;
    for (const uint8_t* at = in.at; in.end - at >= 2; ++at, ++stray_bytes) {
      if (stray_bytes > kMaxJpegPaddingBytes) return false;
      if (at[0] == 0xff && at[1] != 0 && at[1] != 0xff) return at[1] == 0xd9;
    }
    return false;
  }

  const JpegFrame& frame_;
  const JpegKernels& kernels_;
  SparseAssembler assembler_;
  std::array<std::unique_ptr<DcLookup>, 4> dc_tables_;
  std::array<std::unique_ptr<AcLookup>, 4> ac_tables_;
  JpegScanState state_;
  uint32_t to_restart_ = 0;
  uint32_t next_restart_ = 0;
};

/// Whether no block of a component has a coefficient.
bool component_is_zero(JpegLibrary& library, uint32_t component) {
  const uint32_t block_rows = div_up(library.frame().components[component].height, 8);
  for (uint32_t block_row = 0; block_row < block_rows; ++block_row) {
    const auto row = library.coefficient_row(component, block_row);
    if (!row) return false;
    if (std::any_of(row->begin(), row->end(), [](int16_t value) { return value != 0; })) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::optional<Picture> sparse_decode_scan(std::span<const std::byte> file, const JpegFrame& frame,
                                          SimdLevel level) {
  return std::make_unique<SparseScan>(file, frame, level)->decode();
}

std::optional<Picture> sparse_decode_coefficients(JpegLibrary& library, SimdLevel level) {
  const JpegFrame& frame = library.frame();
  const JpegKernels& kernels = jpeg_kernels(level);
  SparseAssembler assembler(frame, level);
  const bool single = frame.component_count == 1;
  const uint32_t mcus_down = div_up(frame.height, single ? 8 : 8 * frame.max_v_samples);
  struct alignas(32) Quantiser : std::array<int16_t, 64> {};
  std::array<Quantiser, 3> quantisers{};
  for (uint32_t i = 0; i < frame.component_count; ++i) {
    if (!place_quantiser(frame.components[i], quantisers[i])) return std::nullopt;
  }
  for (uint32_t mcu_row = 0; mcu_row < mcus_down; ++mcu_row) {
    for (uint32_t i = 0; i < frame.component_count; ++i) {
      SparseComponent& component = assembler.components()[i];
      const uint32_t down = component.blocks_per_row_of_mcus();
      for (uint32_t block_row = mcu_row * down; block_row < (mcu_row + 1) * down; ++block_row) {
        const uint8_t needed_rows = component.needed_rows(block_row);
        if (needed_rows == 0) continue;
        const auto coefficients = library.coefficient_row(i, block_row);
        if (!coefficients) return std::nullopt;
        const auto block_count = static_cast<uint32_t>(
            std::min<size_t>(coefficients->size() / 64, component.block_columns()));
        if (!kernels.transform_row({coefficients->data(), quantisers[i].data(), block_count,
                                    component.needed_columns(), needed_rows,
                                    component.block_row_samples(block_row),
                                    component.stride_bytes()})) {
          return std::nullopt;
        }
      }
    }
    assembler.finish_mcu_row(mcu_row);
  }
  return decide_grey(std::move(assembler).take(), frame.colour, [&library] {
    return component_is_zero(library, 1) && component_is_zero(library, 2);
  });
}

}  // namespace safelight::codec

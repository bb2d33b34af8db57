#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "safelight/base/simd.h"
#include "safelight/codec/still/jpeg/jpeg_kernels.h"
#include "safelight/codec/still/jpeg/jpeg_library.h"
#include "safelight/picture/nearest.h"
#include "safelight/picture/picture.h"

namespace safelight::codec {

/// Whether the sparse decoder handles pictures of this kind: grey, YCC or RGB with whole-numbered
/// sampling ratios, Huffman-coded, larger than the nearest-neighbour square.
bool sparse_supports(const JpegFrame& frame);

/// The picture as PictureOutput reduces libjpeg-turbo's full decode, computed from the samples that
/// it reads and no others. Only for frames that sparse_supports().
///
/// For a file whose one scan holds all components. Nothing, where the file is damaged in the least,
/// needs arithmetic that only libjpeg-turbo itself repeats, or may have colour only where no sample
/// is read: then the plain decode decides.
std::optional<Picture> sparse_decode_scan(std::span<const std::byte> file, const JpegFrame& frame,
                                          SimdLevel level);

/// The same for a file of several scans, from complete coefficients.
std::optional<Picture> sparse_decode_coefficients(JpegLibrary& library, SimdLevel level);

/// Which samples of one component are read, and how pixels are made of them.
class SparseComponent {
 public:
  SparseComponent(const JpegFrame& frame, const JpegComponent& component, const NearestGrid& grid);

  /// The sample rows that a picture row is made of; the same one twice where there is no blending.
  struct RowPair {
    uint32_t near_row = 0;
    uint32_t far_row = 0;
  };
  [[nodiscard]] RowPair rows_of(uint32_t picture_row) const;

  /// Bit i: row 8 * block_row + i is read.
  [[nodiscard]] uint8_t needed_rows(uint32_t block_row) const {
    return block_row < needed_rows_.size() ? needed_rows_[block_row] : uint8_t{0};
  }
  /// One byte a block column, padded to whole MCUs.
  [[nodiscard]] const uint8_t* needed_columns() const { return needed_columns_.data(); }

  /// Where the samples of a block row are to be written.
  [[nodiscard]] uint8_t* block_row_samples(uint32_t block_row) { return row(block_row * 8); }
  [[nodiscard]] size_t stride_bytes() const { return stride_bytes_; }
  [[nodiscard]] uint32_t height() const { return height_; }
  [[nodiscard]] uint32_t block_columns() const { return block_columns_; }
  [[nodiscard]] uint32_t blocks_per_row_of_mcus() const { return v_samples_; }

  /// Makes the samples of a picture row at the grid's columns.
  void sample_row(uint32_t picture_row, const JpegKernels& kernels, size_t count, uint8_t* out);

 private:
  [[nodiscard]] uint8_t* row(uint32_t y) {
    return ring_.data() + (y & ring_mask_) * stride_bytes_ + kLeftPadding;
  }
  void plan_columns(const NearestGrid& grid);
  void plan_rows(const NearestGrid& grid);

  /// Room for one sample on the left that repeats the first.
  static constexpr size_t kLeftPadding = 8;

  uint32_t width_;
  uint32_t height_;
  uint32_t h_ratio_;
  uint32_t v_ratio_;
  uint32_t v_samples_;
  uint32_t block_columns_;
  bool blends_ =
      false;  ///< Some neighbour takes part: the ratio is 2 in a direction that is blended.
  std::vector<uint8_t> needed_rows_;
  std::vector<uint8_t> needed_columns_;
  std::vector<uint32_t> columns_;
  std::vector<uint32_t> weights_;
  std::vector<uint16_t> bias_[2];  ///< For even and odd picture rows.
  uint16_t far_weight_ = 0;
  std::vector<uint16_t> blended_;
  uint32_t ring_mask_;
  size_t stride_bytes_;
  std::vector<uint8_t> ring_;  ///< The last two rows of MCUs.
};

/// Makes the reduced picture out of rows of MCUs, from the top.
class SparseAssembler {
 public:
  SparseAssembler(const JpegFrame& frame, SimdLevel level);

  [[nodiscard]] std::vector<SparseComponent>& components() { return components_; }
  /// To be called when the samples of a row of MCUs stand in the components.
  void finish_mcu_row(uint32_t mcu_row);
  [[nodiscard]] Picture take() && { return std::move(picture_); }

 private:
  void make_row(uint32_t picture_row, uint8_t* out);

  const JpegKernels& kernels_;
  JpegColour colour_;
  NearestGrid grid_;
  std::vector<SparseComponent> components_;
  size_t next_row_ = 0;  ///< Index in grid_.rows.
  Picture picture_;
  size_t padded_columns_;
  std::vector<uint8_t> sampled_[3];
  std::vector<uint8_t> pixels_;
};

}  // namespace safelight::codec

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "safelight/base/limits.h"
#include "safelight/base/result.h"
#include "safelight/codec/picture_output.h"
#include "safelight/picture/picture.h"

namespace safelight::codec {

/// Scans of one file, beyond which decoding is given up: each can cost as much as a whole picture.
inline constexpr int kMaxJpegScans = 500;
/// Stray bytes before a marker up to which they count as padding. A real encoder's gap is a few
/// bytes; a longer one may be picture data that the header does not account for. (libjpeg-turbo
/// does not count the up to 8 of them that it has read ahead.)
inline constexpr uint32_t kMaxJpegPaddingBytes = 31;

enum class JpegColour : uint8_t { grey, ycc, rgb, cmyk };

/// A Huffman table as the file gives it, not checked.
struct JpegHuffmanTable {
  bool present = false;
  std::array<uint8_t, 17> counts{};    ///< Codes of each length 1 to 16; element 0 unused.
  std::array<uint8_t, 256> symbols{};  ///< In code order.
};

struct JpegComponent {
  uint32_t h_samples = 1;  ///< Sampling factors.
  uint32_t v_samples = 1;
  uint32_t width = 0;  ///< In samples that the picture covers, without block padding.
  uint32_t height = 0;
  uint8_t dc_table = 0;
  uint8_t ac_table = 0;
  bool has_quantiser = false;
  std::array<uint16_t, 64> quantiser{};  ///< Row by row, not zigzag.
};

/// What a file's header says, up to and including its first scan header.
struct JpegFrame {
  uint32_t width = 0;
  uint32_t height = 0;
  JpegColour colour = JpegColour::grey;
  uint32_t component_count = 0;
  std::array<JpegComponent, 4> components{};
  uint32_t max_h_samples = 1;
  uint32_t max_v_samples = 1;
  bool progressive = false;
  bool arithmetic = false;
  bool single_scan = false;       ///< One scan holds all components.
  uint32_t restart_interval = 0;  ///< In MCUs; 0 = none.
  std::array<JpegHuffmanTable, 4> dc_tables{};
  std::array<JpegHuffmanTable, 4> ac_tables{};
  size_t scan_offset_bytes = 0;  ///< Where the first scan's coded data begins.

  [[nodiscard]] PictureShape shape() const {
    return {width, height, colour == JpegColour::grey ? 1u : 3u};
  }
};

/// One decode by libjpeg-turbo. Its errors become values; nothing is printed.
class JpegLibrary {
 public:
  /// Reads the header and checks its sizes, and the memory that decoding it takes, against
  /// `limits`. `file` must outlive the object.
  static Result<JpegLibrary> open(std::span<const std::byte> file, const Limits& limits);
  JpegLibrary(JpegLibrary&&) noexcept;
  JpegLibrary& operator=(JpegLibrary&&) noexcept;
  ~JpegLibrary();

  [[nodiscard]] const JpegFrame& frame() const;

  /// Has decode_rows() make a picture of a half, a quarter or an eighth of the width and height,
  /// the smallest whose longer side still has that many pixels: from low frequencies alone, which
  /// is a mean over the pixels that each one stands for.
  void reduce_to(uint32_t enough_side_pixels);

  /// Decodes the whole picture into `output`. Gives what is missing, if anything is; an error where
  /// not even one row could be decoded.
  Result<std::optional<Error>> decode_rows(PictureOutput& output);

  /// Decodes every scan into coefficients. Gives whether they are complete and to be used as they
  /// are: false where libjpeg-turbo's own output would smooth over what the scans left out, or
  /// anything was wrong with them.
  Result<bool> read_coefficients();
  /// After read_coefficients(): the quantised coefficients of a row of blocks, 64 a block row by
  /// row, at least as many blocks as the component's width needs. Valid until the next call.
  Result<std::span<const int16_t>> coefficient_row(uint32_t component, uint32_t block_row);

 private:
  struct State;
  explicit JpegLibrary(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace safelight::codec

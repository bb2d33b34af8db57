#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "safelight/base/result.h"
#include "safelight/codec/still/gif/gif_structure.h"

namespace safelight::codec {

/// One picture of a GIF file being read by giflib, whatever stands before it in the file.
class GifSession {
 public:
  using Palette = std::array<std::array<uint8_t, 3>, 256>;

  /// Reads up to the first row. `file` must outlive the session. Errors: truncated; malformed.
  static Result<GifSession> open(std::span<const std::byte> file, const GifStructure& structure,
                                 const GifFrame& frame);
  GifSession(GifSession&&) noexcept;
  GifSession& operator=(GifSession&&) noexcept;
  ~GifSession();

  [[nodiscard]] bool interlaced() const;
  /// Beyond its end, the colour of entry 0; black where the file has no palette.
  [[nodiscard]] const Palette& palette() const;
  /// Reads the next row as stored. Gives what prevented it, if anything did.
  std::optional<Error> read_row(std::span<uint8_t> indices);

 private:
  struct State;
  explicit GifSession(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace safelight::codec

#include "safelight/codec/still/gif/gif_session.h"

#include <algorithm>
#include <gif_lib.h>
#include <new>

namespace safelight::codec {

struct GifSession::State {
  // giflib sees the header, then at once the picture wanted.
  std::span<const std::byte> header;
  std::span<const std::byte> picture;
  uint64_t picture_offset_bytes = 0;
  size_t position = 0;  ///< In both, one after the other.
  GifFileType* gif = nullptr;
  Palette palette{};

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (gif != nullptr) DGifCloseFile(gif, nullptr);
  }

  static int on_read(GifFileType* gif, GifByteType* out, int size);

  /// What a code of giflib stands for.
  [[nodiscard]] Error error_of(int code) const {
    const bool in_picture = position >= header.size();
    const uint64_t consumed =
        in_picture ? picture_offset_bytes + (position - header.size()) : position;
    switch (code) {
      case D_GIF_ERR_NOT_ENOUGH_MEM:
        throw std::bad_alloc();
      case D_GIF_ERR_READ_FAILED:
        return Error::near(ErrorCode::truncated, "gif.end-of-file", consumed);
      case D_GIF_ERR_EOF_TOO_SOON:
        return Error::near(ErrorCode::malformed, "gif.too-little-data", consumed);
      default:
        return Error::near(ErrorCode::malformed, "gif.data", consumed);
    }
  }

  void read_palette() {
    const ColorMapObject* map =
        gif->Image.ColorMap != nullptr ? gif->Image.ColorMap : gif->SColorMap;
    if (map == nullptr || map->ColorCount <= 0) return;
    for (size_t i = 0; i < palette.size(); ++i) {
      const GifColorType& entry = map->Colors[i < static_cast<size_t>(map->ColorCount) ? i : 0];
      palette[i] = {entry.Red, entry.Green, entry.Blue};
    }
  }
};

int GifSession::State::on_read(GifFileType* gif, GifByteType* out, int size) {
  auto& state = *static_cast<State*>(gif->UserData);
  const auto wanted = static_cast<size_t>(size);
  size_t done = 0;
  for (const auto& [part, start] :
       {std::pair(state.header, size_t{0}), std::pair(state.picture, state.header.size())}) {
    while (done < wanted && state.position >= start && state.position - start < part.size()) {
      out[done++] = std::to_integer<uint8_t>(part[state.position++ - start]);
    }
  }
  return static_cast<int>(done);
}

GifSession::GifSession(std::unique_ptr<State> state) : state_(std::move(state)) {}
GifSession::GifSession(GifSession&&) noexcept = default;
GifSession& GifSession::operator=(GifSession&&) noexcept = default;
GifSession::~GifSession() = default;

Result<GifSession> GifSession::open(std::span<const std::byte> file, const GifStructure& structure,
                                    const GifFrame& frame) {
  auto state = std::make_unique<State>();
  state->header = file.first(structure.first_block_offset_bytes);
  state->picture = file.subspan(frame.offset_bytes);
  state->picture_offset_bytes = frame.offset_bytes;
  int code = 0;
  state->gif = DGifOpen(state.get(), State::on_read, &code);
  if (state->gif == nullptr) return state->error_of(code);
  GifRecordType record = UNDEFINED_RECORD_TYPE;
  if (DGifGetRecordType(state->gif, &record) != GIF_OK || DGifGetImageDesc(state->gif) != GIF_OK) {
    return state->error_of(state->gif->Error);
  }
  state->read_palette();
  return GifSession(std::move(state));
}

bool GifSession::interlaced() const { return state_->gif->Image.Interlace; }
const GifSession::Palette& GifSession::palette() const { return state_->palette; }

std::optional<Error> GifSession::read_row(std::span<uint8_t> indices) {
  if (DGifGetLine(state_->gif, indices.data(), static_cast<int>(indices.size())) == GIF_OK) {
    return std::nullopt;
  }
  return state_->error_of(state_->gif->Error);
}

}  // namespace safelight::codec

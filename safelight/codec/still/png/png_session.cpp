#include "safelight/codec/still/png/png_session.h"

#include <algorithm>
#include <csetjmp>
#include <new>
#include <png.h>
#include <string_view>

namespace safelight::codec {
namespace {

/// Compressed bytes handed to zlib at once. libpng takes 8,192 by default; of a file that is cut
/// the last portion is lost, so a small one saves rows.
constexpr size_t kPortionBytes = 512;

/// The gamma, in 1/100,000, beyond which ImageMagick 6 takes samples for proportional to light,
/// which is 100,000.
constexpr png_fixed_point kLinearGamma = 75'000;

/// The chunks besides the critical ones that are read, as libpng lists them.
constexpr png_byte kReadChunks[] = "gAMA\0sRGB";

/// What libpng says in words, as a rule of ours.
struct MessageRule {
  std::string_view part;
  ErrorCode code;
  std::string_view rule;
};

constexpr auto kMessageRules = std::to_array<MessageRule>({
    {"CRC error", ErrorCode::integrity_mismatch, "png.chunk-crc"},
    {"incorrect data check", ErrorCode::integrity_mismatch, "png.data-check"},
    {"Not enough", ErrorCode::malformed, "png.too-little-data"},
    {"adaptive filter", ErrorCode::malformed, "png.filter"},
    {"PLTE", ErrorCode::malformed, "png.palette"},
    {"palette", ErrorCode::malformed, "png.palette"},
    {"IHDR", ErrorCode::malformed, "png.header"},
    {"IDAT", ErrorCode::malformed, "png.data"},
});
constexpr MessageRule kOtherMessage = {"", ErrorCode::malformed, "png.structure"};

const MessageRule& rule_of(std::string_view message) {
  const auto* found = std::find_if(
      kMessageRules.begin(), kMessageRules.end(),
      [&](const MessageRule& row) { return message.find(row.part) != std::string_view::npos; });
  return found == kMessageRules.end() ? kOtherMessage : *found;
}

}  // namespace

struct PngSession::State {
  png_structp png = nullptr;
  png_infop info = nullptr;
  std::span<const std::byte> file;
  size_t position = 0;
  std::optional<Error> damage;   ///< The first thing wrong.
  std::optional<Error> stopped;  ///< What reading stopped at.
  PngHeader header;
  size_t row_bytes = 0;
  int passes = 1;
  std::array<PngColour, 256> palette{};
  std::optional<std::array<uint16_t, 3>> transparent;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { png_destroy_read_struct(&png, &info, nullptr); }

  void note(const Error& error) {
    if (!damage) damage = error;
  }
  void stop(ErrorCode code, std::string_view rule) {
    if (!stopped) stopped = Error::near(code, rule, position);
    note(*stopped);
  }
  void read_header();
  void read_colours();

  // What libpng calls back.
  static void on_read(png_structp png, png_bytep out, size_t size);
  [[noreturn]] static void on_error(png_structp png, png_const_charp message);
  static void on_warning(png_structp png, png_const_charp message);

  // What may be jumped out of: no object with a destructor lives in these frames. False then.
  static bool start(png_structp png, png_infop info, uint32_t* bit_depth);
  static bool read_row(png_structp png, png_bytep row);
  static bool finish(png_structp png);
};

void PngSession::State::on_read(png_structp png, png_bytep out, size_t size) {
  auto& state = *static_cast<State*>(png_get_io_ptr(png));
  if (size > state.file.size() - state.position) {
    state.position = state.file.size();
    state.stop(ErrorCode::truncated, "png.end-of-file");
    png_error(png, "end of file");
  }
  std::copy_n(state.file.begin() + static_cast<std::ptrdiff_t>(state.position), size,
              std::as_writable_bytes(std::span(out, size)).begin());
  state.position += size;
}

void PngSession::State::on_error(png_structp png, png_const_charp message) {
  auto& state = *static_cast<State*>(png_get_error_ptr(png));
  const MessageRule& row = rule_of(message);
  state.stop(row.code, row.rule);
  png_longjmp(png, 1);
}

void PngSession::State::on_warning(png_structp png, png_const_charp message) {
  const MessageRule& row = rule_of(message);
  if (row.code != ErrorCode::integrity_mismatch) return;
  auto& state = *static_cast<State*>(png_get_error_ptr(png));
  state.note(Error::near(row.code, row.rule, state.position));
}

bool PngSession::State::start(png_structp png, png_infop info, uint32_t* bit_depth) {
  if (setjmp(png_jmpbuf(png))) return false;
  png_set_crc_action(png, PNG_CRC_WARN_USE, PNG_CRC_QUIET_USE);
  png_set_compression_buffer_size(png, kPortionBytes);
  // Text, profiles and the like: passed over, so that nothing of them is inflated or kept.
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_AS_DEFAULT, kReadChunks, 2);
  png_read_info(png, info);
  *bit_depth = png_get_bit_depth(png, info);
  png_set_packing(png);
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
  return true;
}

bool PngSession::State::read_row(png_structp png, png_bytep row) {
  if (setjmp(png_jmpbuf(png))) return false;
  png_read_row(png, nullptr, row);
  return true;
}

bool PngSession::State::finish(png_structp png) {
  if (setjmp(png_jmpbuf(png))) return false;
  png_read_end(png, nullptr);
  return true;
}

void PngSession::State::read_header() {
  header.width = png_get_image_width(png, info);
  header.height = png_get_image_height(png, info);
  header.channels = png_get_channels(png, info);
  header.wide = header.bit_depth == 16;
  header.palette = png_get_color_type(png, info) == PNG_COLOR_TYPE_PALETTE;
  header.interlaced = png_get_interlace_type(png, info) != PNG_INTERLACE_NONE;
  png_fixed_point gamma = 0;
  int intent = 0;
  header.linear_light = png_get_gAMA_fixed(png, info, &gamma) != 0 && gamma > kLinearGamma &&
                        png_get_sRGB(png, info, &intent) == 0;
  row_bytes = png_get_rowbytes(png, info);
  passes = header.interlaced ? PNG_INTERLACE_ADAM7_PASSES : 1;
}

void PngSession::State::read_colours() {
  png_colorp entries = nullptr;
  int entry_count = 0;
  png_get_PLTE(png, info, &entries, &entry_count);
  // ImageMagick shows an index beyond the palette in the colour of entry 0.
  for (size_t i = 0; entries != nullptr && i < palette.size(); ++i) {
    const png_color& entry = entries[i < static_cast<size_t>(entry_count) ? i : 0];
    palette[i] = {entry.red, entry.green, entry.blue, 255};
  }
  png_bytep alphas = nullptr;
  int alpha_count = 0;
  png_color_16p colour = nullptr;
  if (png_get_tRNS(png, info, &alphas, &alpha_count, &colour) == 0) return;
  if (header.palette) {
    for (size_t i = 0; alphas != nullptr && i < static_cast<size_t>(alpha_count); ++i) {
      palette[i].alpha = alphas[i];
    }
  } else if (colour != nullptr) {
    transparent = header.channels == 1
                      ? std::array<uint16_t, 3>{colour->gray, colour->gray, colour->gray}
                      : std::array<uint16_t, 3>{colour->red, colour->green, colour->blue};
  }
}

PngSession::PngSession(std::unique_ptr<State> state) : state_(std::move(state)) {}
PngSession::PngSession(PngSession&&) noexcept = default;
PngSession& PngSession::operator=(PngSession&&) noexcept = default;
PngSession::~PngSession() = default;

Result<PngSession> PngSession::open(std::span<const std::byte> file) {
  auto state = std::make_unique<State>();
  state->file = file;
  state->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, state.get(), State::on_error,
                                      State::on_warning);
  if (state->png != nullptr) state->info = png_create_info_struct(state->png);
  if (state->info == nullptr) throw std::bad_alloc();
  png_set_read_fn(state->png, state.get(), State::on_read);
  if (!State::start(state->png, state->info, &state->header.bit_depth)) return *state->stopped;
  state->read_header();
  state->read_colours();
  return PngSession(std::move(state));
}

const PngHeader& PngSession::header() const { return state_->header; }
size_t PngSession::row_bytes() const { return state_->row_bytes; }
int PngSession::passes() const { return state_->passes; }
std::optional<Error> PngSession::damage() const { return state_->damage; }
const std::array<PngColour, 256>& PngSession::palette() const { return state_->palette; }
const std::optional<std::array<uint16_t, 3>>& PngSession::transparent() const {
  return state_->transparent;
}

bool PngSession::read_row(std::span<uint8_t> row) {
  return State::read_row(state_->png, row.data());
}
bool PngSession::read_end() { return State::finish(state_->png); }

}  // namespace safelight::codec

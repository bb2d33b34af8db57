#include "safelight/codec/still/tiff/tiff_session.h"

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstring>
#include <string_view>
#include <tiffio.h>

#include "safelight/codec/picture_output.h"

namespace safelight::codec {
namespace {

/// What libtiff says in words, as a rule of ours. The words are those of its format strings.
struct MessageRule {
  std::string_view part;
  ErrorCode code;
  std::string_view rule;
};

constexpr auto kMessageRules = std::to_array<MessageRule>({
    {"Read error", ErrorCode::truncated, "tiff.data"},
    {"ead error on strip", ErrorCode::truncated, "tiff.data"},
    {"end of file", ErrorCode::truncated, "tiff.data"},
    {"Not enough data", ErrorCode::truncated, "tiff.data"},
    {"Can not read TIFF directory", ErrorCode::truncated, "tiff.directory"},
    {"memory", ErrorCode::limit_exceeded, "max_decode_memory_bytes"},
    {"Memory", ErrorCode::limit_exceeded, "max_decode_memory_bytes"},
    {"allocation", ErrorCode::limit_exceeded, "max_decode_memory_bytes"},
    {"not configured", ErrorCode::unsupported, "tiff.compression"},
    {"not implemented", ErrorCode::unsupported, "tiff.compression"},
    {"nsupported", ErrorCode::unsupported, "tiff.variant"},
    {"can not handle", ErrorCode::unsupported, "tiff.variant"},
    {"directory", ErrorCode::malformed, "tiff.directory"},
});
constexpr MessageRule kOtherMessage = {"", ErrorCode::malformed, "tiff.data"};

const MessageRule& rule_of(std::string_view message) {
  const auto* found = std::find_if(
      kMessageRules.begin(), kMessageRules.end(),
      [&](const MessageRule& row) { return message.find(row.part) != std::string_view::npos; });
  return found == kMessageRules.end() ? kOtherMessage : *found;
}

constexpr uint32_t kMaxSamples = 64;

}  // namespace

struct TiffSession::State {
  std::span<const std::byte> file;
  uint64_t position = 0;
  uint64_t consumed = 0;  ///< Behind the furthest byte read.
  Limits limits;
  std::optional<Error> error;  ///< The first that libtiff reported.
  TIFF* tiff = nullptr;
  TiffHeader header;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (tiff != nullptr) TIFFClose(tiff);
  }

  [[nodiscard]] Error error_or(ErrorCode code, std::string_view rule) const {
    return error.value_or(Error::near(code, rule, consumed));
  }

  template <typename T>
  T field(uint32_t tag, T otherwise) const {
    T value = otherwise;
    return TIFFGetFieldDefaulted(tiff, tag, &value) == 1 ? value : otherwise;
  }

  static int on_error(TIFF* tiff, void* user, const char* module, const char* format, va_list);
  static int on_warning(TIFF*, void*, const char*, const char*, va_list) { return 1; }
  static tmsize_t on_read(thandle_t handle, void* out, tmsize_t size);
  static toff_t on_seek(thandle_t handle, toff_t offset, int whence);

  Result<void> open(uint64_t directory_offset_bytes);
  Result<void> read_header();
  Result<void> read_colour(uint16_t photometric);
  Result<void> read_palette();
  void read_alpha(uint32_t colour_samples);

  void note(const std::optional<Error>& found, std::optional<Error>& first) const {
    if (!first) first = found.value_or(Error::near(ErrorCode::malformed, "tiff.data", consumed));
  }
  Result<std::optional<Error>> read_strips(const TakeRow& take);
  Result<std::optional<Error>> read_planes(const TakeRow& take);
  Result<std::optional<Error>> read_tiles(const TakeRow& take);
  Result<std::optional<Error>> read_converted(const TakeRow& take);
};

int TiffSession::State::on_error(TIFF*, void* user, const char*, const char* format, va_list) {
  auto& state = *static_cast<State*>(user);
  if (!state.error) {
    const MessageRule& row = rule_of(format);
    state.error = Error::near(row.code, row.rule, state.consumed);
  }
  return 1;
}

tmsize_t TiffSession::State::on_read(thandle_t handle, void* out, tmsize_t size) {
  auto& state = *static_cast<State*>(handle);
  if (size <= 0 || state.position >= state.file.size()) return 0;
  const auto part = state.file.subspan(
      state.position,
      std::min<uint64_t>(static_cast<uint64_t>(size), state.file.size() - state.position));
  std::memcpy(out, part.data(), part.size());
  state.position += part.size();
  state.consumed = std::max(state.consumed, state.position);
  return static_cast<tmsize_t>(part.size());
}

toff_t TiffSession::State::on_seek(thandle_t handle, toff_t offset, int whence) {
  auto& state = *static_cast<State*>(handle);
  const uint64_t base =
      whence == SEEK_SET ? 0 : (whence == SEEK_CUR ? state.position : state.file.size());
  state.position = base + offset;
  return state.position;
}

Result<void> TiffSession::State::open(uint64_t directory_offset_bytes) {
  TIFFOpenOptions* options = TIFFOpenOptionsAlloc();
  if (options == nullptr) throw std::bad_alloc();
  TIFFOpenOptionsSetMaxSingleMemAlloc(options,
                                      static_cast<tmsize_t>(limits.max_decode_memory_bytes));
  TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, this);
  TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, this);
  // h: the header alone, since the directory is chosen here; m: no memory mapping.
  tiff = TIFFClientOpenExt(
      "", "rhm", this, on_read, [](thandle_t, void*, tmsize_t) -> tmsize_t { return 0; }, on_seek,
      [](thandle_t) { return 0; },
      [](thandle_t handle) -> toff_t { return static_cast<State*>(handle)->file.size(); }, nullptr,
      nullptr, options);
  TIFFOpenOptionsFree(options);
  if (tiff == nullptr) return error_or(ErrorCode::malformed, "tiff.signature");
  if (TIFFSetSubDirectory(tiff, directory_offset_bytes) == 0) {
    return error_or(ErrorCode::malformed, "tiff.directory");
  }
  error.reset();  // what libtiff got over
  return read_header();
}

Result<void> TiffSession::State::read_header() {
  header.width = field<uint32_t>(TIFFTAG_IMAGEWIDTH, 0);
  header.height = field<uint32_t>(TIFFTAG_IMAGELENGTH, 0);
  SAFELIGHT_CHECK(check_size(header.width, header.height, limits, consumed));
  uint16_t photometric = 0;
  if (TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric) == 0) {
    photometric = PHOTOMETRIC_MINISBLACK;
  }
  const auto compression = field<uint16_t>(TIFFTAG_COMPRESSION, COMPRESSION_NONE);
  if (compression == COMPRESSION_JPEG && photometric == PHOTOMETRIC_YCBCR) {
    TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    photometric = PHOTOMETRIC_RGB;
  }
  header.bits = field<uint16_t>(TIFFTAG_BITSPERSAMPLE, 1);
  header.samples = field<uint16_t>(TIFFTAG_SAMPLESPERPIXEL, 1);
  header.separate =
      header.samples > 1 &&
      field<uint16_t>(TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) == PLANARCONFIG_SEPARATE;
  if (header.samples == 0 || header.samples > kMaxSamples) {
    return Error::near(ErrorCode::unsupported, "tiff.samples", consumed);
  }
  if (compression == COMPRESSION_OJPEG) photometric = PHOTOMETRIC_YCBCR;
  return read_colour(photometric);
}

Result<void> TiffSession::State::read_colour(uint16_t photometric) {
  uint32_t colour_samples = 1;
  switch (photometric) {
    case PHOTOMETRIC_MINISWHITE:
      header.colour = TiffColour::white_is_zero;
      break;
    case PHOTOMETRIC_MINISBLACK:
    case PHOTOMETRIC_MASK:
      header.colour = TiffColour::black_is_zero;
      break;
    case PHOTOMETRIC_RGB:
      header.colour = TiffColour::rgb;
      colour_samples = 3;
      break;
    case PHOTOMETRIC_PALETTE:
      header.colour = TiffColour::palette;
      SAFELIGHT_CHECK(read_palette());
      break;
    case PHOTOMETRIC_SEPARATED:
      header.colour = TiffColour::cmyk;
      colour_samples = 4;
      break;
    default: {
      std::array<char, 1024> message{};  // as long as libtiff demands
      if (TIFFRGBAImageOK(tiff, message.data()) == 0) {
        return Error::near(ErrorCode::unsupported, "tiff.colour", consumed);
      }
      header.colour = TiffColour::converted;
      return {};
    }
  }
  if (header.samples < colour_samples) {
    return Error::near(ErrorCode::malformed, "tiff.samples", consumed);
  }
  switch (field<uint16_t>(TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT)) {
    case SAMPLEFORMAT_INT:
      header.numbers = TiffNumbers::signed_integer;
      break;
    case SAMPLEFORMAT_IEEEFP:
      header.numbers = TiffNumbers::floating;
      break;
    case SAMPLEFORMAT_UINT:
    case SAMPLEFORMAT_VOID:
      break;
    default:
      return Error::near(ErrorCode::unsupported, "tiff.sample-format", consumed);
  }
  const bool known = header.numbers == TiffNumbers::floating
                         ? header.bits == 16 || header.bits == 32 || header.bits == 64
                         : (header.bits >= 1 && header.bits <= 16) || header.bits == 32;
  if (!known) return Error::near(ErrorCode::unsupported, "tiff.bits", consumed);
  read_alpha(colour_samples);
  return {};
}

Result<void> TiffSession::State::read_palette() {
  uint16_t* red = nullptr;
  uint16_t* green = nullptr;
  uint16_t* blue = nullptr;
  if (header.bits > 16) return Error::near(ErrorCode::unsupported, "tiff.bits", consumed);
  if (TIFFGetField(tiff, TIFFTAG_COLORMAP, &red, &green, &blue) == 0) {
    return Error::near(ErrorCode::malformed, "tiff.palette", consumed);
  }
  uint32_t highest = 0;
  for (size_t i = 0; i < size_t{1} << header.bits; ++i) {
    header.palette.push_back({red[i], green[i], blue[i]});
    for (const uint16_t value : header.palette.back()) highest = std::max<uint32_t>(highest, value);
  }
  if (highest > 255) return {};
  // Some writers store 8 bits where 16 are asked for.
  for (auto& entry : header.palette) {
    for (uint16_t& value : entry) value = static_cast<uint16_t>(value * 257);
  }
  return {};
}

void TiffSession::State::read_alpha(uint32_t colour_samples) {
  uint16_t count = 0;
  uint16_t* kinds = nullptr;
  if (header.samples <= colour_samples ||
      TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &count, &kinds) == 0 || count == 0) {
    return;
  }
  if (kinds[0] == EXTRASAMPLE_ASSOCALPHA) header.alpha = TiffAlpha::associated;
  if (kinds[0] == EXTRASAMPLE_UNASSALPHA) header.alpha = TiffAlpha::unassociated;
}

Result<std::optional<Error>> TiffSession::State::read_strips(const TakeRow& take) {
  const uint64_t row_bytes = TIFFScanlineSize64(tiff);
  SAFELIGHT_CHECK(check_memory(1, row_bytes, limits, consumed));
  const uint32_t strip_rows =
      std::clamp<uint32_t>(field<uint32_t>(TIFFTAG_ROWSPERSTRIP, header.height), 1, header.height);
  std::vector<uint8_t> row(row_bytes);
  std::optional<Error> first;
  uint32_t y = 0;
  while (y < header.height) {
    if (TIFFReadScanline(tiff, row.data(), y, 0) == 1) {
      const std::array<std::span<const uint8_t>, 1> planes = {row};
      take(y++, planes);
    } else {
      note(error, first);
      y = y / strip_rows * strip_rows + strip_rows;
      if (y < strip_rows) break;  // past 32 bits
    }
  }
  return first;
}

Result<std::optional<Error>> TiffSession::State::read_planes(const TakeRow& take) {
  const uint64_t row_bytes = TIFFScanlineSize64(tiff);
  SAFELIGHT_CHECK(
      check_memory(row_bytes, uint64_t{header.height} * header.samples, limits, consumed));
  std::vector<uint8_t> samples(row_bytes * header.height * header.samples);
  std::optional<Error> first;
  uint32_t good_rows = header.height;
  for (uint16_t plane = 0; plane < header.samples; ++plane) {
    for (uint32_t y = 0; y < good_rows; ++y) {
      uint8_t* row = samples.data() + (size_t{plane} * header.height + y) * row_bytes;
      if (TIFFReadScanline(tiff, row, y, plane) != 1) {
        note(error, first);
        good_rows = y;
      }
    }
  }
  std::vector<std::span<const uint8_t>> planes(header.samples);
  for (uint32_t y = 0; y < good_rows; ++y) {
    for (size_t plane = 0; plane < planes.size(); ++plane) {
      planes[plane] =
          std::span(samples).subspan((plane * header.height + y) * row_bytes, row_bytes);
    }
    take(y, planes);
  }
  return first;
}

Result<std::optional<Error>> TiffSession::State::read_tiles(const TakeRow& take) {
  const auto tile_width = field<uint32_t>(TIFFTAG_TILEWIDTH, 0);
  const auto tile_height = field<uint32_t>(TIFFTAG_TILELENGTH, 0);
  const uint64_t tile_row_bytes = TIFFTileRowSize64(tiff);
  const uint64_t tile_bytes = TIFFTileSize64(tiff);
  const size_t planes = header.separate ? header.samples : 1;
  const uint64_t pixel_bits = uint64_t{header.bits} * (header.separate ? 1 : header.samples);
  if (tile_width == 0 || tile_height == 0 || tile_width > limits.max_side_pixels ||
      tile_height > limits.max_side_pixels || tile_width * pixel_bits % 8 != 0 ||
      tile_row_bytes != tile_width * pixel_bits / 8 || tile_bytes != tile_row_bytes * tile_height) {
    return Error::near(ErrorCode::unsupported, "tiff.tile", consumed);
  }
  const uint64_t across = (uint64_t{header.width} + tile_width - 1) / tile_width;
  const uint64_t band_row_bytes = across * tile_row_bytes;
  SAFELIGHT_CHECK(
      check_memory(band_row_bytes, uint64_t{tile_height} * (planes + 1), limits, consumed));
  std::vector<uint8_t> tile(tile_bytes);
  std::vector<uint8_t> band(band_row_bytes * tile_height * planes);
  std::vector<std::span<const uint8_t>> rows(planes);
  std::optional<Error> first;
  for (uint64_t top = 0; top < header.height; top += tile_height) {
    bool good = true;
    for (size_t plane = 0; plane < planes && good; ++plane) {
      for (uint64_t column = 0; column < across && good; ++column) {
        const uint32_t index =
            TIFFComputeTile(tiff, static_cast<uint32_t>(column * tile_width),
                            static_cast<uint32_t>(top), 0, static_cast<uint16_t>(plane));
        good = TIFFReadEncodedTile(tiff, index, tile.data(), static_cast<tmsize_t>(tile_bytes)) ==
               static_cast<tmsize_t>(tile_bytes);
        for (uint64_t y = 0; y < tile_height && good; ++y) {
          std::copy_n(
              tile.data() + y * tile_row_bytes, tile_row_bytes,
              band.data() + (plane * tile_height + y) * band_row_bytes + column * tile_row_bytes);
        }
      }
    }
    if (!good) {
      note(error, first);
      continue;
    }
    for (uint64_t y = 0; y < tile_height && top + y < header.height; ++y) {
      for (size_t plane = 0; plane < planes; ++plane) {
        rows[plane] =
            std::span(band).subspan((plane * tile_height + y) * band_row_bytes, band_row_bytes);
      }
      take(static_cast<uint32_t>(top + y), rows);
    }
  }
  return first;
}

Result<std::optional<Error>> TiffSession::State::read_converted(const TakeRow& take) {
  const bool tiled = TIFFIsTiled(tiff) != 0;
  uint32_t band_rows = field<uint32_t>(tiled ? TIFFTAG_TILELENGTH : TIFFTAG_ROWSPERSTRIP, 1);
  band_rows = std::clamp<uint32_t>(band_rows, 1, header.height);
  SAFELIGHT_CHECK(check_memory(header.width, uint64_t{band_rows} * 8, limits, consumed));
  std::vector<uint32_t> band(size_t{header.width} * band_rows);
  std::vector<uint8_t> rgb(size_t{header.width} * 3);
  std::array<char, 1024> message{};
  TIFFRGBAImage image{};
  std::optional<Error> first;
  if (TIFFRGBAImageBegin(&image, tiff, 1, message.data()) == 0) {
    return error_or(ErrorCode::unsupported, "tiff.colour");
  }
  image.req_orientation = image.orientation;  // as stored
  for (uint32_t top = 0; top < header.height; top += band_rows) {
    const uint32_t rows = std::min(band_rows, header.height - top);
    image.row_offset = static_cast<int>(top);
    image.col_offset = 0;
    if (TIFFRGBAImageGet(&image, band.data(), header.width, rows) == 0) {
      note(error, first);
      continue;
    }
    for (uint32_t y = 0; y < rows; ++y) {
      for (size_t x = 0; x < header.width; ++x) {
        const uint32_t pixel = band[size_t{y} * header.width + x];
        rgb[3 * x] = static_cast<uint8_t>(TIFFGetR(pixel));
        rgb[3 * x + 1] = static_cast<uint8_t>(TIFFGetG(pixel));
        rgb[3 * x + 2] = static_cast<uint8_t>(TIFFGetB(pixel));
      }
      const std::array<std::span<const uint8_t>, 1> planes = {rgb};
      take(top + y, planes);
    }
  }
  TIFFRGBAImageEnd(&image);
  return first;
}

TiffSession::TiffSession(std::unique_ptr<State> state) : state_(std::move(state)) {}
TiffSession::TiffSession(TiffSession&&) noexcept = default;
TiffSession& TiffSession::operator=(TiffSession&&) noexcept = default;
TiffSession::~TiffSession() = default;

Result<TiffSession> TiffSession::open(std::span<const std::byte> file,
                                      uint64_t directory_offset_bytes, const Limits& limits) {
  auto state = std::make_unique<State>();
  state->file = file;
  state->limits = limits;
  SAFELIGHT_CHECK(state->open(directory_offset_bytes));
  return TiffSession(std::move(state));
}

const TiffHeader& TiffSession::header() const { return state_->header; }

Result<std::optional<Error>> TiffSession::read_rows(const TakeRow& take) {
  if (state_->header.colour == TiffColour::converted) return state_->read_converted(take);
  if (TIFFIsTiled(state_->tiff) != 0) return state_->read_tiles(take);
  return state_->header.separate ? state_->read_planes(take) : state_->read_strips(take);
}

}  // namespace safelight::codec

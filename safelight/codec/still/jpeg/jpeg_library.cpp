#include "safelight/codec/still/jpeg/jpeg_library.h"

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <utility>
#include <vector>

// <jpeglib.h> needs <cstdio> before it, <jerror.h> the other's configuration.
// clang-format off
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

namespace safelight::codec {
namespace {

constexpr uint32_t kRowsPerChunk = 16;
/// A block becomes one pixel. Between the powers of two the library has no vector instructions.
constexpr uint32_t kMaxReduction = 8;

struct Complaint {
  ErrorCode code = ErrorCode::malformed;
  std::string_view rule;
};

/// What a fatal error of the library means.
Complaint complaint_of(int message) {
  switch (message) {
    case JERR_NO_SOI:
      return {ErrorCode::malformed, "jpeg.start-marker"};
    case JERR_NO_IMAGE:
    case JERR_SOF_NO_SOS:
      return {ErrorCode::malformed, "jpeg.no-scan"};
    case JERR_SOS_NO_SOF:
      return {ErrorCode::malformed, "jpeg.scan-before-frame"};
    case JERR_SOF_DUPLICATE:
    case JERR_SOI_DUPLICATE:
    case JERR_EOI_EXPECTED:
      return {ErrorCode::malformed, "jpeg.marker-order"};
    case JERR_EMPTY_IMAGE:
      return {ErrorCode::unsupported, "jpeg.frame-without-size"};
    case JERR_BAD_LENGTH:
      return {ErrorCode::malformed, "jpeg.segment-length"};
    case JERR_BAD_HUFF_TABLE:
    case JERR_DHT_INDEX:
    case JERR_NO_HUFF_TABLE:
    case JERR_HUFF_MISSING_CODE:
      return {ErrorCode::malformed, "jpeg.huffman-table"};
    case JERR_DQT_INDEX:
    case JERR_NO_QUANT_TABLE:
      return {ErrorCode::malformed, "jpeg.quantisation-table"};
    case JERR_BAD_COMPONENT_ID:
    case JERR_BAD_MCU_SIZE:
    case JERR_BAD_SAMPLING:
      return {ErrorCode::malformed, "jpeg.component"};
    case JERR_BAD_PROGRESSION:
      return {ErrorCode::malformed, "jpeg.progression"};
    case JERR_DAC_INDEX:
    case JERR_DAC_VALUE:
    case JERR_NO_ARITH_TABLE:
      return {ErrorCode::malformed, "jpeg.arithmetic-conditioning"};
    case JERR_UNKNOWN_MARKER:
      return {ErrorCode::malformed, "jpeg.marker"};
    case JERR_SOF_UNSUPPORTED:
    case JERR_ARITH_NOTIMPL:
      return {ErrorCode::unsupported, "jpeg.process"};
    case JERR_BAD_PRECISION:
      return {ErrorCode::unsupported, "jpeg.precision"};
    case JERR_COMPONENT_COUNT:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_BAD_J_COLORSPACE:
      return {ErrorCode::unsupported, "jpeg.colour-model"};
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_CCIR601_NOTIMPL:
      return {ErrorCode::unsupported, "jpeg.sampling"};
    case JERR_IMAGE_TOO_BIG:
    case JERR_WIDTH_OVERFLOW:
      return {ErrorCode::limit_exceeded, "max_side_pixels"};
    case JERR_OUT_OF_MEMORY:
    case JERR_NO_BACKING_STORE:
      return {ErrorCode::limit_exceeded, "max_decode_memory_bytes"};
    default:
      return {ErrorCode::malformed, "jpeg.structure"};
  }
}

/// Whether a warning means that samples are missing or wrong, and what it means.
std::optional<Complaint> data_loss_of(const jpeg_error_mgr& errors) {
  switch (errors.msg_code) {
    case JWRN_JPEG_EOF:
      return Complaint{ErrorCode::truncated, "jpeg.end-of-file"};
    case JWRN_HIT_MARKER:
      return Complaint{ErrorCode::malformed, "jpeg.scan-data-ends-early"};
    case JWRN_HUFF_BAD_CODE:
      return Complaint{ErrorCode::malformed, "jpeg.huffman-code"};
    case JWRN_ARITH_BAD_CODE:
      return Complaint{ErrorCode::malformed, "jpeg.arithmetic-code"};
    case JWRN_MUST_RESYNC:
      return Complaint{ErrorCode::malformed, "jpeg.restart-marker"};
    case JWRN_BOGUS_PROGRESSION:
      return Complaint{ErrorCode::malformed, "jpeg.progression"};
    case JWRN_EXTRANEOUS_DATA: {
      const int stray_bytes = errors.msg_parm.i[0];
      const int marker = errors.msg_parm.i[1];
      const bool at_restart = marker >= JPEG_RST0 && marker <= JPEG_RST0 + 7;
      if (at_restart || stray_bytes > static_cast<int>(kMaxJpegPaddingBytes)) {
        return Complaint{ErrorCode::malformed, "jpeg.stray-bytes"};
      }
      return std::nullopt;
    }
    default:  // Oddities of Adobe and JFIF headers, ignored spectral parameters.
      return std::nullopt;
  }
}

/// Black of a 16-bit CMYK pixel taken off its ink, as ImageMagick 6 (16 bits a sample) does when it
/// writes a CMYK picture as RGB. Both arguments and the result are inverted: 255 = no ink.
uint8_t uninked(uint32_t ink, uint32_t black) {
  return static_cast<uint8_t>((ink * black + 127) / 255);
}

void convert_cmyk(std::span<const uint8_t> cmyk, std::span<uint8_t> rgb) {
  for (size_t in = 0, out = 0; in < cmyk.size(); in += 4, out += 3) {
    const uint8_t black = cmyk[in + 3];
    for (size_t channel = 0; channel < 3; ++channel) {
      rgb[out + channel] = uninked(cmyk[in + channel], black);
    }
  }
}

}  // namespace

struct JpegLibrary::State {
  jpeg_decompress_struct library{};
  jpeg_error_mgr errors{};
  jpeg_progress_mgr progress{};
  std::jmp_buf jump{};
  bool created = false;
  bool scans_exceeded = false;
  bool saw_end_of_file = false;
  bool decoding = false;   ///< Past the header: warnings now concern samples.
  uint32_t rows_read = 0;  ///< By the current chunk; survives a jump out of the library.
  std::optional<Error> loss;
  std::span<const std::byte> file;
  JpegFrame frame;
  jvirt_barray_ptr* coefficients = nullptr;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (created) jpeg_destroy_decompress(&library);
  }

  static State& of(j_common_ptr common) { return *static_cast<State*>(common->client_data); }

  [[noreturn]] static void on_error(j_common_ptr common) { std::longjmp(of(common).jump, 1); }
  static void on_output(j_common_ptr) {}
  static void on_message(j_common_ptr common, int level) {
    if (level >= 0) return;
    State& state = of(common);
    ++state.errors.num_warnings;
    if (state.errors.msg_code == JWRN_JPEG_EOF) state.saw_end_of_file = true;
    const auto complaint = data_loss_of(state.errors);
    if (complaint && state.decoding && !state.loss) {
      state.loss = Error::near(complaint->code, complaint->rule, state.consumed_bytes());
    }
  }
  static void on_progress(j_common_ptr common) {
    State& state = of(common);
    if (state.library.input_scan_number <= kMaxJpegScans) return;
    state.scans_exceeded = true;
    std::longjmp(state.jump, 1);
  }

  /// Runs calls of the library; false where one of them failed. Nothing between here and the
  /// library may need a destructor: a failure jumps over it.
  template <typename Body>
  bool attempt(const Body& body) {
    if (setjmp(jump) != 0) return false;
    body();
    return true;
  }

  /// Bytes that the library has taken; the whole file once it has run past its end.
  [[nodiscard]] uint64_t consumed_bytes() const {
    if (saw_end_of_file || library.src == nullptr) return file.size();
    return file.size() - std::min(library.src->bytes_in_buffer, file.size());
  }

  [[nodiscard]] Error failure() const {
    if (scans_exceeded) {
      return Error::near(ErrorCode::limit_exceeded, "max_jpeg_scans", consumed_bytes());
    }
    Complaint complaint = complaint_of(errors.msg_code);
    if (saw_end_of_file) complaint.code = ErrorCode::truncated;
    return Error::near(complaint.code, complaint.rule, consumed_bytes());
  }

  void describe_frame();
  Result<void> check_limits(const Limits& limits);
};

void JpegLibrary::State::describe_frame() {
  frame.width = library.image_width;
  frame.height = library.image_height;
  frame.component_count = static_cast<uint32_t>(library.num_components);
  frame.max_h_samples = static_cast<uint32_t>(library.max_h_samp_factor);
  frame.max_v_samples = static_cast<uint32_t>(library.max_v_samp_factor);
  frame.progressive = library.progressive_mode != FALSE;
  frame.arithmetic = library.arith_code != FALSE;
  frame.single_scan = jpeg_has_multiple_scans(&library) == FALSE;
  frame.restart_interval = library.restart_interval;
  frame.scan_offset_bytes = consumed_bytes();
  for (uint32_t i = 0; i < std::min(frame.component_count, 4u); ++i) {
    const jpeg_component_info& from = library.comp_info[i];
    JpegComponent& to = frame.components[i];
    to.h_samples = static_cast<uint32_t>(from.h_samp_factor);
    to.v_samples = static_cast<uint32_t>(from.v_samp_factor);
    to.width = (frame.width * to.h_samples + frame.max_h_samples - 1) / frame.max_h_samples;
    to.height = (frame.height * to.v_samples + frame.max_v_samples - 1) / frame.max_v_samples;
    to.dc_table = static_cast<uint8_t>(from.dc_tbl_no);
    to.ac_table = static_cast<uint8_t>(from.ac_tbl_no);
    const bool named = from.quant_tbl_no >= 0 && from.quant_tbl_no < NUM_QUANT_TBLS;
    const JQUANT_TBL* table = named ? library.quant_tbl_ptrs[from.quant_tbl_no] : nullptr;
    to.has_quantiser = table != nullptr;
    if (table != nullptr) std::copy_n(table->quantval, 64, to.quantiser.begin());
  }
  for (size_t i = 0; i < NUM_HUFF_TBLS; ++i) {
    const auto copy = [](const JHUFF_TBL* from, JpegHuffmanTable& to) {
      to.present = from != nullptr;
      if (from == nullptr) return;
      std::copy_n(from->bits, to.counts.size(), to.counts.begin());
      std::copy_n(from->huffval, to.symbols.size(), to.symbols.begin());
    };
    copy(library.dc_huff_tbl_ptrs[i], frame.dc_tables[i]);
    copy(library.ac_huff_tbl_ptrs[i], frame.ac_tables[i]);
  }
}

Result<void> JpegLibrary::State::check_limits(const Limits& limits) {
  const auto exceeded = [&](std::string_view limit) {
    return Error::near(ErrorCode::limit_exceeded, limit, consumed_bytes());
  };
  if (std::max(frame.width, frame.height) > limits.max_side_pixels) {
    return exceeded("max_side_pixels");
  }
  if (uint64_t{frame.width} * frame.height > limits.max_pixels) return exceeded("max_pixels");
  uint64_t bytes = 0;
  for (uint32_t i = 0; i < frame.component_count; ++i) {
    const auto padded_blocks = [](uint64_t side, uint64_t samples, uint64_t max_samples) {
      return (side + 8 * max_samples - 1) / (8 * max_samples) * samples;
    };
    const JpegComponent& component = frame.components[i];
    const uint64_t across = padded_blocks(frame.width, component.h_samples, frame.max_h_samples);
    const uint64_t down = padded_blocks(frame.height, component.v_samples, frame.max_v_samples);
    // Coefficients are held for the whole picture unless one scan brings them all; samples for a
    // few rows of blocks.
    if (!frame.single_scan) bytes += across * down * sizeof(JBLOCK);
    bytes += across * component.v_samples * 64 * 4;
  }
  bytes += uint64_t{frame.width} * 4 * 2 * kRowsPerChunk;
  if (bytes > limits.max_decode_memory_bytes) return exceeded("max_decode_memory_bytes");
  return {};
}

JpegLibrary::JpegLibrary(std::unique_ptr<State> state) : state_(std::move(state)) {}
JpegLibrary::JpegLibrary(JpegLibrary&&) noexcept = default;
JpegLibrary& JpegLibrary::operator=(JpegLibrary&&) noexcept = default;
JpegLibrary::~JpegLibrary() = default;

const JpegFrame& JpegLibrary::frame() const { return state_->frame; }

Result<JpegLibrary> JpegLibrary::open(std::span<const std::byte> file, const Limits& limits) {
  if (file.empty()) return Error::at(ErrorCode::truncated, "jpeg.start-marker", 0);
  auto owned = std::make_unique<State>();
  State& state = *owned;
  state.file = file;
  state.library.err = jpeg_std_error(&state.errors);
  state.errors.error_exit = State::on_error;
  state.errors.output_message = State::on_output;
  state.errors.emit_message = State::on_message;
  state.library.client_data = &state;
  const bool ready = state.attempt([&state] {
    jpeg_create_decompress(&state.library);
    state.created = true;
    jpeg_mem_src(&state.library, reinterpret_cast<const unsigned char*>(state.file.data()),
                 static_cast<unsigned long>(state.file.size()));
    jpeg_read_header(&state.library, TRUE);
  });
  if (!ready) return state.failure();
  state.decoding = true;
  state.progress.progress_monitor = State::on_progress;
  state.library.progress = &state.progress;
  state.library.mem->max_memory_to_use =
      static_cast<long>(std::min<uint64_t>(limits.max_decode_memory_bytes, uint64_t{1} << 62));
  switch (state.library.jpeg_color_space) {
    case JCS_GRAYSCALE:
      state.frame.colour = JpegColour::grey;
      state.library.out_color_space = JCS_GRAYSCALE;
      break;
    case JCS_YCbCr:
      state.frame.colour = JpegColour::ycc;
      state.library.out_color_space = JCS_RGB;
      break;
    case JCS_RGB:
      state.frame.colour = JpegColour::rgb;
      state.library.out_color_space = JCS_RGB;
      break;
    case JCS_CMYK:
    case JCS_YCCK:
      state.frame.colour = JpegColour::cmyk;
      state.library.out_color_space = JCS_CMYK;
      break;
    default:
      return Error::near(ErrorCode::unsupported, "jpeg.colour-model", state.consumed_bytes());
  }
  state.describe_frame();
  SAFELIGHT_CHECK(state.check_limits(limits));
  return JpegLibrary(std::move(owned));
}

void JpegLibrary::reduce_to(uint32_t enough_side_pixels) {
  const uint32_t longer = std::max(state_->frame.width, state_->frame.height);
  uint32_t divisor = kMaxReduction;
  while (divisor > 1 && (longer + divisor - 1) / divisor < enough_side_pixels) divisor /= 2;
  state_->library.scale_num = 1;
  state_->library.scale_denom = divisor;
}

Result<std::optional<Error>> JpegLibrary::decode_rows(PictureOutput& output) {
  State& state = *state_;
  if (!state.attempt([&state] { jpeg_start_decompress(&state.library); })) return state.failure();
  const PictureShape shape = {state.library.output_width, state.library.output_height,
                              state.frame.shape().channels};
  const bool cmyk = state.frame.colour == JpegColour::cmyk;
  std::vector<uint8_t> chunk(kRowsPerChunk * shape.row_bytes());
  const size_t decoded_row_bytes = cmyk ? size_t{4} * shape.width : shape.row_bytes();
  std::vector<uint8_t> cmyk_chunk(cmyk ? kRowsPerChunk * decoded_row_bytes : 0);
  std::array<JSAMPROW, kRowsPerChunk> row_pointers{};
  for (uint32_t i = 0; i < kRowsPerChunk; ++i) {
    row_pointers[i] = (cmyk ? cmyk_chunk : chunk).data() + i * decoded_row_bytes;
  }

  bool begun = false;
  for (uint32_t first_row = 0; first_row < shape.height;) {
    const uint32_t wanted = std::min(kRowsPerChunk, shape.height - first_row);
    state.rows_read = 0;
    const bool good = state.attempt([&state, &row_pointers, wanted] {
      while (state.rows_read < wanted) {
        state.rows_read += jpeg_read_scanlines(
            &state.library, row_pointers.data() + state.rows_read, wanted - state.rows_read);
      }
    });
    if (!good && first_row + state.rows_read == 0) return state.failure();
    // A CMYK picture is never looked at for colour.
    if (!begun) {
      output.begin(shape, cmyk ? GreyPictures::three_channels : GreyPictures::one_channel);
    }
    begun = true;
    if (state.rows_read > 0) {
      const auto rows = std::span(chunk).first(state.rows_read * shape.row_bytes());
      if (cmyk) {
        convert_cmyk(std::span(cmyk_chunk).first(state.rows_read * decoded_row_bytes), rows);
      }
      output.rows(first_row, rows);
    }
    if (!good) return std::optional<Error>(state.failure());
    first_row += state.rows_read;
  }
  const bool finished = state.attempt([&state] { jpeg_finish_decompress(&state.library); });
  if (!finished && !state.loss) return std::optional<Error>(state.failure());
  return std::optional<Error>(state.loss);
}

Result<bool> JpegLibrary::read_coefficients() {
  State& state = *state_;
  if (!state.attempt([&state] { state.coefficients = jpeg_read_coefficients(&state.library); })) {
    return state.failure();
  }
  if (state.loss) return false;
  for (uint32_t i = 0; i < state.frame.component_count; ++i) {
    const JQUANT_TBL* table = state.library.comp_info[i].quant_table;
    if (table == nullptr) return false;
    std::copy_n(table->quantval, 64, state.frame.components[i].quantiser.begin());
    if (state.library.coef_bits == nullptr) continue;
    // The library smooths over blocks while any of these low-frequency coefficients is not known to
    // its last bit (SAVED_COEFS in its jdcoefct.h).
    constexpr int kSmoothedCoefficients = 10;
    for (int k = 0; k < kSmoothedCoefficients; ++k) {
      if (state.library.coef_bits[i][k] != 0) return false;
    }
  }
  return true;
}

Result<std::span<const int16_t>> JpegLibrary::coefficient_row(uint32_t component,
                                                              uint32_t block_row) {
  State& state = *state_;
  JBLOCKARRAY rows = nullptr;
  const bool good = state.attempt([&state, &rows, component, block_row] {
    rows =
        state.library.mem->access_virt_barray(reinterpret_cast<j_common_ptr>(&state.library),
                                              state.coefficients[component], block_row, 1, FALSE);
  });
  if (!good) return state.failure();
  return std::span<const int16_t>(rows[0][0],
                                  size_t{state.library.comp_info[component].width_in_blocks} * 64);
}

}  // namespace safelight::codec

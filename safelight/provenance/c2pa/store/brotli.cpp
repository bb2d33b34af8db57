#include "safelight/provenance/c2pa/store/brotli.h"

#include <array>
#include <brotli/decode.h>
#include <memory>

namespace safelight::c2pa {
namespace {

struct DestroyDecoder {
  void operator()(BrotliDecoderState* state) const { BrotliDecoderDestroyInstance(state); }
};

}  // namespace

Result<std::vector<std::byte>> expand_brotli(std::span<const std::byte> stream,
                                             uint64_t max_bytes) {
  const std::unique_ptr<BrotliDecoderState, DestroyDecoder> decoder(
      BrotliDecoderCreateInstance(nullptr, nullptr, nullptr));
  const auto* next_in = reinterpret_cast<const uint8_t*>(stream.data());
  size_t left_in = stream.size();
  std::vector<std::byte> out;
  std::array<uint8_t, 65'536> piece;
  while (true) {
    uint8_t* next_out = piece.data();
    size_t left_out = piece.size();
    const BrotliDecoderResult result = BrotliDecoderDecompressStream(
        decoder.get(), &left_in, &next_in, &left_out, &next_out, nullptr);
    const auto made = std::as_bytes(std::span(piece)).first(piece.size() - left_out);
    const uint64_t consumed = stream.size() - left_in;
    if (made.size() > max_bytes - out.size()) {
      return Error::at(ErrorCode::limit_exceeded, "max_expanded_bytes", consumed);
    }
    out.insert(out.end(), made.begin(), made.end());
    switch (result) {
      case BROTLI_DECODER_RESULT_SUCCESS:
        if (left_in != 0)
          return Error::at(ErrorCode::malformed, "brotli.bytes-left-over", consumed);
        return out;
      case BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT:
        return Error::at(ErrorCode::truncated, "brotli.stream", consumed);
      case BROTLI_DECODER_RESULT_ERROR:
        return Error::at(ErrorCode::malformed, "brotli.stream", consumed);
      case BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT:
        break;
    }
  }
}

}  // namespace safelight::c2pa

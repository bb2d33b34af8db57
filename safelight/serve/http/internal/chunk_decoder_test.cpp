#include "safelight/serve/http/internal/chunk_decoder.h"

#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace safelight::serve {
namespace {

struct Decoded {
  std::string content;
  size_t used_bytes = 0;
  bool is_done = false;
  std::optional<Error> error;
};

Decoded decode(std::string_view text, size_t piece_bytes) {
  ChunkDecoder decoder;
  Decoded out;
  while (out.used_bytes < text.size() && !decoder.is_done()) {
    const auto piece = text.substr(out.used_bytes, piece_bytes);
    const auto step = decoder.next(std::as_bytes(std::span(piece)));
    if (!step) {
      out.error = step.error();
      return out;
    }
    out.content.append(reinterpret_cast<const char*>(step->content.data()), step->content.size());
    out.used_bytes += step->used_bytes;
  }
  out.is_done = decoder.is_done();
  return out;
}

constexpr std::string_view kBody = "5\r\nhello\r\n00B\r\n, chunked w\r\n4\r\norld\r\n0\r\n\r\n";

TEST(ChunkDecoderTest, ABodyIsPutTogetherHoweverItComes) {
  const std::string text = std::string(kBody) + "GET / ";
  for (size_t piece = 1; piece <= text.size(); ++piece) {
    const auto decoded = decode(text, piece);
    EXPECT_EQ(decoded.content, "hello, chunked world");
    EXPECT_EQ(decoded.used_bytes, kBody.size());
    EXPECT_TRUE(decoded.is_done);
  }
}

TEST(ChunkDecoderTest, AnEmptyBodyHasOneChunk) {
  EXPECT_TRUE(decode("0\r\n\r\n", 1).is_done);
  EXPECT_TRUE(decode("000\r\n\r\n", 9).is_done);
}

TEST(ChunkDecoderTest, NoPrefixIsDone) {
  for (size_t length = 0; length < kBody.size(); ++length) {
    const auto decoded = decode(kBody.substr(0, length), 7);
    EXPECT_FALSE(decoded.is_done);
    EXPECT_FALSE(decoded.error.has_value());
  }
}

TEST(ChunkDecoderTest, EachBrokenRuleIsToldWhereItBreaks) {
  const std::pair<std::string_view, uint64_t> cases[] = {
      {"\r\n", 0},
      {"x\r\n", 0},
      {" 5\r\n", 0},
      {"-1\r\n", 0},
      {"0x5\r\nhello", 1},
      {"5 \r\nhello", 1},
      {"5;a=b\r\nhello", 1},
      {"5\nhello", 1},
      {"5\rhello", 2},
      {"5\r\nhello6\r\n", 8},
      {"5\r\nhello\n0\r\n", 8},
      {"5\r\nhello\r0\r\n", 9},
      {"0\r\nTrailer: 1\r\n\r\n", 3},
      {"0\r\n\n", 3},
      {"0\r\n\r\r", 4},
      {"1000000000000000\r\n", 15},
  };
  for (const auto& [text, offset_bytes] : cases) {
    for (const size_t piece : {size_t{1}, text.size()}) {
      const auto decoded = decode(text, piece);
      ASSERT_TRUE(decoded.error.has_value()) << text;
      EXPECT_EQ(*decoded.error, Error::at(ErrorCode::malformed, "http.chunk", offset_bytes))
          << text;
    }
  }
}

}  // namespace
}  // namespace safelight::serve

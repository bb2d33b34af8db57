#include "safelight/metadata/text/png_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <zlib.h>

#include "safelight/base/byte_reader.h"

namespace safelight::metadata {
namespace {

/// Bytes expanded at a time.
constexpr size_t kExpandStepBytes = 65'536;

/// What stands before the next zero byte, leaving the reader behind it.
Result<std::string_view> terminated(ByteReader& in) {
  ByteReader ahead = in;
  SAFELIGHT_TRY(const std::string_view rest, ahead.text(ahead.remaining()));
  const size_t length = rest.find('\0');
  if (length == std::string_view::npos) {
    return in.error(ErrorCode::malformed, "png.text-terminator");
  }
  SAFELIGHT_TRY(const std::string_view text, in.text(length));
  SAFELIGHT_CHECK(in.skip(1));
  return text;
}

class Inflater {
 public:
  Inflater() { ready_ = inflateInit(&stream_) == Z_OK; }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream_); }

  /// Expands onto `out`, at most `most_bytes`. Keeps what came before an error.
  std::optional<Error> run(std::span<const std::byte> packed, uint64_t offset_bytes,
                           size_t most_bytes, std::string& out) {
    if (!ready_) return Error::at(ErrorCode::limit_exceeded, "memory", offset_bytes);
    // zlib's interface predates const; it does not write there. Chunks are under 2^31 bytes.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data()));
    stream_.avail_in = static_cast<uInt>(packed.size());
    std::array<char, kExpandStepBytes> step;
    while (true) {
      stream_.next_out = reinterpret_cast<Bytef*>(step.data());
      stream_.avail_out = step.size();
      const int status = inflate(&stream_, Z_NO_FLUSH);
      const size_t made = step.size() - stream_.avail_out;
      const uint64_t at = offset_bytes + packed.size() - stream_.avail_in;
      const size_t kept = std::min(made, most_bytes - out.size());
      out.append(step.data(), kept);
      if (kept < made) return Error::near(ErrorCode::limit_exceeded, "max_text_bytes", at);
      if (status == Z_STREAM_END) return std::nullopt;
      if (status == Z_BUF_ERROR) return Error::near(ErrorCode::truncated, "png.text-data", at);
      if (status != Z_OK) return Error::near(ErrorCode::malformed, "png.text-data", at);
    }
  }

 private:
  z_stream stream_{};
  bool ready_ = false;
};

class Reader {
 public:
  Reader(std::span<const std::byte> file, const MetadataLimits& limits)
      : file_(file), limits_(limits), text_bytes_left_(limits.max_text_bytes) {}

  PngTexts run(const PngChunks& chunks) {
    for (const PngChunk& chunk : chunks.chunks) {
      if (chunk.type != "tEXt" && chunk.type != "zTXt" && chunk.type != "iTXt") continue;
      if (out_.texts.size() >= limits_.max_png_texts) {
        note(Error::at(ErrorCode::limit_exceeded, "max_png_texts", chunk.offset_bytes));
        break;
      }
      if (const auto taken = take(chunk); !taken) note(taken.error());
    }
    return std::move(out_);
  }

 private:
  void note(const Error& error) {
    if (out_.damage.size() < limits_.max_notes) out_.damage.push_back(error);
  }

  Result<void> take(const PngChunk& chunk) {
    PngText text;
    text.place = chunk.data;
    ByteReader in(bytes_at(file_, chunk.data), chunk.data.offset_bytes);
    SAFELIGHT_TRY(text.keyword, read_keyword(in));
    if (chunk.type == "zTXt") {
      text.kind = PngText::Kind::compressed;
      text.compressed = true;
      SAFELIGHT_CHECK(read_method(in));
    } else if (chunk.type == "iTXt") {
      text.kind = PngText::Kind::international;
      SAFELIGHT_TRY(const uint8_t flag, in.u8());
      text.compressed = flag == 1;
      if (text.compressed) {
        SAFELIGHT_CHECK(read_method(in));
      } else {
        SAFELIGHT_CHECK(in.skip(1));
      }
      SAFELIGHT_TRY([[maybe_unused]] const auto language, terminated(in));
      SAFELIGHT_TRY([[maybe_unused]] const auto translated, terminated(in));
    }
    text.stored = {in.offset_bytes(), in.remaining()};
    text.checksum_fits = png_checksum_fits(file_, chunk);
    if (const auto cut = read_value(text)) {
      text.whole = false;
      note(*cut);
    }
    text_bytes_left_ -= text.text.size();
    out_.texts.push_back(std::move(text));
    return {};
  }

  /// Keywords over the 79 bytes of the standard are taken, within reason.
  static Result<std::string> read_keyword(ByteReader& in) {
    const uint64_t offset = in.offset_bytes();
    SAFELIGHT_TRY(const std::string_view keyword, terminated(in));
    if (keyword.size() > kMaxPngKeywordBytes) {
      return Error::at(ErrorCode::limit_exceeded, "max_png_keyword_bytes", offset);
    }
    return std::string(keyword);
  }

  static Result<void> read_method(ByteReader& in) {
    const uint64_t offset = in.offset_bytes();
    SAFELIGHT_TRY(const uint8_t method, in.u8());
    if (method != 0) return Error::at(ErrorCode::unsupported, "png.text-method", offset);
    return {};
  }

  /// Sets the text; says why it is not all of it.
  std::optional<Error> read_value(PngText& text) {
    const auto stored = bytes_at(file_, text.stored);
    if (text.compressed) {
      return Inflater().run(stored, text.stored.offset_bytes, text_bytes_left_, text.text);
    }
    text.text = text_at(stored, {0, text_bytes_left_});
    if (text.text.size() == stored.size()) return std::nullopt;
    return Error::at(ErrorCode::limit_exceeded, "max_text_bytes",
                     text.stored.offset_bytes + text.text.size());
  }

  std::span<const std::byte> file_;
  const MetadataLimits& limits_;
  size_t text_bytes_left_;
  PngTexts out_;
};

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

PngTexts read_png_texts(std::span<const std::byte> file, const PngChunks& chunks,
                        const MetadataLimits& limits) {
  return Reader(file, limits).run(chunks);
}

Result<std::vector<std::byte>> decode_raw_profile(std::string_view text) {
  constexpr Error kMalformed{ErrorCode::malformed, "png.raw-profile"};
  const size_t name = text.find_first_not_of('\n');
  const size_t name_end = name == std::string_view::npos ? name : text.find('\n', name);
  if (name_end == std::string_view::npos) return kMalformed;
  text.remove_prefix(name_end);
  text.remove_prefix(std::min(text.find_first_not_of("\n "), text.size()));
  size_t count = 0;
  const auto [rest, status] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (status != std::errc() || count > text.size() / 2) return kMalformed;
  text.remove_prefix(static_cast<size_t>(rest - text.data()));

  std::vector<std::byte> bytes;
  bytes.reserve(count);
  int high = -1;
  for (const char c : text) {
    if (bytes.size() == count) break;
    if (c == '\n' || c == '\r' || c == ' ') continue;
    const int digit = digit_of(c);
    if (digit < 0) return kMalformed;
    if (high < 0) {
      high = digit;
    } else {
      bytes.push_back(static_cast<std::byte>(high << 4 | digit));
      high = -1;
    }
  }
  if (bytes.size() < count) return Error{ErrorCode::truncated, "png.raw-profile"};
  return bytes;
}

}  // namespace safelight::metadata

#include "safelight/lists/internal/formats/text_stream.h"

#include <algorithm>
#include <cstring>

namespace safelight::lists {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

/// Bytes of ASCII at the start of `text`.
size_t ascii_length(std::string_view text) {
  size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    uint64_t word = 0;
    std::memcpy(&word, text.data() + i, sizeof(word));
    if ((word & 0x8080808080808080u) != 0) break;
  }
  while (i < text.size() && static_cast<uint8_t>(text[i]) < 0x80) ++i;
  return i;
}

struct Sequence {
  size_t length = 0;  ///< Of the well-formed sequence, or of what is to be replaced.
  bool well_formed = false;
  bool unfinished = false;  ///< The text ends before the sequence does.
};

/// The sequence at the start of `text`, by table 3-7 of the Unicode standard.
Sequence utf8_sequence(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t first = byte(0);
  if (first < 0x80) return {1, true, false};
  if (first < 0xc2 || first > 0xf4) return {1, false, false};
  const size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  uint8_t low = 0x80;
  uint8_t high = 0xbf;
  if (first == 0xe0) low = 0xa0;
  if (first == 0xed) high = 0x9f;
  if (first == 0xf0) low = 0x90;
  if (first == 0xf4) high = 0x8f;
  for (size_t i = 1; i < length; ++i) {
    if (i == text.size()) return {i, false, true};
    if (byte(i) < low || byte(i) > high) return {i, false, false};
    low = 0x80;
    high = 0xbf;
  }
  return {length, true, false};
}

void append_utf8(std::string& out, uint32_t code) {
  const auto put = [&](uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | code >> 6);
    put(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    put(0xe0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  } else {
    put(0xf0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3f));
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  }
}

}  // namespace

Result<bool> TextStream::next_chunk() {
  chunk_ = {};
  while (chunk_.empty()) {
    const size_t left = raw_.size() - raw_used_;
    std::copy_n(raw_.begin() + static_cast<ptrdiff_t>(raw_used_), left, raw_.begin());
    raw_offset_bytes_ += raw_used_;
    raw_used_ = 0;
    const uint64_t wanted_offset = raw_offset_bytes_ + left;
    const uint64_t ahead = source_.size_bytes() - std::min(wanted_offset, source_.size_bytes());
    raw_.resize(left + std::min<uint64_t>(kReadBytes, ahead));
    SAFELIGHT_TRY(const size_t count,
                  source_.read_at(wanted_offset, std::span(raw_).subspan(left)));
    raw_.resize(left + count);
    if (raw_.empty()) return false;
    const bool last = raw_offset_bytes_ + raw_.size() >= source_.size_bytes() || count == 0;
    if (encoding_ == Encoding::unknown) {
      const auto starts_with = [&](std::initializer_list<uint8_t> mark) {
        return raw_.size() >= mark.size() &&
               std::equal(mark.begin(), mark.end(), raw_.begin(),
                          [](uint8_t a, std::byte b) { return static_cast<std::byte>(a) == b; });
      };
      encoding_ = Encoding::utf8;
      if (starts_with({0xef, 0xbb, 0xbf})) {
        raw_used_ = 3;
      } else if (starts_with({0xff, 0xfe})) {
        encoding_ = Encoding::utf16_le;
        raw_used_ = 2;
      } else if (starts_with({0xfe, 0xff})) {
        encoding_ = Encoding::utf16_be;
        raw_used_ = 2;
      }
    }
    chunk_offset_bytes_ = raw_offset_bytes_ + raw_used_;
    if (encoding_ == Encoding::utf8) {
      take_utf8(last);
    } else {
      take_utf16(last);
    }
    if (last && chunk_.empty()) return false;
  }
  return true;
}

void TextStream::take_utf8(bool last) {
  const std::string_view text(reinterpret_cast<const char*>(raw_.data()) + raw_used_,
                              raw_.size() - raw_used_);
  verbatim_ = true;
  rewritten_.clear();
  size_t done = 0;
  while (done < text.size()) {
    const size_t ascii = ascii_length(text.substr(done));
    size_t taken = ascii;
    Sequence sequence;
    if (done + ascii < text.size()) {
      sequence = utf8_sequence(text.substr(done + ascii));
      if (sequence.unfinished && !last) {
        if (!verbatim_) rewritten_ += text.substr(done, ascii);
        done += ascii;
        break;
      }
      if (sequence.well_formed) taken += sequence.length;
    }
    const bool replace = done + ascii < text.size() && !sequence.well_formed;
    if (replace && verbatim_) {
      verbatim_ = false;
      rewritten_ = text.substr(0, done);
    }
    if (!verbatim_) rewritten_ += text.substr(done, taken);
    done += taken;
    if (replace) {
      rewritten_ += kReplacement;
      replaced_bytes_ += sequence.length;
      done += sequence.length;
    }
  }
  chunk_ = verbatim_ ? text.substr(0, done) : std::string_view(rewritten_);
  raw_used_ += done;
}

void TextStream::take_utf16(bool last) {
  verbatim_ = false;
  rewritten_.clear();
  const auto unit = [&](size_t i) {
    const auto a = static_cast<uint32_t>(raw_[i]);
    const auto b = static_cast<uint32_t>(raw_[i + 1]);
    return encoding_ == Encoding::utf16_le ? a | b << 8 : a << 8 | b;
  };
  size_t i = raw_used_;
  while (i + 2 <= raw_.size()) {
    const uint32_t first = unit(i);
    if (first < 0xd800 || first > 0xdfff) {
      append_utf8(rewritten_, first);
      i += 2;
      continue;
    }
    if (first < 0xdc00 && i + 4 > raw_.size() && !last) break;
    if (first < 0xdc00 && i + 4 <= raw_.size()) {
      const uint32_t second = unit(i + 2);
      if (second >= 0xdc00 && second <= 0xdfff) {
        append_utf8(rewritten_, 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00));
        i += 4;
        continue;
      }
    }
    rewritten_ += kReplacement;
    replaced_bytes_ += 2;
    i += 2;
  }
  if (last && i < raw_.size() && i + 1 == raw_.size()) {
    rewritten_ += kReplacement;
    ++replaced_bytes_;
    ++i;
  }
  chunk_ = rewritten_;
  raw_used_ = i;
}

Error TextStream::error_at(ErrorCode code, std::string_view rule, size_t index) const {
  if (verbatim_) return Error::at(code, rule, chunk_offset_bytes_ + index);
  const uint64_t chunk_end = raw_offset_bytes_ + raw_used_;
  return Error::near(code, rule, std::min(chunk_offset_bytes_ + index, chunk_end));
}

Result<bool> LineReader::next(TextLine& line) {
  joined_.clear();
  line.text = {};
  line.too_long = false;
  bool started = false;
  while (true) {
    if (rest_.empty()) {
      SAFELIGHT_TRY(const bool more, stream_.next_chunk());
      if (!more && !started) return false;
      if (!more) break;
      rest_ = stream_.chunk();
    }
    if (!started) {
      const auto index = static_cast<size_t>(rest_.data() - stream_.chunk().data());
      const Error place = stream_.error_at(ErrorCode::malformed, {}, index);
      line.offset_bytes = place.offset_bytes;
      line.offset_kind = place.offset_kind;
      line.number = ++lines_;
      started = true;
    }
    const size_t end = rest_.find('\n');
    const bool ends = end != std::string_view::npos;
    const std::string_view part = rest_.substr(0, end);
    rest_.remove_prefix(ends ? end + 1 : rest_.size());
    if (ends && joined_.empty()) {
      line.text = part;
      break;
    }
    // One byte over the limit is enough to know that it was passed.
    joined_ += part.substr(0, max_line_bytes_ + 1 - joined_.size());
    line.text = joined_;
    if (ends) break;
  }
  if (line.text.size() > max_line_bytes_) {
    line.too_long = true;
    line.text = line.text.substr(0, max_line_bytes_);
  } else if (line.text.ends_with('\r')) {
    line.text.remove_suffix(1);
  }
  return true;
}

}  // namespace safelight::lists

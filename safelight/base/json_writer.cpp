#include "safelight/base/json_writer.h"

#include <array>
#include <cassert>
#include <cmath>

#include "safelight/base/number_text.h"

namespace safelight {
namespace {

/// Length of the well-formed UTF-8 sequence at the start of `text` (RFC 3629), or 0.
size_t utf8_length(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  const bool overlong = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xf0 && byte(1) < 0x90);
  const bool beyond = (first == 0xed && byte(1) >= 0xa0) || (first == 0xf4 && byte(1) >= 0x90);
  return overlong || beyond ? 0 : length;
}

void append_escaped(std::string& out, unsigned code) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += kDigits[(code >> shift) & 15];
}

constexpr bool is_plain(uint8_t c) {
  return c >= 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&';
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const size_t length = utf8_length(text.substr(i));
    if (length == 0) return false;
    i += length;
  }
  return true;
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (size_t i = 0; i < text.size();) {
    const auto c = static_cast<uint8_t>(text[i]);
    if (is_plain(c)) {
      const size_t begin = i;
      while (i < text.size() && is_plain(static_cast<uint8_t>(text[i]))) ++i;
      out.append(text, begin, i - begin);
      continue;
    }
    const size_t length = utf8_length(text.substr(i));
    const std::string_view sequence = text.substr(i, length);
    if (length == 0) {
      out += "\\ufffd";
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (length == 1) {
      append_escaped(out, c);
    } else if (sequence == "\xe2\x80\xa8" || sequence == "\xe2\x80\xa9") {
      append_escaped(out, 0x2000u + static_cast<uint8_t>(sequence[2]) - 0x80);
    } else {
      out += sequence;
    }
    i += length == 0 ? 1 : length;
  }
  out += '"';
}

JsonWriter& JsonWriter::key(std::string_view name) {
  assert(!has_members_.empty() && !after_key_);
  separate();
  append_json_string(out_, name);
  out_ += ':';
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::string(std::string_view text) {
  separate();
  append_json_string(out_, text);
  return *this;
}

JsonWriter& JsonWriter::number(double value) {
  constexpr int kDigits = 9;
  return std::isfinite(value) ? raw(significant_text(value, kDigits)) : null();
}

JsonWriter& JsonWriter::open(char bracket) {
  separate();
  out_ += bracket;
  has_members_.push_back(false);
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  assert(!has_members_.empty() && !after_key_);
  out_ += bracket;
  has_members_.pop_back();
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view token) {
  separate();
  out_ += token;
  return *this;
}

void JsonWriter::separate() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (has_members_.empty()) return;
  if (has_members_.back()) out_ += ',';
  has_members_.back() = true;
}

}  // namespace safelight

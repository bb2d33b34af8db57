#include "safelight/provenance/c2pa/store/json.h"

#include <string_view>

#include "safelight/base/json_writer.h"

namespace safelight::c2pa {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

class Checker {
 public:
  explicit Checker(std::string_view text) : text_(text) {}

  bool run() {
    if (!value(0)) return false;
    blanks();
    return text_.empty();
  }

 private:
  bool take(char c) {
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }

  bool take_word(std::string_view word) {
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }

  void blanks() {
    const size_t first = text_.find_first_not_of(" \t\r\n");
    text_.remove_prefix(first == std::string_view::npos ? text_.size() : first);
  }

  bool value(uint32_t depth) {
    blanks();
    if (text_.empty()) return false;
    switch (text_.front()) {
      case '{':
        return depth < kMaxJsonDepth && list('}', true, depth + 1);
      case '[':
        return depth < kMaxJsonDepth && list(']', false, depth + 1);
      case '"':
        return string();
      case 't':
        return take_word("true");
      case 'f':
        return take_word("false");
      case 'n':
        return take_word("null");
      default:
        return number();
    }
  }

  bool list(char end, bool keyed, uint32_t depth) {
    text_.remove_prefix(1);
    blanks();
    if (take(end)) return true;
    do {
      blanks();
      if (keyed) {
        if (!string()) return false;
        blanks();
        if (!take(':')) return false;
      }
      if (!value(depth)) return false;
      blanks();
    } while (take(','));
    return take(end);
  }

  bool string() {
    if (!take('"')) return false;
    while (!text_.empty()) {
      const char c = text_.front();
      text_.remove_prefix(1);
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c == '\\' && !escape()) return false;
    }
    return false;
  }

  bool escape() {
    if (text_.empty()) return false;
    const char c = text_.front();
    text_.remove_prefix(1);
    if (c != 'u') return std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos;
    for (int i = 0; i < 4; ++i) {
      if (text_.empty() || !is_hex(text_.front())) return false;
      text_.remove_prefix(1);
    }
    return true;
  }

  bool digits() {
    if (text_.empty() || !is_digit(text_.front())) return false;
    while (!text_.empty() && is_digit(text_.front())) text_.remove_prefix(1);
    return true;
  }

  bool number() {
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      return digits();
    }
    return true;
  }

  std::string_view text_;
};

}  // namespace

bool is_json(std::span<const std::byte> bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return is_utf8(text) && Checker(text).run();
}

}  // namespace safelight::c2pa

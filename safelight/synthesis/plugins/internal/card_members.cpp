#include "safelight/synthesis/plugins/internal/card_members.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>

#include "safelight/synthesis/plugins/model_card.h"

namespace safelight::synthesis {
namespace {

constexpr std::string_view kPrefix = "card.";
/// The card, and its objects.
constexpr size_t kMaxDepth = 2;
constexpr size_t kMaxMembers = 64;
constexpr size_t kMaxNumbers = 8;  ///< Of one array.

/// Characters for nlohmann's lexer that leaves behind where it stands.
class CountedCharacter {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = ptrdiff_t;
  using pointer = const char*;
  using reference = char;

  CountedCharacter() = default;
  CountedCharacter(std::string_view text, size_t& next) : text_(text), next_(&next) {}
  char operator*() const { return text_[*next_]; }
  CountedCharacter& operator++() {
    ++*next_;
    return *this;
  }
  CountedCharacter operator++(int) {
    const CountedCharacter before = *this;
    ++*next_;
    return before;
  }
  /// Only ever compared with the end.
  friend bool operator==(const CountedCharacter& a, const CountedCharacter& b) {
    return a.at_end() == b.at_end();
  }

 private:
  [[nodiscard]] bool at_end() const { return next_ == nullptr || *next_ == text_.size(); }

  std::string_view text_;
  size_t* next_ = nullptr;
};

}  // namespace

/// Takes nlohmann's events.
class CardReader : public nlohmann::json::json_sax_t {
 public:
  explicit CardReader(std::string_view text) : text_(text), members_(text.size()) {}

  Result<CardMembers> read() {
    const bool whole =
        nlohmann::json::sax_parse(CountedCharacter(text_, next_), CountedCharacter(), this);
    if (whole) return std::move(members_);
    return error_.value_or(Error::at(ErrorCode::malformed, "card.json", next_));
  }

  bool null() override { return put(CardMembers::Kind::other); }
  bool boolean(bool) override { return put(CardMembers::Kind::other); }
  bool number_integer(number_integer_t value) override {
    return put_number(static_cast<double>(value));
  }
  bool number_unsigned(number_unsigned_t value) override {
    return put_number(static_cast<double>(value));
  }
  bool number_float(number_float_t value, const string_t&) override { return put_number(value); }
  bool string(string_t& value) override {
    if (!put(CardMembers::Kind::text)) return false;
    current().text = value;
    return true;
  }
  bool binary(binary_t&) override { return false; }

  bool start_object(size_t) override {
    if (prefixes_.empty()) {
      prefixes_.emplace_back();
      return true;
    }
    if (!put(CardMembers::Kind::object)) return false;
    if (prefixes_.size() == kMaxDepth) return fail(ErrorCode::limit_exceeded, "card.depth");
    prefixes_.push_back(current().path + ".");
    return true;
  }
  bool end_object() override {
    prefixes_.pop_back();
    return true;
  }
  bool start_array(size_t) override {
    if (!put(CardMembers::Kind::numbers)) return false;
    in_array_ = true;
    return true;
  }
  bool end_array() override {
    in_array_ = false;
    return true;
  }

  bool key(string_t& name) override {
    if (members_.members_.size() == kMaxMembers) {
      return fail(ErrorCode::limit_exceeded, "card.members");
    }
    CardMembers::Member member;
    member.path = prefixes_.back() + name;
    // The lexer stands behind the name's last quotation mark. A name with a quotation mark in it is
    // unknown anyhow, and the offset then lies within it.
    member.offset_bytes = text_.rfind('"', next_ - 2);
    const bool twice = members_.find(member.path) != nullptr;
    members_.members_.push_back(std::move(member));
    if (twice) return fail(ErrorCode::malformed, "card.member-twice");
    // Else "input.width" could stand for the member of an object.
    if (name.find('.') != std::string::npos) {
      return fail(ErrorCode::malformed, "card.unknown-member");
    }
    return true;
  }

  bool parse_error(size_t position, const std::string&, const nlohmann::json::exception&) override {
    // Counted from 1; the end of the text counts as a character.
    error_ = position > text_.size()
                 ? Error::at(ErrorCode::truncated, "card.json", text_.size())
                 : Error::at(ErrorCode::malformed, "card.json", position == 0 ? 0 : position - 1);
    return false;
  }

 private:
  CardMembers::Member& current() { return members_.members_.back(); }

  bool fail(ErrorCode code, std::string_view rule) {
    const bool any = !members_.members_.empty();
    error_ = Error::at(code, rule, any ? current().offset_bytes : 0);
    return false;
  }

  /// Says what the value of the last member is.
  bool put(CardMembers::Kind kind) {
    if (prefixes_.empty()) return fail(ErrorCode::malformed, "card.no-object");
    if (in_array_) return fail(ErrorCode::malformed, "card.array");
    current().kind = kind;
    return true;
  }
  bool put_number(double value) {
    if (!in_array_ && !put(CardMembers::Kind::number)) return false;
    if (current().numbers.size() == kMaxNumbers) {
      return fail(ErrorCode::limit_exceeded, "card.members");
    }
    current().numbers.push_back(value);
    return true;
  }

  std::string_view text_;
  size_t next_ = 0;
  CardMembers members_;
  std::vector<std::string> prefixes_;  ///< Of the objects that are open.
  bool in_array_ = false;
  std::optional<Error> error_;
};

Result<CardMembers> CardMembers::parse(std::string_view text) {
  if (text.size() > kMaxCardBytes) {
    return Error::at(ErrorCode::limit_exceeded, "card.bytes", kMaxCardBytes);
  }
  return CardReader(text).read();
}

CardMembers::Member* CardMembers::find(std::string_view path) {
  const auto found = std::find_if(members_.begin(), members_.end(),
                                  [&](const Member& member) { return member.path == path; });
  return found == members_.end() ? nullptr : &*found;
}

Result<CardMembers::Member*> CardMembers::take(std::string_view rule, Kind kind) {
  const std::string_view path = rule.substr(kPrefix.size());
  Member* member = find(path);
  if (member == nullptr) return Error::at(ErrorCode::not_found, rule, size_bytes_);
  for (size_t dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.', dot + 1)) {
    find(path.substr(0, dot))->taken = true;
  }
  member->taken = true;
  if (member->kind != kind) return Error::at(ErrorCode::malformed, rule, member->offset_bytes);
  return member;
}

Result<std::string> CardMembers::text(std::string_view rule, size_t max_bytes) {
  SAFELIGHT_TRY(const Member* const member, take(rule, Kind::text));
  const std::string& text = member->text;
  if (text.size() > max_bytes) {
    return Error::at(ErrorCode::limit_exceeded, rule, member->offset_bytes);
  }
  const bool has_control = std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 32 || byte == 127;
  });
  if (text.empty() || has_control) {
    return Error::at(ErrorCode::malformed, rule, member->offset_bytes);
  }
  return text;
}

Result<uint32_t> CardMembers::whole(std::string_view rule, uint32_t min, uint32_t max) {
  SAFELIGHT_TRY(const Member* const member, take(rule, Kind::number));
  const double value = member->numbers.front();
  if (value != std::floor(value) || value < min || value > max) {
    return Error::at(ErrorCode::malformed, rule, member->offset_bytes);
  }
  return static_cast<uint32_t>(value);
}

Result<std::array<double, 3>> CardMembers::three_numbers(std::string_view rule, double min,
                                                         double max) {
  SAFELIGHT_TRY(const Member* const member, take(rule, Kind::numbers));
  std::array<double, 3> out{};
  const bool within = std::all_of(member->numbers.begin(), member->numbers.end(),
                                  [&](double value) { return value >= min && value <= max; });
  if (member->numbers.size() != out.size() || !within) {
    return Error::at(ErrorCode::malformed, rule, member->offset_bytes);
  }
  std::copy(member->numbers.begin(), member->numbers.end(), out.begin());
  return out;
}

Error CardMembers::error_at(ErrorCode code, std::string_view rule) const {
  const std::string_view path = rule.substr(kPrefix.size());
  const auto found = std::find_if(members_.begin(), members_.end(),
                                  [&](const Member& member) { return member.path == path; });
  return Error::at(code, rule, found == members_.end() ? size_bytes_ : found->offset_bytes);
}

Result<void> CardMembers::check_all_taken() const {
  for (const Member& member : members_) {
    if (!member.taken) {
      return Error::at(ErrorCode::malformed, "card.unknown-member", member.offset_bytes);
    }
  }
  return {};
}

}  // namespace safelight::synthesis

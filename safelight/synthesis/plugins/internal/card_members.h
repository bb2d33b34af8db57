#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "safelight/base/result.h"

namespace safelight::synthesis {

/// The members of a small JSON object and of the objects in it, each by its path, such as
/// "input.width", to be taken once each. Arrays hold numbers alone.
class CardMembers {
 public:
  /// Errors: as parse_model_card() has them for the text as a whole.
  static Result<CardMembers> parse(std::string_view text);

  // Each takes the member that `rule` names behind "card.", and errs with that rule: not_found
  // where it is missing (at the end of the text), malformed or limit_exceeded at its name.

  /// UTF-8 without control characters, 1 to `max_bytes` bytes.
  Result<std::string> text(std::string_view rule, size_t max_bytes);
  Result<uint32_t> whole(std::string_view rule, uint32_t min, uint32_t max);
  /// Each within `min` and `max`.
  Result<std::array<double, 3>> three_numbers(std::string_view rule, double min, double max);
  /// One of the names, each of which stands for a value; `otherwise` where it is none.
  template <typename T, size_t kCount>
  Result<T> one_of(std::string_view rule,
                   const std::array<std::pair<std::string_view, T>, kCount>& names,
                   ErrorCode otherwise = ErrorCode::malformed) {
    SAFELIGHT_TRY(Member* const member, take(rule, Kind::text));
    for (const auto& [name, value] : names) {
      if (member->text == name) return value;
    }
    return Error::at(otherwise, rule, member->offset_bytes);
  }

  /// An error at a member that was taken.
  [[nodiscard]] Error error_at(ErrorCode code, std::string_view rule) const;
  /// Errors: malformed ("card.unknown-member") where a member was not taken.
  [[nodiscard]] Result<void> check_all_taken() const;

 private:
  friend class CardReader;

  enum class Kind : uint8_t { text, number, numbers, object, other };
  struct Member {
    std::string path;
    uint64_t offset_bytes = 0;  ///< Of the quotation mark before its name.
    Kind kind = Kind::other;
    std::string text;
    std::vector<double> numbers;
    bool taken = false;
  };

  explicit CardMembers(uint64_t size_bytes) : size_bytes_(size_bytes) {}
  Member* find(std::string_view path);
  Result<Member*> take(std::string_view rule, Kind kind);

  uint64_t size_bytes_;
  std::vector<Member> members_;
};

}  // namespace safelight::synthesis

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"

namespace safelight {

/// What an item can be decided to be.
struct Category {
  std::string code;  ///< What decisions and reports hold: 1 to 16 bytes.
  std::string key;   ///< The key that gives it, one character; "" for none.
  std::string name;
  std::string hint;          ///< When it applies, for whoever decides.
  std::string colour;        ///< Of its mark: red, orange, yellow, green, blue, violet or grey.
  bool is_grave = false;     ///< Counted apart in a person's exposure.
  bool second_look = false;  ///< Holds only once another person has said the same.
  friend bool operator==(const Category&, const Category&) = default;
};

/// The categories of a case. They are the laboratory's: nothing in the program knows a code.
struct Scheme {
  std::string name;
  std::vector<Category> categories;  ///< 1 to 40; codes and keys once each.

  /// Null for a code that is not in it.
  [[nodiscard]] const Category* find(std::string_view code) const;
  friend bool operator==(const Scheme&, const Scheme&) = default;
};

/// What a case has that was given no other.
Scheme default_scheme();

/// The setting "scheme" of a case: docs/formats/case.md.
inline constexpr std::string_view kSchemeSetting = "scheme";
std::string to_json(const Scheme& scheme);
/// Errors: malformed, "scheme.json", and "scheme.category" for one that breaks a rule above.
Result<Scheme> scheme_from_json(std::string_view text);

}  // namespace safelight

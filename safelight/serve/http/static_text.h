#pragma once

#include <cstddef>
#include <string_view>

#include "safelight/base/error.h"

namespace safelight::serve {

/// Text that stands in the program itself: a literal, and nothing that a request brought. Where an
/// interface asks for it, no input can be repeated, by construction.
class StaticText {
 public:
  template <size_t kSize>
  consteval StaticText(const char (&literal)[kSize])  // NOLINT: implicit, so that literals fit
      : text_(literal, kSize - 1) {}
  /// The rule of an error, which is text of the program.
  explicit constexpr StaticText(const Error& error) : text_(error.rule) {}

  [[nodiscard]] constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

}  // namespace safelight::serve

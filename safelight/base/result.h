#pragma once

#include <cassert>
#include <optional>
#include <utility>
#include <variant>

#include "safelight/base/error.h"

namespace safelight {

/// A value, or the Error that prevented it (the shape of C++23's std::expected<T, Error>).
template <typename T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value)
      : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit, as std::expected
  Result(Error error)
      : state_(std::in_place_index<1>, error) {}  // NOLINT: implicit, as std::unexpected

  [[nodiscard]] bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  /// The value; only after has_value().
  T& value() & { return assert(has_value()), *std::get_if<0>(&state_); }
  const T& value() const& { return assert(has_value()), *std::get_if<0>(&state_); }
  T&& value() && { return assert(has_value()), std::move(*std::get_if<0>(&state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  /// The error; only where there is no value.
  [[nodiscard]] const Error& error() const {
    return assert(!has_value()), *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, Error> state_;
};

/// Success, or the Error that prevented it.
template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : error_(error) {}  // NOLINT: implicit, as std::unexpected

  [[nodiscard]] bool has_value() const { return !error_.has_value(); }
  explicit operator bool() const { return has_value(); }
  [[nodiscard]] const Error& error() const { return assert(!has_value()), *error_; }

 private:
  std::optional<Error> error_;
};

}  // namespace safelight

#define SAFELIGHT_CONCAT_INNER(a, b) a##b
#define SAFELIGHT_CONCAT(a, b) SAFELIGHT_CONCAT_INNER(a, b)
#define SAFELIGHT_TRY_IMPL(result, declaration, expression) \
  auto result = (expression);                               \
  if (!result) return result.error();                       \
  declaration = std::move(*result)

/// `SAFELIGHT_TRY(auto x, parse(in));` declares x from a Result, or returns its Error to the
/// caller.
#define SAFELIGHT_TRY(declaration, expression) \
  SAFELIGHT_TRY_IMPL(SAFELIGHT_CONCAT(safelight_result_, __LINE__), declaration, expression)

/// `SAFELIGHT_CHECK(skip(in, 4));` returns the Error of a Result<void> to the caller.
#define SAFELIGHT_CHECK(expression)                                                               \
  do {                                                                                            \
    if (auto safelight_status = (expression); !safelight_status) return safelight_status.error(); \
  } while (false)

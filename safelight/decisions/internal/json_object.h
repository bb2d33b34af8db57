#pragma once

#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "safelight/base/result.h"

namespace safelight {

/// Reads the members of a JSON object, each of which must be there once and of its type. The first
/// that is not leaves an error, after which everything reads as its default.
class JsonObject {
 public:
  /// `rule` is that of every error. Errors of parse(): malformed.
  static Result<JsonObject> parse(std::string_view text, std::string_view rule);
  JsonObject(nlohmann::json json, std::string_view rule);

  std::string text(const char* name, size_t max_bytes);
  bool boolean(const char* name);
  uint32_t number(const char* name, uint32_t max);
  std::optional<uint32_t> number_or_null(const char* name, uint32_t max);
  nlohmann::json array(const char* name, size_t max);
  nlohmann::json object(const char* name);

  void fail() { failed_ = true; }
  /// Malformed if a member was missing or of another type, or one was there that nobody read.
  [[nodiscard]] Result<void> finish() const;

 private:
  /// Takes a member out; null where it is missing.
  nlohmann::json take(const char* name);

  nlohmann::json json_;
  std::string_view rule_;
  bool failed_ = false;
};

}  // namespace safelight

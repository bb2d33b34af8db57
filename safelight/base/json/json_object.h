#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"

namespace safelight {

/// Reads the members of a JSON object (RFC 8259), each of its type; of a name that is there twice,
/// the last counts. The first member that is missing, of another type or over its limit leaves an
/// error, after which everything reads as its default; so does a member of an object within it.
class JsonObject {
 public:
  /// `rule` is that of every error. Errors: malformed.
  static Result<JsonObject> parse(std::string_view text, std::string_view rule);
  JsonObject(JsonObject&&) noexcept;
  JsonObject& operator=(JsonObject&&) noexcept;
  ~JsonObject();

  /// Whether there is such a member, and it is not null. One that is null counts as read.
  [[nodiscard]] bool has(const char* name);

  std::string text(const char* name, size_t max_bytes);
  bool boolean(const char* name);
  uint64_t number(const char* name, uint64_t max);
  /// Nothing where it is null; it must be there.
  std::optional<uint32_t> number_or_null(const char* name, uint32_t max);
  std::vector<std::string> texts(const char* name, size_t max, size_t max_bytes);
  JsonObject object(const char* name);
  std::vector<JsonObject> objects(const char* name, size_t max);

  /// For the caller's own rules.
  void fail();
  /// Errors: malformed, if something failed, or a member was there that nobody read; here, or in an
  /// object within this one that lives no more.
  [[nodiscard]] Result<void> finish() const;

 private:
  struct State;
  explicit JsonObject(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace safelight

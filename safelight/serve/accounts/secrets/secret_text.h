#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace safelight::serve {

/// Owns text that is zeroed when it goes: tokens, secrets. Not locked into memory: a token is
/// short, lives for a request, and whole pages would be locked for each.
class SecretText {
 public:
  SecretText() = default;
  explicit SecretText(std::string_view text) : text_(text) {}
  SecretText(SecretText&& other) noexcept { *this = std::move(other); }
  SecretText& operator=(SecretText&& other) noexcept;
  SecretText(const SecretText&) = delete;
  SecretText& operator=(const SecretText&) = delete;
  ~SecretText() { wipe(); }

  [[nodiscard]] std::string_view view() const { return text_; }

 private:
  void wipe() noexcept;
  std::string text_;
};

}  // namespace safelight::serve

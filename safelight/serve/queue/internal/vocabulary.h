#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace safelight::serve {

/// Texts by number, from 0 in the order in which they came, each once.
class Vocabulary {
 public:
  uint32_t number(std::string_view text) {
    const auto found = numbers_.find(text);
    if (found != numbers_.end()) return found->second;
    texts_.emplace_back(text);
    const auto number = static_cast<uint32_t>(texts_.size() - 1);
    numbers_.emplace(texts_.back(), number);
    return number;
  }
  [[nodiscard]] std::optional<uint32_t> find(std::string_view text) const {
    const auto found = numbers_.find(text);
    if (found == numbers_.end()) return std::nullopt;
    return found->second;
  }
  [[nodiscard]] const std::string& text(uint32_t number) const { return texts_[number]; }
  [[nodiscard]] uint32_t size() const { return static_cast<uint32_t>(texts_.size()); }

 private:
  std::deque<std::string> texts_;  // Whose elements never move.
  std::unordered_map<std::string_view, uint32_t> numbers_;
};

}  // namespace safelight::serve

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace safelight::serve {

struct NamedText {
  std::string name;
  std::string value;
  friend bool operator==(const NamedText&, const NamedText&) = default;
};

/// A few texts by name, in the order in which they came. No name comes twice.
class NamedTexts {
 public:
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const {
    for (const auto& entry : entries_) {
      if (entry.name == name) return entry.value;
    }
    return std::nullopt;
  }
  /// Adds one whose name is not there yet; says whether it was.
  bool add(std::string name, std::string value) {
    if (find(name)) return false;
    entries_.push_back({std::move(name), std::move(value)});
    return true;
  }
  void remove(std::string_view name) {
    std::erase_if(entries_, [&](const NamedText& entry) { return entry.name == name; });
  }
  [[nodiscard]] const std::vector<NamedText>& entries() const& { return entries_; }
  [[nodiscard]] std::vector<NamedText> entries() && { return std::move(entries_); }

 private:
  std::vector<NamedText> entries_;
};

}  // namespace safelight::serve

#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/bytes/byte_source.h"
#include "safelight/lists/import.h"

namespace safelight::lists {

/// Keeps every entry, for tests.
class CollectingSink final : public EntrySink {
 public:
  Result<void> add(const ListEntry& entry) override {
    entries.push_back(entry);
    return {};
  }
  std::vector<ListEntry> entries;
};

inline MemorySource source_of(std::string_view text) {
  std::vector<std::byte> bytes(text.size());
  std::transform(text.begin(), text.end(), bytes.begin(),
                 [](char c) { return static_cast<std::byte>(c); });
  return MemorySource(std::move(bytes));
}

/// A value of `digits` hexadecimal digits made from a number, for test lists.
inline std::string hex_of(uint64_t number, size_t digits) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  uint64_t state = number * 0x9e3779b97f4a7c15u + 1;
  while (text.size() < digits) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    text += kDigits[state >> 60];
  }
  return text;
}

}  // namespace safelight::lists

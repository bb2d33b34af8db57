#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/json_writer.h"

namespace safelight::report {

/// Texts that occur again and again, each stored once and named by its place.
class Interned {
 public:
  explicit Interned(size_t max_texts = SIZE_MAX) : max_texts_(max_texts) {}

  /// Writes the place of the text, or the text itself where it is new and the table is full.
  void write_text(JsonWriter& json, std::string_view text) {
    if (texts_.size() < max_texts_ || places_.contains(text)) {
      json.number(place(text));
    } else {
      json.string(text);
    }
  }
  size_t place(std::string_view text) {
    const auto found = places_.find(text);
    if (found != places_.end()) return found->second;
    texts_.emplace_back(text);
    places_.emplace(texts_.back(), texts_.size() - 1);
    return texts_.size() - 1;
  }
  [[nodiscard]] const std::vector<std::string>& texts() const { return texts_; }
  void write(JsonWriter& json, std::string_view name) const {
    json.key(name).begin_array();
    for (const std::string& text : texts_) json.string(text);
    json.end_array();
  }

 private:
  size_t max_texts_;
  std::vector<std::string> texts_;
  std::map<std::string, size_t, std::less<>> places_;
};

}  // namespace safelight::report

#include "safelight/serve/queue/internal/path_search.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "safelight/serve/queue/internal/kept_searches.h"

namespace safelight::serve {
namespace {

constexpr size_t kMinIdDigits = 8;

bool begins_with(std::string_view text, std::string_view lower) {
  if (text.size() < lower.size()) return false;
  for (size_t i = 0; i < lower.size(); ++i) {
    if (to_lower_ascii(text[i]) != lower[i]) return false;
  }
  return true;
}

bool holds(std::string_view text, std::string_view lower) {
  for (size_t i = 0; i + lower.size() <= text.size(); ++i) {
    if (begins_with(text.substr(i), lower)) return true;
  }
  return false;
}

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

}  // namespace

PathSearch::PathSearch(const ItemTable& items, std::string text)
    : items_(items), text_(std::move(text)) {
  is_id_ = text_.size() >= kMinIdDigits && text_.size() <= 2 * Sha256::kSize &&
           std::all_of(text_.begin(), text_.end(), is_hex);
  in_folder_.reserve(items.folders.size());
  for (const Folder& folder : items.folders) in_folder_.push_back(in_folder(folder.path));
}

PathSearch::InFolder PathSearch::in_folder(std::string_view path) const {
  if (holds(path, text_)) return InFolder::yes;
  // A folder ends with the sign that parts it from names, so only a text with one can reach over.
  for (size_t length = 1; length < text_.size() && length <= path.size(); ++length) {
    if (text_[length - 1] != to_lower_ascii(path.back())) continue;
    if (begins_with(path.substr(path.size() - length), std::string_view(text_).substr(0, length))) {
      return InFolder::reaches;
    }
  }
  return InFolder::no;
}

bool PathSearch::fits_id(const ItemId& id) const {
  for (size_t i = 0; i < text_.size(); ++i) {
    const unsigned digit = id.value.bytes[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15U;
    if ("0123456789abcdef"[digit] != text_[i]) return false;
  }
  return true;
}

bool PathSearch::fits(ItemPlace place) const {
  const uint32_t folder = items_.column(Facet::folder)[place];
  switch (in_folder_[folder]) {
    case InFolder::yes:
      return true;
    case InFolder::reaches:
      if (holds(items_.folders[folder].path + std::string(items_.name(place)), text_)) return true;
      break;
    case InFolder::no:
      if (holds(items_.name(place), text_)) return true;
      break;
  }
  return is_id_ && fits_id(items_.ids[place]);
}

}  // namespace safelight::serve

#include "safelight/provenance/c2pa/status.h"

#include <utility>

namespace safelight::c2pa {

std::string_view to_text(StatusKind kind) {
  switch (kind) {
    case StatusKind::success:
      return "success";
    case StatusKind::informational:
      return "informational";
    case StatusKind::failure:
      return "failure";
  }
  return "failure";
}

void StatusLog::success(std::string_view code, std::string uri, std::string detail) {
  add(code, StatusKind::success, std::move(uri), std::move(detail));
}

void StatusLog::note(std::string_view code, std::string uri, std::string detail) {
  add(code, StatusKind::informational, std::move(uri), std::move(detail));
}

void StatusLog::failure(std::string_view code, std::string uri, std::string detail) {
  add(code, StatusKind::failure, std::move(uri), std::move(detail));
}

std::string StatusLog::enter_ingredient(std::string uri) {
  return std::exchange(ingredient_uri_, std::move(uri));
}

void StatusLog::repeat(size_t from, size_t to) {
  for (size_t i = from; i < to; ++i) {
    const Status status = entries_[i];
    add(status.code, status.kind, status.uri, status.detail);
  }
}

void StatusLog::add(std::string_view code, StatusKind kind, std::string uri, std::string detail) {
  if (entries_.size() >= max_entries_) {
    overflowed_ = true;
    return;
  }
  entries_.push_back({code, kind, std::move(uri), std::move(detail), ingredient_uri_});
}

}  // namespace safelight::c2pa

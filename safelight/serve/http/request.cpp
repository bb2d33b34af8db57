#include "safelight/serve/http/request.h"

#include <charconv>

namespace safelight::serve {

std::optional<uint64_t> Request::last_event_id() const {
  const auto text = headers.find("last-event-id");
  if (!text) return std::nullopt;
  uint64_t id = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), id);
  if (error != std::errc() || end != text->data() + text->size()) return std::nullopt;
  return id;
}

}  // namespace safelight::serve

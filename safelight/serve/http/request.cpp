#include "safelight/serve/http/request.h"

#include "safelight/base/number_text.h"

namespace safelight::serve {

std::optional<uint64_t> Request::last_event_id() const {
  const auto text = headers.find("last-event-id");
  return text ? whole_number<uint64_t>(*text) : std::nullopt;
}

}  // namespace safelight::serve

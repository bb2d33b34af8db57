#include "safelight/audit/heads/head_publisher.h"

#include <algorithm>
#include <cassert>

#include "safelight/base/fault.h"

namespace safelight::audit {

HeadPublisher::HeadPublisher(SigningKey key, Options options,
                             std::vector<std::unique_ptr<HeadDestination>> destinations,
                             const Clock& clock)
    : key_(std::move(key)), options_(std::move(options)), clock_(clock) {
  assert(is_log_name(options_.log));
  for (auto& to : destinations) destinations_.push_back({std::move(to), {}, {}});
}

bool HeadPublisher::is_due(const Destination& destination, int64_t now_ns) const {
  if (!destination.tried_at_ns) return true;
  // A clock that was set back does not hold heads up.
  return now_ns < *destination.tried_at_ns ||
         now_ns - *destination.tried_at_ns >= options_.every_ns;
}

std::vector<PublishFailure> HeadPublisher::offer(const TreeHead& head) {
  const int64_t now_ns = clock_.now_ns();
  std::vector<Destination*> due;
  for (Destination& destination : destinations_) {
    if (destination.taken != head && is_due(destination, now_ns)) due.push_back(&destination);
  }
  return give(head, now_ns, due);
}

std::vector<PublishFailure> HeadPublisher::publish(const TreeHead& head) {
  std::vector<Destination*> behind;
  for (Destination& destination : destinations_) {
    if (destination.taken != head) behind.push_back(&destination);
  }
  return give(head, clock_.now_ns(), behind);
}

uint64_t HeadPublisher::published_size() const {
  std::optional<uint64_t> least;
  for (const Destination& destination : destinations_) {
    const uint64_t size = destination.taken ? destination.taken->size : 0;
    least = std::min(least.value_or(size), size);
  }
  return least.value_or(0);
}

std::vector<PublishFailure> HeadPublisher::give(const TreeHead& head, int64_t now_ns,
                                                const std::vector<Destination*>& destinations) {
  std::vector<PublishFailure> failures;
  if (destinations.empty()) return failures;
  const std::string line = to_line(sign_head(key_, options_.log, head, now_ns));
  for (Destination* const destination : destinations) {
    destination->tried_at_ns = now_ns;
    try {
      destination->to->append(line);
      destination->taken = head;
    } catch (const Fault& fault) {
      failures.push_back({destination->to->name(), fault.what()});
    }
  }
  return failures;
}

}  // namespace safelight::audit

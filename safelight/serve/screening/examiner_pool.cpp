#include "safelight/serve/screening/examiner_pool.h"

#include <algorithm>
#include <utility>

namespace safelight::serve {

ExaminerPool::ExaminerPool(scan::ExaminerOptions options, uint32_t max_examiners)
    : options_(std::move(options)), places_(std::max(1u, max_examiners)) {}

ExaminerPool::~ExaminerPool() = default;

ExaminerPool::Lease::~Lease() { pool_.take_back(place_, std::move(examiner_)); }

ExaminerPool::Place* ExaminerPool::free_place(std::string_view tenant) {
  Place* best = nullptr;
  for (Place& place : places_) {
    if (place.is_lent) continue;
    if (place.examiner && place.tenant == tenant) return &place;
    // One that was never used comes before the one that was not used for longest.
    if (best == nullptr || place.last_used < best->last_used) best = &place;
  }
  return best;
}

ExaminerPool::Lease ExaminerPool::lease(std::string_view tenant) {
  std::unique_ptr<scan::Examiner> examiner;
  std::unique_ptr<scan::Examiner> of_another;
  Place* place = nullptr;
  {
    std::unique_lock lock(mutex_);
    freed_.wait(lock, [&] { return (place = free_place(tenant)) != nullptr; });
    place->is_lent = true;
    place->last_used = ++uses_;
    (place->tenant == tenant ? examiner : of_another) = std::move(place->examiner);
    if (of_another) ++replaced_;
    place->tenant = tenant;
  }
  // Its processes end here, before any starts for this tenant.
  of_another.reset();
  try {
    if (!examiner) examiner = std::make_unique<scan::Examiner>(options_);
  } catch (...) {
    take_back(*place, nullptr);
    throw;
  }
  return {*this, *place, std::move(examiner)};
}

void ExaminerPool::take_back(Place& place, std::unique_ptr<scan::Examiner> examiner) {
  {
    const std::lock_guard lock(mutex_);
    place.examiner = std::move(examiner);
    place.is_lent = false;
  }
  freed_.notify_one();
}

uint64_t ExaminerPool::replaced() const {
  const std::lock_guard lock(mutex_);
  return replaced_;
}

}  // namespace safelight::serve

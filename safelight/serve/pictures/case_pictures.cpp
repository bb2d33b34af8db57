#include "safelight/serve/pictures/case_pictures.h"

#include <utility>

#include "safelight/scan/open_item.h"

namespace safelight::serve {

std::unique_ptr<scan::Examiner> ExaminerPool::take() {
  std::unique_lock lock(mutex_);
  returned_.wait(lock, [this] { return at_work_ < max_; });
  std::unique_ptr<scan::Examiner> out;
  if (free_.empty()) {
    out = std::make_unique<scan::Examiner>(options_);
  } else {
    out = std::move(free_.back());
    free_.pop_back();
  }
  ++at_work_;
  return out;
}

void ExaminerPool::give_back(std::unique_ptr<scan::Examiner> examiner) {
  {
    const std::lock_guard lock(mutex_);
    --at_work_;
    free_.push_back(std::move(examiner));
  }
  returned_.notify_one();
}

Result<ShownPicture> CasePictures::show(const ItemId& item, RenditionStyle style,
                                        uint32_t max_side) {
  const auto held = readers_.hold();
  const auto stored = held.reader().find_item(item);
  if (!stored) return Error{ErrorCode::not_found, "item.none"};
  const ExaminerPool::Held examiner(examiners_);
  SAFELIGHT_TRY(const scan::OpenedItem opened,
                scan::open_item(*examiner, held.reader(), stored->item));
  SAFELIGHT_TRY(const scan::Rendition rendition,
                (*examiner).rendition(opened.file, opened.picture, {style, max_side}));
  return ShownPicture{{reinterpret_cast<const char*>(rendition.file.data()), rendition.file.size()},
                      std::string(rendition.media_type)};
}

}  // namespace safelight::serve

#include "safelight/serve/pictures/case_pictures.h"

namespace safelight::serve {

Result<ShownPicture> CasePictures::show(const ItemId& item, RenditionStyle style,
                                        uint32_t max_side) {
  const auto held = readers_.hold();
  const auto stored = held.reader().find_item(item);
  if (!stored) return Error{ErrorCode::not_found, "item.none"};
  auto lease = examiners_.lease(case_);
  scan::Examiner& examiner = lease.examiner();
  SAFELIGHT_TRY(const scan::OpenedItem opened,
                scan::open_item(examiner, held.reader(), stored->item, open_upload_));
  SAFELIGHT_TRY(const scan::Rendition rendition,
                examiner.rendition(opened.file, opened.picture, {style, max_side}));
  return ShownPicture{{reinterpret_cast<const char*>(rendition.file.data()), rendition.file.size()},
                      std::string(rendition.media_type)};
}

}  // namespace safelight::serve

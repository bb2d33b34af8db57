#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include "safelight/scan/open_item.h"
#include "safelight/serve/room/pictures.h"
#include "safelight/serve/room/reader_pool.h"
#include "safelight/serve/screening/examiner_pool.h"

namespace safelight::serve {

/// The pictures of a case, out of its evidence: each item is opened where it was found, its digest
/// compared with the case's, and decoded in a confined worker that has seen no other case. Nothing
/// is kept.
class CasePictures final : public Pictures {
 public:
  /// `open_upload` opens what the case holds of uploads. `examiners` outlives it.
  CasePictures(const std::filesystem::path& directory, ExaminerPool& examiners,
               scan::OpenUpload open_upload = {})
      : case_(directory.string()),
        readers_(directory),
        examiners_(examiners),
        open_upload_(std::move(open_upload)) {}

  Result<ShownPicture> show(const ItemId& item, RenditionStyle style, uint32_t max_side) override;

 private:
  const std::string case_;  ///< Whose workers it has.
  ReaderPool readers_;
  ExaminerPool& examiners_;
  const scan::OpenUpload open_upload_;
};

}  // namespace safelight::serve

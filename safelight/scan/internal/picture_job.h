#pragma once

#include <memory>

#include "safelight/scan/internal/workers.h"

namespace safelight::scan {

/// What a case says of the bytes with those digests.
casefile::Content content_of(const DigestSet& digests);

/// The examination of one file that is no archive, with the pictures in it.
class PictureJob {
 public:
  /// All of them outlive the job; `store` may be nullptr.
  PictureJob(Examiner& examiner, Workers& workers, const FileSource& file, const Asked& asked,
             const Examiner::Known& known, const FileSource* store)
      : examiner_(examiner),
        workers_(workers),
        file_(file),
        asked_(asked),
        known_(known),
        store_(store) {}

  /// As Examiner::examine().
  ExaminedContents run(const DigestedFile& digested) &&;

 private:
  /// Adds what stands at that place in the file, its further stills before it.
  void add(const DigestedFile& digested, uint64_t offset_bytes, uint32_t depth);
  casefile::Examination picture(const DigestedFile& digested, const Extent& extent, uint32_t depth);
  void add_provenance(casefile::Examination& examination, const Extent& extent,
                      const ProvenanceParts& parts, uint32_t depth);
  void add_estimates(casefile::Examination& examination, const Extent& extent,
                     codec::Format format);
  void add_member(casefile::Examination& examination, const Sha256& file_sha256,
                  const PictureRequest& request, const PictureRecord& record, uint32_t depth);
  /// Adds the content of a further still, unless it was examined already; gives its examination.
  std::shared_ptr<const casefile::Examination> member_content(const DigestedFile& digested,
                                                              const casefile::ContentKey& key,
                                                              uint64_t offset_bytes,
                                                              uint32_t depth);
  /// The examination of a content, where it was made already.
  [[nodiscard]] std::shared_ptr<const casefile::Examination> find(
      const casefile::ContentKey& key) const;
  /// A store beside the file is one of the file itself, not of the pictures in it.
  [[nodiscard]] const FileSource* store_at(uint32_t depth) const {
    return depth == 0 ? store_ : nullptr;
  }

  Examiner& examiner_;
  Workers& workers_;
  const FileSource& file_;
  const Asked& asked_;
  const Examiner::Known& known_;
  const FileSource* store_;
  ExaminedContents contents_;
};

}  // namespace safelight::scan

#pragma once

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "safelight/scan/examiner.h"
#include "safelight/serve/room/pictures.h"
#include "safelight/serve/room/reader_pool.h"

namespace safelight::serve {

/// Examiners, each with its confined workers, for whoever has a picture made. At most so many are
/// at work at once; others wait. Safe from many threads.
class ExaminerPool {
 public:
  ExaminerPool(scan::ExaminerOptions options, size_t max_at_work)
      : options_(std::move(options)), max_(max_at_work) {}

  class Held {
   public:
    explicit Held(ExaminerPool& pool) : pool_(pool), examiner_(pool.take()) {}
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;
    ~Held() { pool_.give_back(std::move(examiner_)); }
    [[nodiscard]] scan::Examiner& operator*() const { return *examiner_; }

   private:
    ExaminerPool& pool_;
    std::unique_ptr<scan::Examiner> examiner_;
  };

 private:
  std::unique_ptr<scan::Examiner> take();
  void give_back(std::unique_ptr<scan::Examiner> examiner);

  const scan::ExaminerOptions options_;
  const size_t max_;
  std::mutex mutex_;
  std::condition_variable returned_;
  size_t at_work_ = 0;
  std::vector<std::unique_ptr<scan::Examiner>> free_;
};

/// The pictures of a case, out of its evidence: each item is opened where it was found, its digest
/// compared with the case's, and decoded in a confined worker. Nothing is kept.
class CasePictures final : public Pictures {
 public:
  CasePictures(const std::filesystem::path& directory, ExaminerPool& examiners)
      : readers_(directory), examiners_(examiners) {}

  Result<ShownPicture> show(const ItemId& item, RenditionStyle style, uint32_t max_side) override;

 private:
  ReaderPool readers_;
  ExaminerPool& examiners_;
};

}  // namespace safelight::serve

#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/scan/examiner.h"

namespace safelight::serve {

/// Examiners for uploads of several tenants. An examiner, with its worker processes, serves one
/// tenant: before another tenant gets its place the processes are ended and others started, so that
/// a worker that one tenant's upload took over never sees another's. Safe from many threads.
class ExaminerPool {
 public:
  /// At most `max_examiners` at once, at least one, those that are idle included.
  ExaminerPool(scan::ExaminerOptions options, uint32_t max_examiners);
  ExaminerPool(const ExaminerPool&) = delete;
  ExaminerPool& operator=(const ExaminerPool&) = delete;
  ~ExaminerPool();

 private:
  struct Place {
    std::string tenant;
    std::unique_ptr<scan::Examiner> examiner;  ///< None while it is lent, or before the first use.
    uint64_t last_used = 0;
    bool is_lent = false;
  };

 public:
  /// An examiner, as long as this lives.
  class Lease {
   public:
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease();
    [[nodiscard]] scan::Examiner& examiner() { return *examiner_; }

   private:
    friend class ExaminerPool;
    Lease(ExaminerPool& pool, Place& place, std::unique_ptr<scan::Examiner> examiner)
        : pool_(pool), place_(place), examiner_(std::move(examiner)) {}
    ExaminerPool& pool_;
    Place& place_;
    std::unique_ptr<scan::Examiner> examiner_;
  };

  /// An examiner that serves this tenant alone; waits until one is free.
  [[nodiscard]] Lease lease(std::string_view tenant);

  /// How often an examiner was ended because another tenant needed its place.
  [[nodiscard]] uint64_t replaced() const;

 private:
  [[nodiscard]] Place* free_place(std::string_view tenant);
  void take_back(Place& place, std::unique_ptr<scan::Examiner> examiner);

  const scan::ExaminerOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<Place> places_;
  uint64_t uses_ = 0;
  uint64_t replaced_ = 0;
};

}  // namespace safelight::serve

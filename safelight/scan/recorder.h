#pragma once

#include <atomic>
#include <exception>
#include <functional>
#include <thread>
#include <vector>

#include "safelight/audit/merkle_tree.h"
#include "safelight/casefile/writer.h"
#include "safelight/scan/bounded_queue.h"
#include "safelight/scan/content_book.h"
#include "safelight/scan/list_matching.h"
#include "safelight/scan/progress.h"

namespace safelight::scan {

/// What one step of a scan found out: goes into the case together.
struct Outcome {
  std::vector<casefile::ExaminedContent> contents;
  std::vector<casefile::Item> items;
};

/// What is told of each commit: the head of the case's audit log. Called by the thread that writes;
/// throws nothing.
using Committed = std::function<void(const audit::TreeHead&)>;

/// The one thread that writes: gathers outcomes, matches their contents against the lists, as they
/// are by then, in batches, and commits.
class Recorder {
 public:
  /// All of them outlive the recorder. `committed` may be empty.
  Recorder(casefile::Writer& writer, ListMatching& matching, ContentBook& book, Progress& progress,
           const Committed& committed);
  /// Ends as finish() does, dropping any Fault.
  ~Recorder();

  /// Takes an outcome; waits while too many are queued. After a Fault it is dropped, and failed()
  /// is true.
  void add(Outcome outcome);

  /// Whether writing has failed: the scan should end, and finish() says why.
  [[nodiscard]] bool failed() const { return failed_; }

  /// Commits what is left and ends. Throws the Fault that writing met, if it met one.
  void finish();

  /// After finish(): whether a list changed meanwhile, so that what was committed before the change
  /// was matched against another.
  [[nodiscard]] bool lists_changed() const { return lists_changed_; }

 private:
  void run();
  void commit(Outcome gathered);

  casefile::Writer& writer_;
  ListMatching& matching_;
  ContentBook& book_;
  Progress& progress_;
  const Committed& committed_;
  BoundedQueue<Outcome> queue_;
  std::atomic<bool> failed_ = false;
  bool lists_changed_ = false;
  std::exception_ptr fault_;
  std::jthread thread_;
};

}  // namespace safelight::scan

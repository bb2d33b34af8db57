#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>

#include "safelight/casefile/reader.h"
#include "safelight/scan/bounded_queue.h"
#include "safelight/scan/content_book.h"
#include "safelight/scan/examiner.h"
#include "safelight/scan/progress.h"
#include "safelight/scan/recorder.h"

namespace safelight::scan {

/// An archive whose members are under way: it is recorded, as complete, when the last of them is.
struct Container {
  std::atomic<uint32_t> open = 1;  ///< Members under way, and the reading of the archive itself.
  Outcome own;                     ///< What is recorded then.
  std::shared_ptr<Container> parent;
};

/// One place in the evidence on its way into the case.
struct Task {
  casefile::Item item;                   ///< As far as it is known before its content is read.
  std::optional<FileSource> file;        ///< Its content; nothing where that cannot be read.
  std::optional<DigestedFile> digested;  ///< For a member, whose bytes were digested as they came.
  uint32_t depth = 0;                    ///< Archives around it.
  bool may_be_done = false;              ///< Whether the case may hold this item already.
  std::shared_ptr<Container> container;  ///< The archive it is a member of.
};

/// The id of an item found there.
ItemId item_id(const Origin& origin);

/// Makes `item` one that was not examined, because of `error`. `what` names it in the finding.
void set_error(casefile::Item& item, std::string_view what, const Error& error);

/// What the jobs of a scan share. Everything outlives the jobs.
struct JobContext {
  const ExaminerOptions& options;
  const Asked& asked;
  Recorder& recorder;
  ContentBook& book;
  Progress& progress;
  BoundedQueue<Task>& queue;
  std::function<bool()> ending;  ///< Whether to stop early.
};

/// Takes tasks through digest, examination and recording, one after another, on one thread.
class ItemJob {
 public:
  ItemJob(const JobContext& context, casefile::Reader reader);

  void process(Task task);

 private:
  class MemberTasks;

  [[nodiscard]] bool is_done_already(const Task& task) const;
  /// Whether the item in the case, and those of its further stills, say what that examination gave:
  /// it may be a later one, made for another item of the same content.
  [[nodiscard]] bool is_told(const casefile::Item& item, const ExaminationTree& examined) const;
  void examine(Task task);
  /// Where detectors are not asked in this run: what they said of these contents in an earlier one.
  void keep_assessments(ExaminedContents& contents) const;
  void expand(Task task);
  /// Whether what the case holds of a content has all that this run asks for, rests on its trust
  /// files, and no worker failed over it.
  [[nodiscard]] bool is_enough(const std::optional<casefile::StoredContent>& stored) const;
  /// The examination that the case holds of a content, if it is enough.
  [[nodiscard]] Examined find_in_case(const casefile::ContentKey& key) const;
  [[nodiscard]] Examined tree_in_case(const std::optional<casefile::StoredContent>& stored,
                                      const casefile::ContentKey& key) const;
  [[nodiscard]] Examined find_examined(const casefile::ContentKey& key) const;
  [[nodiscard]] Examined tree_of(const ExaminedContents& contents,
                                 const casefile::ContentKey& key) const;

  JobContext context_;
  casefile::Reader reader_;
  Examiner examiner_;
  Examiner::Known known_;
};

}  // namespace safelight::scan

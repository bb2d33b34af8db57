#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "safelight/audit/details.h"
#include "safelight/audit/merkle_tree.h"
#include "safelight/base/clock.h"
#include "safelight/base/log.h"
#include "safelight/casefile/case_info.h"
#include "safelight/casefile/content.h"
#include "safelight/casefile/item.h"

namespace safelight::casefile {

/// A content and what a look at it gave.
struct ExaminedContent {
  Content content;
  Examination examination;
};

/// What is committed together: all of it is in the case after a power loss, or none.
struct Batch {
  /// New contents, and examinations of contents that the case has already. A member's content
  /// stands before the content that names it, or is in the case.
  std::vector<ExaminedContent> contents;
  std::vector<Item> items;      ///< Their contents are in this batch or in the case.
  std::vector<HitChange> hits;  ///< Their lists were named to use_list().
};

/// The one writer of a case: holds its lock as long as it lives. Nothing is ever updated or
/// deleted; every call that writes is one durable transaction with its record in the audit log.
/// Used from one thread at a time.
///
/// Every member throws Fault where the disk is full, the case is damaged or the system fails; the
/// case then holds what the last successful call left, and the writer can be used again.
class Writer {
 public:
  /// Makes a case in `directory`, which must not exist or be empty. Throws Fault if there is a case
  /// already, or on a network file system, where locks and durable writes cannot be relied on.
  /// `clock` and `log` outlive the writer; `log` gets a warning on a FUSE file system.
  static Writer create(const std::filesystem::path& directory, const std::string& case_id,
                       const CaseInfo& info, const Clock& clock, LogSink& log);

  /// Opens a case. One that an earlier version wrote is first brought to this one, in a transaction
  /// of its own with an audit record; nothing that it holds changes. Throws Fault if another writer
  /// has it, if it is damaged, of a later version, or on a network file system.
  static Writer open(const std::filesystem::path& directory, const Clock& clock, LogSink& log);

  Writer(Writer&&) noexcept;
  Writer& operator=(Writer&&) noexcept;
  ~Writer();

  void change_info(const CaseInfo& info);

  /// The id of the source described, new or known again.
  std::string add_source(const SourceDescription& source);

  /// Records the version of a list that hits will refer to; once for each.
  void use_list(const ListUse& list);

  /// Begins a run and gives its number. If the run before it never ended, this one resumes it.
  uint64_t begin_run(const RunStart& start);
  void end_run(std::string_view outcome);

  /// Writes a batch. Throws std::invalid_argument, having written nothing, for a reference that
  /// leads nowhere.
  void commit(const Batch& batch);

  /// Records in the audit log that something was done with the case, such as "report.written".
  void note(std::string_view kind, const audit::Details& details);

  /// The audit log's head: to be shown to the user, who may note it down.
  [[nodiscard]] audit::TreeHead head() const;

 private:
  class State;
  explicit Writer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace safelight::casefile

#include "safelight/scan/scanner.h"

#include <algorithm>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_set>

#include "safelight/intake/folder_walk.h"
#include "safelight/scan/bounded_queue.h"
#include "safelight/scan/content_book.h"
#include "safelight/scan/internal/item_job.h"
#include "safelight/scan/recorder.h"

namespace safelight::scan {
namespace {

/// Open files that wait for a job.
constexpr size_t kMaxQueuedTasks = 128;
/// Bytes of archive members that wait in memory for a job.
constexpr uint64_t kMaxQueuedBytes = 64 << 20;

casefile::ItemTimes item_times(const EntryTimes& times) {
  const auto stamp = [](const std::optional<int64_t>& ns) -> std::optional<casefile::Timestamp> {
    if (!ns) return std::nullopt;
    return casefile::Timestamp{*ns, casefile::TimeZoneKnowledge::utc};
  };
  casefile::ItemTimes out;
  out.modified = stamp(times.modified_ns);
  out.changed = stamp(times.changed_ns);
  out.accessed = stamp(times.accessed_ns);
  out.born = stamp(times.created_ns);
  return out;
}

casefile::ItemKind item_kind(EntryKind kind) {
  switch (kind) {
    case EntryKind::file:
      return casefile::ItemKind::file;
    case EntryKind::folder:
      return casefile::ItemKind::folder;
    case EntryKind::link:
      return casefile::ItemKind::symbolic_link;
    case EntryKind::device:
    case EntryKind::fifo:
    case EntryKind::socket:
    case EntryKind::unknown:
      break;
  }
  return casefile::ItemKind::special_file;
}

Finding entry_fact(std::string kind, std::string statement,
                   std::vector<std::pair<std::string, std::string>> fields) {
  Finding finding;
  finding.kind = std::move(kind);
  finding.statement = std::move(statement);
  finding.fields = std::move(fields);
  return finding;
}

/// The item of a walk entry, complete unless it is a file that will be read.
casefile::Item item_of(const std::string& source_id, const WalkEntry& entry) {
  casefile::Item item;
  item.origin.source_id = source_id;
  item.origin.steps = {{StepKind::directory_entry, 0, 0, entry.path}};
  item.id = item_id(item.origin);
  item.kind = item_kind(entry.kind);
  item.times = item_times(entry.times);
  if (entry.kind == EntryKind::file) {
    item.size_bytes = entry.state.size_bytes;
    item.file_state = entry.state;
  }
  if (entry.on_other_file_system) {
    item.findings.push_back(
        entry_fact("other_file_system", "It lies on another file system than its source.", {}));
  }
  if (entry.error) {
    set_error(item, to_text(entry.kind), *entry.error);
  } else if (entry.kind == EntryKind::link) {
    item.coverage = Coverage::full;
    item.findings.push_back(entry_fact("link", "A symbolic link: recorded, not followed.",
                                       {{"target", escape_name(entry.link_target)}}));
  } else if (entry.kind != EntryKind::file) {
    item.coverage = Coverage::none;
    item.error =
        casefile::StoredError{ErrorCode::unsupported, "file.not-regular", 0, OffsetKind::none};
    item.findings.push_back(entry_fact("special_file",
                                       "Not a regular file: recorded, never opened.",
                                       {{"kind", std::string(to_text(entry.kind))}}));
  }
  return item;
}

/// Counts what the sources hold, so that the scan can say how much is left.
void count_sources(const std::vector<std::string>& sources, const WalkOptions& options,
                   Progress& progress, const std::atomic<bool>& stop) {
  for (const std::string& path : sources) {
    auto walk = FolderWalk::open(path, options);
    if (!walk) continue;
    while (const auto entry = walk->next()) {
      if (stop) return;
      ++progress.total_files;
      if (entry->kind == EntryKind::file) progress.total_bytes += entry->state.size_bytes;
    }
  }
  progress.counted = true;
}

class Scan {
 public:
  Scan(casefile::Writer& writer, const std::filesystem::path& case_folder, ListMatching& matching,
       const ScanOptions& options, Progress& progress, const std::atomic<bool>& stop)
      : writer_(writer),
        case_folder_(case_folder),
        options_(options),
        progress_(progress),
        stop_(stop),
        queue_(kMaxQueuedTasks, kMaxQueuedBytes),
        recorder_(writer, matching, book_, progress, options.committed) {}

  ScanEnd run() {
    WalkOptions walk_options;
    if (const auto identity = identity_of_folder(case_folder_))
      walk_options.own_folders = {*identity};
    ScanEnd end;
    // The writer is the recorder's from here on, so sources are registered first.
    auto sources = open_sources(walk_options, end);
    {
      const std::jthread counter(
          [&] { count_sources(options_.sources, walk_options, progress_, abandon_); });
      std::vector<std::jthread> jobs;
      for (uint32_t i = 0; i < std::max(1u, options_.jobs); ++i)
        jobs.emplace_back([this] { run_job(); });
      for (OpenSource& source : sources) walk_source(source);
      queue_.close();
      jobs.clear();
      abandon_ = true;
    }
    if (fault_) std::rethrow_exception(fault_);
    recorder_.finish();
    end.lists_changed = recorder_.lists_changed();
    end.interrupted = stop_;
    return end;
  }

 private:
  struct OpenSource {
    std::string id;
    FolderWalk walk;
    bool is_in_case;  ///< It was scanned before; otherwise nothing of it need be looked for.
  };

  std::vector<OpenSource> open_sources(const WalkOptions& walk_options, ScanEnd& end) {
    std::vector<OpenSource> sources;
    std::unordered_set<std::string> known;
    for (const casefile::Source& source : casefile::Reader::open(case_folder_).sources())
      known.insert(source.source_id);
    for (const std::string& path : options_.sources) {
      auto walk = FolderWalk::open(path, walk_options);
      if (!walk) {
        end.lost_sources.push_back({path, walk.error()});
        continue;
      }
      const auto description = casefile::describe_source(walk->resolved_path());
      if (!description) {
        end.lost_sources.push_back({path, description.error()});
        continue;
      }
      std::string id = writer_.add_source(*description);
      const bool is_new = known.insert(id).second;
      sources.push_back({std::move(id), std::move(*walk), !is_new});
    }
    return sources;
  }

  void walk_source(OpenSource& source) {
    while (!ending()) {
      const auto entry = source.walk.next();
      if (!entry) return;
      Task task;
      task.item = item_of(source.id, *entry);
      task.may_be_done = source.is_in_case;
      if (entry->kind == EntryKind::file && !entry->error) {
        auto file = source.walk.open_last();
        if (file) {
          task.item.size_bytes = file->state().size_bytes;
          task.item.file_state = file->state();
          task.file = std::move(*file);
        } else {
          set_error(task.item, "file", file.error());
        }
      }
      queue_.push(std::move(task), 0);
    }
  }

  void run_job() {
    try {
      JobContext context{
          options_.examiner,          options_.asked, recorder_, book_, progress_, queue_,
          [this] { return ending(); }};
      ItemJob job(context, casefile::Reader::open(case_folder_));
      while (auto task = queue_.pop()) {
        if (!ending()) job.process(std::move(*task));
      }
    } catch (...) {
      // A signal to the whole process group ends a worker that is just being started, too. That is
      // no fault: the scan ends as it was asked to.
      const std::lock_guard lock(fault_mutex_);
      if (!fault_ && !stop_) fault_ = std::current_exception();
      abandon_ = true;
      queue_.close();
    }
  }

  [[nodiscard]] bool ending() const { return stop_ || abandon_ || recorder_.failed(); }

  casefile::Writer& writer_;
  const std::filesystem::path& case_folder_;
  const ScanOptions& options_;
  Progress& progress_;
  const std::atomic<bool>& stop_;
  std::atomic<bool> abandon_ = false;
  std::mutex fault_mutex_;
  std::exception_ptr fault_;
  ContentBook book_;
  BoundedQueue<Task> queue_;
  Recorder recorder_;
};

}  // namespace

ScanEnd scan(casefile::Writer& writer, const std::filesystem::path& case_folder,
             ListMatching& matching, const ScanOptions& options, Progress& progress,
             const std::atomic<bool>& stop) {
  return Scan(writer, case_folder, matching, options, progress, stop).run();
}

}  // namespace safelight::scan

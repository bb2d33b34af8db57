#include "safelight/scan/internal/item_job.h"

#include <algorithm>
#include <iterator>

#include "safelight/digest/sha256_stream.h"
#include "safelight/scan/picture_examination.h"
#include "safelight/synthesis/calibration/stated_assessment.h"

namespace safelight::scan {
namespace {

/// What an examination was asked for.
Asked asked_of(const casefile::Examination& examination) {
  return {{casefile::was_asked_for(examination, PdqMode::reference),
           casefile::was_asked_for(examination, PdqMode::full)},
          examination.origin};
}

Asked both(const Asked& a, const Asked& b) {
  return {{a.modes.reference || b.modes.reference, a.modes.full || b.modes.full},
          std::max(a.origin, b.origin)};
}

/// Whether a file is as it was. The device number is left out: it changes from mount to mount.
bool is_same_state(const FileState& a, const FileState& b) {
  return a.inode == b.inode && a.size_bytes == b.size_bytes && a.modified_ns == b.modified_ns &&
         a.changed_ns == b.changed_ns;
}

/// Counts one done, and records its archive when it was the last.
void release(std::shared_ptr<Container> container, Recorder& recorder) {
  while (container && --container->open == 0) {
    recorder.add(std::move(container->own));
    container = container->parent;
  }
}

void take_examination(casefile::Item& item, const casefile::Examination& examination) {
  item.coverage = std::max(examination.coverage, item.coverage);
  if (!item.error) item.error = examination.error;
}

/// Adds the items of the further stills in `item`, whose content was examined as `examined`.
void add_member_items(const casefile::Item& item, const ExaminationTree& examined,
                      std::vector<casefile::Item>& items) {
  for (size_t i = 0; i < examined.members.size(); ++i) {
    const casefile::MemberContent& member = examined.examination.members[i];
    casefile::Item child;
    child.origin = item.origin.child(member.step);
    child.id = item_id(child.origin);
    child.parent = item.id;
    child.content = member.content;
    child.coverage = Coverage::full;
    take_examination(child, examined.members[i]->examination);
    items.push_back(child);
    add_member_items(child, *examined.members[i], items);
  }
}

/// Everything that follows from a file's examination: its item and those of its further stills.
std::vector<casefile::Item> items_of(casefile::Item item, const ExaminationTree& examined) {
  item.coverage = Coverage::full;
  take_examination(item, examined.examination);
  std::vector<casefile::Item> items = {item};
  add_member_items(item, examined, items);
  return items;
}

void count(const std::vector<casefile::Item>& items, Progress& progress) {
  progress.items += items.size();
  progress.unexamined += static_cast<uint64_t>(
      std::count_if(items.begin(), items.end(),
                    [](const casefile::Item& item) { return item.coverage != Coverage::full; }));
}

}  // namespace

ItemId item_id(const Origin& origin) { return {sha256_of(encode(origin))}; }

void set_error(casefile::Item& item, std::string_view what, const Error& error) {
  item.coverage = Coverage::none;
  item.error = casefile::stored(error);
  item.findings.push_back(coverage_finding(Coverage::none, what, error));
}

/// Makes tasks of an archive's members. A member is handed to another job if one has room, and done
/// at once otherwise, so that jobs never wait for one another.
class ItemJob::MemberTasks final : public ArchiveMemberSink {
 public:
  MemberTasks(ItemJob& job, const casefile::Item& archive, uint32_t depth,
              std::shared_ptr<Container> container)
      : job_(job), archive_(archive), depth_(depth), container_(std::move(container)) {}

  bool member(const ArchiveMember& member, std::optional<Content> content,
              const std::optional<Error>& error) override {
    if (member.kind == MemberKind::folder && !error) return !job_.context_.ending();
    Task task;
    task.item = member_item(member);
    task.depth = depth_;
    task.container = container_;
    ++container_->open;
    if (error) {
      set_error(task.item, "member", *error);
    } else if (content) {
      task.item.size_bytes = content->digests.size_bytes;
      task.digested = DigestedFile{content->digests, content->format};
      task.file = std::move(content->file);
    }
    const uint64_t cost = task.item.size_bytes.value_or(0);
    if (!job_.context_.queue.try_push(task, cost)) job_.process(std::move(task));
    return !job_.context_.ending();
  }

 private:
  [[nodiscard]] casefile::Item member_item(const ArchiveMember& member) const {
    casefile::Item item;
    item.origin = archive_.origin.child(
        {StepKind::archive_member, member.ordinal, member.offset_bytes, member.name});
    item.id = item_id(item.origin);
    item.parent = archive_.id;
    if (member.modified_ns && member.zone != TimeZoneKnown::none) {
      item.times.in_container = {*member.modified_ns,
                                 member.zone == TimeZoneKnown::utc
                                     ? casefile::TimeZoneKnowledge::utc
                                     : casefile::TimeZoneKnowledge::local_unknown};
    }
    const auto add = [&](std::string kind, std::string statement, std::string field,
                         std::string value) {
      Finding finding;
      finding.kind = std::move(kind);
      finding.statement = std::move(statement);
      if (!field.empty()) finding.fields = {{std::move(field), std::move(value)}};
      item.findings.push_back(std::move(finding));
    };
    if (member.kind == MemberKind::link) {
      item.kind = casefile::ItemKind::symbolic_link;
      item.coverage = Coverage::full;
      add("link", "A link inside an archive: recorded, not followed.", "target",
          escape_name(member.link_target));
    } else if (member.kind == MemberKind::other) {
      item.kind = casefile::ItemKind::special_file;
      item.coverage = Coverage::none;
      item.error =
          casefile::StoredError{ErrorCode::unsupported, "file.not-regular", 0, OffsetKind::none};
      add("special_file", "Not a regular file: recorded only.", "", "");
    } else if (member.kind == MemberKind::folder) {
      item.kind = casefile::ItemKind::folder;
    }
    if (member.encrypted)
      add("encrypted_member", "The archive holds this member encrypted.", "", "");
    if (member.unsafe_path) {
      add("unsafe_path", "The member's path would leave the folder that it is unpacked into.", "",
          "");
    }
    if (member.name_cut)
      add("name_cut", "The member's name was over the limit and is cut.", "", "");
    return item;
  }

  ItemJob& job_;
  const casefile::Item& archive_;
  uint32_t depth_;
  std::shared_ptr<Container> container_;
};

ItemJob::ItemJob(const JobContext& context, casefile::Reader reader)
    : context_(context),
      reader_(std::move(reader)),
      examiner_(context.options),
      known_([this](
                 const casefile::ContentKey& key) -> std::shared_ptr<const casefile::Examination> {
        const Examined examined = find_examined(key);
        return examined
                   ? std::shared_ptr<const casefile::Examination>(examined, &examined->examination)
                   : nullptr;
      }) {}

void ItemJob::process(Task task) {
  const bool is_source_entry = task.depth == 0;
  const uint64_t bytes = is_source_entry ? task.item.size_bytes.value_or(0) : 0;
  if (task.may_be_done && is_done_already(task)) {
    ++context_.progress.skipped;
  } else {
    if (task.file && !task.digested) {
      auto digested = examiner_.digest(*task.file);
      const auto unchanged = task.file->check_unchanged();
      if (digested && unchanged) {
        task.digested = *digested;
      } else {
        set_error(task.item, "file", digested ? unchanged.error() : digested.error());
        task.file.reset();
      }
    }
    if (task.digested) {
      task.item.content = casefile::content_key(task.digested->digests.sha256);
      const std::string& name = task.item.origin.steps.back().name;
      if (auto mismatch = type_mismatch(name, task.digested->format))
        task.item.findings.push_back(*mismatch);
    }
    if (!task.digested) {
      std::vector<casefile::Item> items = {std::move(task.item)};
      count(items, context_.progress);
      context_.recorder.add({{}, std::move(items)});
      release(std::move(task.container), context_.recorder);
    } else if (codec::handling_of(task.digested->format) == codec::Handling::archive_worker &&
               task.file) {
      expand(std::move(task));
    } else {
      examine(std::move(task));
    }
  }
  if (is_source_entry) {
    ++context_.progress.files;
    context_.progress.bytes += bytes;
  }
}

bool ItemJob::is_done_already(const Task& task) const {
  const auto stored = reader_.find_item(task.item.id);
  if (!stored || stored->item.state != casefile::ItemState::complete) return false;
  // What could not be read may be readable now.
  if (!stored->item.content || !stored->item.file_state || !task.item.file_state) return false;
  if (!is_same_state(*stored->item.file_state, *task.item.file_state)) return false;
  const Examined examined = find_in_case(*stored->item.content);
  if (!examined || !is_told(stored->item, *examined)) return false;
  // With passwords, members that an earlier run found locked may open.
  return context_.options.passwords.empty() ||
         codec::handling_of(codec::format_from_text(examined->examination.format)) !=
             codec::Handling::archive_worker;
}

bool ItemJob::is_told(const casefile::Item& item, const ExaminationTree& examined) const {
  casefile::Item anew = item;
  anew.error.reset();
  const auto expected = items_of(std::move(anew), examined);
  const auto says = [](const casefile::Item& stored, const casefile::Item& wanted) {
    return stored.coverage == wanted.coverage && stored.error == wanted.error;
  };
  return says(item, expected.front()) &&
         std::all_of(expected.begin() + 1, expected.end(), [&](const casefile::Item& still) {
           const auto stored = reader_.find_item(still.id);
           return stored && says(stored->item, still);
         });
}

void ItemJob::examine(Task task) {
  // The file stays here: whoever waits for another's examination holds no descriptor meanwhile.
  const std::optional<FileSource> file = std::move(task.file);
  task.file.reset();
  const auto shared = std::make_shared<Task>(std::move(task));
  const casefile::ContentKey key = *shared->item.content;
  // For those who come while the content is examined elsewhere: on whichever thread that ends.
  const auto record = [&context = context_, shared](const Examined& examined) {
    auto items = items_of(std::move(shared->item), *examined);
    count(items, context.progress);
    context.recorder.add({{}, std::move(items)});
    release(std::move(shared->container), context.recorder);
  };
  if (context_.book.claim(key, record) != ContentBook::Claim::yours) return;

  const auto stored = reader_.find_content(key);
  Examined examined = tree_in_case(stored, key);
  if (examined) {
    record(examined);
    context_.book.committed(key);
  } else {
    // What an earlier run asked for is asked for again: the latest examination is all that counts.
    Asked asked = context_.asked;
    if (stored && stored->examination) asked = both(asked, asked_of(*stored->examination));
    ExaminedContents contents;
    if (file) {
      contents = examiner_.examine(*file, *shared->digested, asked, known_);
      if (!context_.options.estimates) keep_assessments(contents);
    } else {
      const DigestSet& digests = shared->digested->digests;
      contents.push_back(
          {{key, digests.sha256, digests.sha1, digests.md5, digests.size_bytes},
           failed_examination(shared->digested->format, asked,
                              Error{ErrorCode::limit_exceeded, "max_member_bytes"})});
    }
    examined = tree_of(contents, key);
    auto items = items_of(std::move(shared->item), *examined);
    count(items, context_.progress);
    context_.recorder.add({std::move(contents), std::move(items)});
    release(std::move(shared->container), context_.recorder);
  }
  context_.book.publish(key, examined);
}

void ItemJob::keep_assessments(ExaminedContents& contents) const {
  for (casefile::ExaminedContent& content : contents) {
    if (content.examination.origin != OriginScope::pixels) continue;
    const auto stored = reader_.find_content(content.content.key);
    if (!stored || !stored->examination) continue;
    const auto& before = stored->examination->findings;
    std::copy_if(before.begin(), before.end(), std::back_inserter(content.examination.findings),
                 synthesis::states_assessment);
  }
}

void ItemJob::expand(Task task) {
  const auto container = std::make_shared<Container>();
  container->parent = task.container;
  MemberTasks members(*this, task.item, task.depth + 1, container);
  auto examined = examiner_.expand(*task.file, *task.digested, context_.asked, task.depth, members);
  if (context_.ending()) return;
  ExaminationTree tree{examined.examination, {}};
  container->own.items = items_of(std::move(task.item), tree);
  container->own.contents.push_back(std::move(examined));
  count(container->own.items, context_.progress);
  release(container, context_.recorder);
}

bool ItemJob::is_enough(const std::optional<casefile::StoredContent>& stored) const {
  if (!stored || !stored->examination || worker_failed(*stored->examination)) return false;
  const Asked asked = asked_of(*stored->examination);
  const auto& credentials = context_.options.credentials;
  return asked == both(asked, context_.asked) &&
         (!credentials || credentials->gave(stored->examination->findings));
}

Examined ItemJob::find_in_case(const casefile::ContentKey& key) const {
  return tree_in_case(reader_.find_content(key), key);
}

Examined ItemJob::tree_in_case(const std::optional<casefile::StoredContent>& stored,
                               const casefile::ContentKey& key) const {
  if (!is_enough(stored)) return nullptr;
  return tree_of({{stored->content, *stored->examination}}, key);
}

Examined ItemJob::find_examined(const casefile::ContentKey& key) const {
  if (auto examined = context_.book.find(key)) return examined;
  return find_in_case(key);
}

Examined ItemJob::tree_of(const ExaminedContents& contents, const casefile::ContentKey& key) const {
  const auto found = std::find_if(
      contents.begin(), contents.end(),
      [&](const casefile::ExaminedContent& examined) { return examined.content.key == key; });
  if (found == contents.end()) return find_examined(key);
  auto tree = std::make_shared<ExaminationTree>();
  tree->examination = found->examination;
  for (const casefile::MemberContent& member : found->examination.members) {
    auto child = tree_of(contents, member.content);
    if (!child) return nullptr;
    tree->members.push_back(std::move(child));
  }
  return tree;
}

}  // namespace safelight::scan

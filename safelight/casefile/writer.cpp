#include "safelight/casefile/writer.h"

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>
#include <unordered_map>

#include "safelight/base/fault.h"
#include "safelight/casefile/internal/committer.h"
#include "safelight/casefile/internal/place.h"
#include "safelight/casefile/internal/row_text.h"
#include "safelight/database/place.h"
#include "safelight/database/statement.h"

namespace safelight::casefile {

using database::Connection;
using database::Statement;

namespace {

/// Stands for no row: rows are numbered from 1.
constexpr int64_t kNoRow = 0;

std::span<const std::byte> bytes_of(const Sha256& digest) {
  return std::as_bytes(std::span(digest.bytes));
}

[[noreturn]] void refuse(const std::string& what) { throw std::invalid_argument("case: " + what); }

template <typename T>
std::optional<int64_t> as_integer(const std::optional<T>& value) {
  if (!value) return std::nullopt;
  return static_cast<int64_t>(*value);
}

}  // namespace

class Writer::State {
 public:
  State(const std::filesystem::path& directory, Descriptor lock, const Clock& clock)
      : lock_(std::move(lock)), committer_(directory, clock) {}

  /// Makes the schema and the first commit of a new case.
  void create(const std::string& case_id, const CaseInfo& info) {
    const int64_t now_ns = committer_.clock().now_ns();
    committer_.create("case.created", {{"case_id", case_id}}, now_ns, [&] {
      add_meta("case_id", case_id);
      add_meta("created_ns", std::to_string(now_ns));
      add_info(info, nullptr);
    });
    prepare();
  }

  /// Checks and takes up an existing case.
  void open() {
    committer_.open();
    prepare();
    Statement uses(connection(), "SELECT name, list_content_id, id FROM list_uses ORDER BY id");
    while (uses.step()) {
      list_uses_[{std::string(uses.text(0)), std::string(uses.text(1))}] = uses.integer(2);
    }
    run_ = connection().integer("SELECT coalesce(max(run), 0) FROM runs");
  }

  void change_info(const CaseInfo& info) {
    const CaseInfo now = current_info();
    if (info == now) return;
    commit("case.info_changed", {}, [&] { add_info(info, &now); });
  }

  std::string add_source(const SourceDescription& source) {
    // By file system and inode; where the file system has no id, by path.
    Statement known(
        connection(),
        "SELECT source_id, given_path FROM sources WHERE kind = ?1 AND inode = ?3 AND "
        "file_system_id = ?2 AND (?2 <> '' OR given_path = ?4) ORDER BY id DESC LIMIT 1");
    known.bind_text(0, to_text(source.kind)).bind_text(1, source.file_system_id);
    known.bind(2, static_cast<int64_t>(source.inode));
    known.bind_blob(3, std::as_bytes(std::span(source.given_path)));
    std::string source_id;
    if (known.step()) {
      source_id = known.text(0);
      const auto path = known.blob(1);
      const bool same = std::ranges::equal(path, std::as_bytes(std::span(source.given_path)));
      known.reset();
      if (same) return source_id;
    } else {
      const int64_t number =
          connection().integer("SELECT count(DISTINCT source_id) FROM sources") + 1;
      source_id = "S" + std::to_string(number);
    }
    commit("source.given", {{"source", source_id}}, [&] {
      row(Table::sources)
          .text(source_id)
          .text(to_text(source.kind))
          .blob(std::as_bytes(std::span(source.given_path)))
          .text(source.file_system_id)
          .integer(static_cast<int64_t>(source.inode))
          .insert();
    });
    return source_id;
  }

  void use_list(const ListUse& list) {
    // A mapping can change while the list stays the same: then it is recorded again.
    Statement latest(connection(),
                     "SELECT mapping FROM list_uses WHERE id = (SELECT max(id) FROM list_uses "
                     "WHERE name = ?1) AND list_content_id = ?2");
    latest.bind_text(0, list.name).bind_text(1, list.content_id);
    if (latest.step()) {
      const bool same = latest.text(0) == clean_text(list.mapping);
      latest.reset();
      if (same) return;
    }
    int64_t id = 0;
    commit("list.used", {{"list", list.name}, {"version", list.content_id}}, [&] {
      id = row(Table::list_uses)
               .text(list.name)
               .text(list.content_id)
               .text(clean_text(list.mapping))
               .integer(static_cast<int64_t>(list.entries))
               .insert();
    });
    list_uses_[{list.name, list.content_id}] = id;
  }

  uint64_t begin_run(const RunStart& start) {
    const bool resumes =
        run_ != 0 &&
        connection().integer("SELECT count(*) FROM runs WHERE event = 'ended' AND run = " +
                             std::to_string(run_)) == 0;
    const int64_t run = run_ + 1;
    std::vector<std::pair<std::string, std::string>> details = {{"command", start.command},
                                                                {"run", std::to_string(run)}};
    if (resumes) details.insert(details.begin() + 1, {"resumes", std::to_string(run_)});
    const int64_t now_ns = committer_.clock().now_ns();
    committer_.commit_at(resumes ? "run.resumed" : "run.started", std::move(details), now_ns, [&] {
      row(Table::runs).integer(run).text("started").integer(now_ns);
      inserter(Table::runs).integer(resumes ? std::optional(run_) : std::nullopt);
      inserter(Table::runs)
          .text(start.command)
          .text(named_texts_to_row(start.options))
          .text(start.tool_version)
          .text("")
          .insert();
    });
    run_ = run;
    return static_cast<uint64_t>(run);
  }

  void end_run(std::string_view outcome) {
    const int64_t now_ns = committer_.clock().now_ns();
    committer_.commit_at(
        "run.ended", {{"outcome", std::string(outcome)}, {"run", std::to_string(run_)}}, now_ns,
        [&] {
          row(Table::runs).integer(run_).text("ended").integer(now_ns).null();
          inserter(Table::runs).text("").text("[]").text("").text(outcome).insert();
        });
  }

  void commit_batch(const Batch& batch) {
    content_ids_.clear();
    commit("batch.committed", {{"run", std::to_string(run_)}}, [&] {
      for (const ExaminedContent& content : batch.contents) add_content(content);
      for (const Item& item : batch.items) add_item(item);
      for (const HitChange& hit : batch.hits) add_hit(hit);
    });
  }

  void note(std::string_view kind, const audit::Details& details) {
    commit(std::string(kind), details, [] {});
  }

  [[nodiscard]] audit::TreeHead head() const { return committer_.head(); }

  void checkpoint() { committer_.checkpoint(); }

 private:
  /// Prepares what every commit needs, once the schema is there.
  void prepare() {
    find_content_.emplace(connection(), "SELECT id FROM contents WHERE key = ?");
    find_item_.emplace(connection(),
                       "SELECT revision, content_id, state FROM items WHERE item_id = ? "
                       "ORDER BY id DESC LIMIT 1");
  }

  Connection& connection() { return committer_.connection(); }
  RowInserter& inserter(Table table) { return committer_.inserter(table); }
  RowInserter& row(Table table) { return committer_.row(table); }
  template <typename Fill>
  void commit(std::string kind, Committer::Details details, Fill&& fill) {
    committer_.commit(std::move(kind), std::move(details), fill);
  }

  void add_meta(std::string_view key, const std::string& value) {
    row(Table::meta).text(key).text(clean_text(value)).insert();
  }

  void add_info(const CaseInfo& info, const CaseInfo* before) {
    const auto add = [&](std::string_view key, std::string CaseInfo::*field) {
      if (before == nullptr || info.*field != before->*field) add_meta(key, info.*field);
    };
    add("examiner", &CaseInfo::examiner);
    add("agency", &CaseInfo::agency);
    add("case_number", &CaseInfo::case_number);
    add("exhibit", &CaseInfo::exhibit);
    add("time_zone", &CaseInfo::time_zone);
  }

  CaseInfo current_info() {
    std::map<std::string, std::string, std::less<>> values;
    Statement meta(connection(), "SELECT key, value FROM meta ORDER BY id");
    while (meta.step()) values[std::string(meta.text(0))] = meta.text(1);
    return {values["examiner"], values["agency"], values["case_number"], values["exhibit"],
            values["time_zone"]};
  }

  std::optional<int64_t> content_id(const ContentKey& key) {
    if (const auto found = content_ids_.find(key.value); found != content_ids_.end()) {
      return found->second;
    }
    find_content_->bind_blob(0, bytes_of(key.value));
    if (!find_content_->step()) return std::nullopt;
    const int64_t id = find_content_->integer(0);
    find_content_->reset();
    content_ids_.emplace(key.value, id);
    return id;
  }

  int64_t known_content_id(const ContentKey& key) {
    const auto id = content_id(key);
    if (!id) refuse("a row refers to a content that is not in it");
    return *id;
  }

  void add_error(Table table, const std::optional<StoredError>& error) {
    RowInserter& row = inserter(table);
    if (!error) {
      row.null().null().null().null();
    } else {
      row.text(to_text(error->code)).text(clean_text(error->rule));
      row.integer(static_cast<int64_t>(error->offset_bytes));
      row.integer(static_cast<int64_t>(error->offset_kind));
    }
  }

  void add_finding(Table table, int64_t owner, const Finding& finding) {
    row(table)
        .integer(owner)
        .text(clean_text(finding.kind))
        .text(to_text(finding.grade))
        .text(clean_text(finding.statement))
        .integer(static_cast<int64_t>(finding.place.offset_bytes))
        .integer(static_cast<int64_t>(finding.place.length_bytes))
        .integer(static_cast<int64_t>(finding.place.offset_kind))
        .text(named_texts_to_row(finding.fields))
        .insert();
  }

  int64_t add_content_row(const Content& content) {
    if (content.sha256 && content.key != content_key(*content.sha256)) {
      refuse("the key of a content does not fit its SHA-256");
    }
    RowInserter& out = row(Table::contents).blob(bytes_of(content.key.value));
    out.integer(content.sha256 ? 1 : 0).integer(as_integer(content.size_bytes));
    if (content.sha1) {
      out.blob(std::as_bytes(std::span(content.sha1->bytes)));
    } else {
      out.null();
    }
    if (content.md5) {
      out.blob(std::as_bytes(std::span(content.md5->bytes)));
    } else {
      out.null();
    }
    const int64_t id = out.insert();
    content_ids_.emplace(content.key.value, id);
    return id;
  }

  void add_content(const ExaminedContent& examined) {
    const auto known = content_id(examined.content.key);
    const int64_t id = known ? *known : add_content_row(examined.content);
    const Examination& examination = examined.examination;
    row(Table::examinations)
        .integer(id)
        .text(clean_text(examination.format))
        .text(clean_text(examination.media_type))
        .integer(examination.width)
        .integer(examination.height)
        .integer(asked_to_row(examination.modes, examination.origin))
        .text(to_text(examination.coverage));
    add_error(Table::examinations, examination.error);
    const int64_t examination_id = inserter(Table::examinations).insert();
    for (const MemberContent& member : examination.members) {
      const int64_t member_id = known_content_id(member.content);
      row(Table::members)
          .integer(examination_id)
          .integer(static_cast<int64_t>(member.step.kind))
          .integer(static_cast<int64_t>(member.step.ordinal))
          .integer(static_cast<int64_t>(member.step.offset_bytes))
          .blob(std::as_bytes(std::span(member.step.name)))
          .integer(member_id)
          .insert();
    }
    for (const PdqHashes& hashes : examination.fingerprints) {
      row(Table::fingerprints)
          .integer(examination_id)
          .text(to_text(hashes.mode))
          .integer(hashes.quality)
          .blob(fingerprints_to_row(hashes.fingerprints))
          .insert();
    }
    for (const Finding& finding : examination.findings) {
      add_finding(Table::content_findings, examination_id, finding);
    }
  }

  /// 1 for a new item; one more than before where a complete item comes with another content.
  int64_t next_revision(const ItemId& id, int64_t content) {
    find_item_->bind_blob(0, bytes_of(id.value));
    if (!find_item_->step()) return 1;
    const int64_t revision = find_item_->integer(0);
    const int64_t before = find_item_->integer(1);  // kNoRow where it is NULL.
    const bool complete = find_item_->text(2) == to_text(ItemState::complete);
    find_item_->reset();
    return complete && before != content ? revision + 1 : revision;
  }

  void add_item(const Item& item) {
    const auto origin = encode(item.origin);
    hasher_.update(origin);
    if (hasher_.finish() != item.id.value) refuse("an item's id does not fit its origin");
    const int64_t content = item.content ? known_content_id(*item.content) : kNoRow;
    const auto time = [](const std::optional<Timestamp>& timestamp) {
      return timestamp ? std::optional(timestamp->ns) : std::nullopt;
    };
    const int64_t revision = next_revision(item.id, content);
    RowInserter& out = row(Table::items).blob(bytes_of(item.id.value)).integer(revision);
    out.text(to_text(item.kind)).blob(origin).text(display_path(item.origin));
    if (item.parent) {
      out.blob(bytes_of(item.parent->value));
    } else {
      out.null();
    }
    if (content != kNoRow) {
      out.integer(content);
    } else {
      out.null();
    }
    out.integer(as_integer(item.size_bytes));
    out.integer(time(item.times.modified)).integer(time(item.times.changed));
    out.integer(time(item.times.accessed)).integer(time(item.times.born));
    out.integer(time(item.times.in_container)).text(zones_to_row(item.times));
    if (item.file_state) {
      out.integer(static_cast<int64_t>(item.file_state->device));
      out.integer(static_cast<int64_t>(item.file_state->inode));
      out.integer(static_cast<int64_t>(item.file_state->size_bytes));
      out.integer(item.file_state->modified_ns).integer(item.file_state->changed_ns);
    } else {
      out.null().null().null().null().null();
    }
    out.text(to_text(item.state)).text(to_text(item.coverage));
    add_error(Table::items, item.error);
    const int64_t id = out.insert();
    for (const Finding& finding : item.findings) add_finding(Table::item_findings, id, finding);
  }

  void add_hit(const HitChange& change) {
    const auto use = list_uses_.find({change.hit.list, change.list_content_id});
    if (use == list_uses_.end()) refuse("a hit refers to a list that was not recorded");
    const int64_t content = known_content_id(change.content);
    row(Table::hits)
        .integer(content)
        .integer(use->second)
        .text(clean_text(change.hit.entry_id))
        .text(clean_text(change.hit.category))
        .text(to_text(change.hit.disposition))
        .text(to_text(change.hit.kind))
        .integer(change.hit.distance_bits)
        .integer(static_cast<int64_t>(change.hit.orientation))
        .text(to_text(change.hit.mode))
        .text(change.state == HitState::added ? "added" : "withdrawn");
    const int64_t hit_row = inserter(Table::hits).insert();
    if (change.hit.source_record == 0 && change.hit.victim_identified == Stated::not_stated) return;
    row(Table::hit_records)
        .integer(hit_row)
        .integer(static_cast<int64_t>(change.hit.source_record))
        .text(to_text(change.hit.victim_identified))
        .insert();
  }

  Descriptor lock_;
  Committer committer_;
  std::optional<Statement> find_content_;
  std::optional<Statement> find_item_;
  Sha256Stream hasher_;
  std::map<std::pair<std::string, std::string>, int64_t> list_uses_;  ///< By name and version.
  std::unordered_map<Sha256, int64_t> content_ids_;  ///< Of the batch being committed.
  int64_t run_ = 0;
};

Writer Writer::create(const std::filesystem::path& directory, const std::string& case_id,
                      const CaseInfo& info, const Clock& clock, LogSink& log) {
  prepare_directory(directory);
  database::require_local(directory, kWhat, log);
  Descriptor lock = take_lock(directory, kWriterLockName, "written to");
  database::prepare_database(directory / kDatabaseName, kWhat);
  auto state = std::make_unique<State>(directory, std::move(lock), clock);
  state->create(case_id, info);
  database::sync_directory(directory, kWhat);
  return Writer(std::move(state));
}

Writer Writer::open(const std::filesystem::path& directory, const Clock& clock, LogSink& log) {
  database::require_local(directory, kWhat, log);
  require_case(directory);
  Descriptor lock = take_lock(directory, kWriterLockName, "written to");
  database::tighten_modes(directory / kDatabaseName);
  auto state = std::make_unique<State>(directory, std::move(lock), clock);
  state->open();
  return Writer(std::move(state));
}

Writer::Writer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Writer::Writer(Writer&&) noexcept = default;
Writer& Writer::operator=(Writer&&) noexcept = default;
Writer::~Writer() {
  if (state_) state_->checkpoint();
}

void Writer::change_info(const CaseInfo& info) { state_->change_info(info); }
std::string Writer::add_source(const SourceDescription& source) {
  return state_->add_source(source);
}
void Writer::use_list(const ListUse& list) { state_->use_list(list); }
uint64_t Writer::begin_run(const RunStart& start) { return state_->begin_run(start); }
void Writer::end_run(std::string_view outcome) { state_->end_run(outcome); }
void Writer::commit(const Batch& batch) { state_->commit_batch(batch); }
void Writer::note(std::string_view kind, const audit::Details& details) {
  state_->note(kind, details);
}
audit::TreeHead Writer::head() const { return state_->head(); }

}  // namespace safelight::casefile

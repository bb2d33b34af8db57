#include "safelight/casefile/reader.h"

#include <algorithm>
#include <limits>

#include "safelight/audit/merkle_tree.h"
#include "safelight/base/fault.h"
#include "safelight/casefile/internal/open_database.h"
#include "safelight/casefile/internal/place.h"
#include "safelight/casefile/internal/row_text.h"
#include "safelight/casefile/internal/schema.h"
#include "safelight/database/statement.h"
#include "safelight/database/transaction.h"

namespace safelight::casefile {

using database::Connection;
using database::ReadTransaction;
using database::Statement;

namespace {

std::span<const std::byte> bytes_of(const Sha256& digest) {
  return std::as_bytes(std::span(digest.bytes));
}

std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

template <typename T>
std::optional<T> integer_of(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return static_cast<T>(row.integer(column));
}

/// The four columns of an error from `column` on.
std::optional<StoredError> error_of(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return StoredError{error_code_from_text(row.text(column)), std::string(row.text(column + 1)),
                     static_cast<uint64_t>(row.integer(column + 2)),
                     offset_kind_from_row(row.integer(column + 3))};
}

/// The seven columns of a finding from column 0 on.
Finding finding_of(const Statement& row) {
  return {std::string(row.text(0)),
          grade_from_text(row.text(1)),
          std::string(row.text(2)),
          {static_cast<uint64_t>(row.integer(3)), static_cast<uint64_t>(row.integer(4)),
           offset_kind_from_row(row.integer(5))},
          named_texts_from_row(row.text(6))};
}

constexpr std::string_view kItemColumns =
    "id, commit_seq, item_id, revision, kind, origin, display_path, parent_item_id, content_id, "
    "size_bytes, "
    "modified_ns, changed_ns, accessed_ns, born_ns, in_container_ns, zones, file_device, "
    "file_inode, file_size, file_modified_ns, file_changed_ns, state, coverage, error_code, "
    "error_rule, error_offset, error_offset_kind";

/// One row of items, with the row numbers that lead to what belongs to it.
struct ItemRow {
  int64_t row = 0;
  std::optional<int64_t> content_id;
  StoredItem item;
};

/// Reads the columns kItemColumns.
ItemRow item_of(const Statement& row) {
  ItemRow out;
  out.row = row.integer(0);
  out.item.recorded_in = static_cast<uint64_t>(row.integer(1));
  Item& item = out.item.item;
  item.id = {digest_from_row<Sha256>(row.blob(2))};
  out.item.revision = static_cast<uint32_t>(row.integer(3));
  item.kind = item_kind_from_row(row.text(4));
  item.origin = require_row(decode_origin(row.blob(5)), "an origin that cannot be read");
  out.item.display_path = row.text(6);
  if (!row.is_null(7)) item.parent = ItemId{digest_from_row<Sha256>(row.blob(7))};
  out.content_id = integer_of<int64_t>(row, 8);
  item.size_bytes = integer_of<uint64_t>(row, 9);
  const std::string zones(row.text(15));
  if (zones.size() != 5) throw_damaged("times without their zones");
  item.times.modified = timestamp_from_row(zones[0], row.integer(10));
  item.times.changed = timestamp_from_row(zones[1], row.integer(11));
  item.times.accessed = timestamp_from_row(zones[2], row.integer(12));
  item.times.born = timestamp_from_row(zones[3], row.integer(13));
  item.times.in_container = timestamp_from_row(zones[4], row.integer(14));
  if (!row.is_null(16)) {
    item.file_state =
        FileState{static_cast<uint64_t>(row.integer(16)), static_cast<uint64_t>(row.integer(17)),
                  static_cast<uint64_t>(row.integer(18)), row.integer(19), row.integer(20)};
  }
  item.state = item_state_from_row(row.text(21));
  item.coverage = coverage_from_text(row.text(22));
  item.error = error_of(row, 23);
  return out;
}

}  // namespace

class Reader::State {
 public:
  State(Connection connection, std::filesystem::path directory)
      : directory_(std::move(directory)), connection_(std::move(connection)) {
    ReadTransaction transaction(connection_);
    has_triage_ = require_schema(connection_, (directory_ / kDatabaseName).string()) >= 2;
  }

  /// Whether the case has the tables of version 2.
  [[nodiscard]] bool has_triage() const { return has_triage_; }
  Connection& connection() { return connection_; }
  [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }

  /// Of a table's last row: ids and commits rise together. 0 without a row.
  int64_t last_commit(std::string_view table) {
    return connection_.integer("SELECT coalesce((SELECT commit_seq FROM " + std::string(table) +
                               " ORDER BY id DESC LIMIT 1), 0)");
  }

  std::optional<int64_t> content_id(const ContentKey& key) {
    Statement& find = statement(find_content_, "SELECT id FROM contents WHERE key = ?");
    find.bind_blob(0, bytes_of(key.value));
    if (!find.step()) return std::nullopt;
    const int64_t id = find.integer(0);
    find.reset();
    return id;
  }

  StoredContent load_content(int64_t id) {
    StoredContent out;
    Statement& row = statement(
        load_content_, "SELECT key, is_file, size_bytes, sha1, md5 FROM contents WHERE id = ?");
    row.bind(0, id);
    if (!row.step()) throw_damaged("a row whose content is missing");
    out.content.key = {digest_from_row<Sha256>(row.blob(0))};
    if (row.integer(1) != 0) out.content.sha256 = out.content.key.value;
    out.content.size_bytes = integer_of<uint64_t>(row, 2);
    if (!row.is_null(3)) out.content.sha1 = digest_from_row<Sha1>(row.blob(3));
    if (!row.is_null(4)) out.content.md5 = digest_from_row<Md5>(row.blob(4));
    row.reset();
    out.examination = load_examination(id, out.examined_in);
    out.hits = load_hits(id);
    return out;
  }

  std::vector<StoredHit> load_hits(int64_t content_id) {
    Statement& row = statement(
        load_hits_,
        "SELECT u.name, u.list_content_id, h.entry_id, h.category, h.disposition, h.kind, "
        "h.distance_bits, h.orientation, h.mode, h.state, h.id FROM hits h JOIN list_uses u "
        "ON u.id = h.list_use_id WHERE h.content_id = ? ORDER BY h.id");
    row.bind(0, content_id);
    std::vector<StoredHit> hits;
    while (row.step()) {
      StoredHit stored;
      stored.hit.list = row.text(0);
      stored.list_content_id = row.text(1);
      stored.hit.entry_id = row.text(2);
      stored.hit.category = row.text(3);
      stored.hit.disposition =
          require_row(disposition_from_text(row.text(4)), "a hit of an unknown disposition");
      stored.hit.kind = require_row(match_kind_from_text(row.text(5)), "a hit of an unknown kind");
      stored.hit.distance_bits = static_cast<uint32_t>(row.integer(6));
      stored.hit.orientation = orientation_from_row(row.integer(7));
      stored.hit.mode = require_row(pdq_mode_from_text(row.text(8)), "a hit of an unknown mode");
      // A hit is named by list, entry, kind and mode: a later row replaces or withdraws it.
      std::erase_if(hits, [&](const StoredHit& other) {
        return other.hit.list == stored.hit.list && other.hit.entry_id == stored.hit.entry_id &&
               other.hit.kind == stored.hit.kind && other.hit.mode == stored.hit.mode;
      });
      if (row.text(9) == "added") {
        if (has_triage_) load_hit_record(row.integer(10), stored.hit);
        hits.push_back(std::move(stored));
      } else if (row.text(9) != "withdrawn") {
        throw_damaged("a hit in an unknown state");
      }
    }
    std::sort(hits.begin(), hits.end());
    return hits;
  }

  std::optional<StoredItem> find_item(const ItemId& id) {
    static const std::string sql = "SELECT " + std::string(kItemColumns) +
                                   " FROM items WHERE item_id = ? ORDER BY id DESC LIMIT 1";
    Statement& row = statement(find_item_, sql);
    row.bind_blob(0, bytes_of(id.value));
    if (!row.step()) return std::nullopt;
    ItemRow found = item_of(row);
    row.reset();
    found.item.item.findings = load_item_findings(found.row);
    if (found.content_id) {
      Statement& key = statement(load_key_, "SELECT key FROM contents WHERE id = ?");
      key.bind(0, *found.content_id);
      if (!key.step()) throw_damaged("an item whose content is missing");
      found.item.item.content = ContentKey{digest_from_row<Sha256>(key.blob(0))};
      key.reset();
    }
    return std::move(found.item);
  }

  std::vector<Finding> load_item_findings(int64_t item_row) {
    Statement& row =
        statement(load_item_findings_,
                  "SELECT kind, grade, statement, offset_bytes, length_bytes, offset_kind, fields "
                  "FROM item_findings WHERE item_row = ? ORDER BY id");
    return load_findings(row, item_row);
  }

  std::optional<StoredReview> load_review(int64_t first_item_row) {
    Statement& row = statement(
        load_review_,
        "SELECT r.class, r.sort_key, r.reasons, s.item_id FROM reviews r LEFT JOIN items s "
        "ON s.id = r.shown_with_row WHERE r.item_row = ? ORDER BY r.id DESC LIMIT 1");
    row.bind(0, first_item_row);
    if (!row.step()) return std::nullopt;
    StoredReview review = review_of(row, 0);
    row.reset();
    return review;
  }

  /// Class, key, reasons and the id of the item that it is shown with, from `column` on.
  static StoredReview review_of(const Statement& row, int column) {
    StoredReview review{std::string(row.text(column)),
                        text_of(row.blob(column + 1)),
                        reasons_from_row(row.text(column + 2)),
                        {}};
    if (!row.is_null(column + 3)) {
      review.shown_with = ItemId{digest_from_row<Sha256>(row.blob(column + 3))};
    }
    return review;
  }

 private:
  void load_hit_record(int64_t hit_row, Hit& hit) {
    Statement& row =
        statement(load_hit_record_,
                  "SELECT source_record, victim_identified FROM hit_records WHERE hit_row = ? "
                  "ORDER BY id DESC LIMIT 1");
    row.bind(0, hit_row);
    if (!row.step()) return;
    hit.source_record = static_cast<uint64_t>(row.integer(0));
    hit.victim_identified = stated_from_row(row.text(1));
    row.reset();
  }

  std::optional<Examination> load_examination(int64_t content_id, uint64_t& examined_in) {
    Statement& row = statement(
        load_examination_,
        "SELECT id, format, media_type, width, height, modes, coverage, error_code, error_rule, "
        "error_offset, error_offset_kind, commit_seq FROM examinations WHERE content_id = ? "
        "ORDER BY id DESC LIMIT 1");
    row.bind(0, content_id);
    if (!row.step()) return std::nullopt;
    Examination out;
    const int64_t id = row.integer(0);
    examined_in = static_cast<uint64_t>(row.integer(11));
    out.format = row.text(1);
    out.media_type = row.text(2);
    out.width = static_cast<uint32_t>(row.integer(3));
    out.height = static_cast<uint32_t>(row.integer(4));
    out.modes = modes_from_row(row.integer(5));
    out.origin = origin_scope_from_row(row.integer(5));
    out.coverage = coverage_from_text(row.text(6));
    out.error = error_of(row, 7);
    row.reset();
    load_fingerprints(id, out.fingerprints);
    Statement& findings =
        statement(load_content_findings_,
                  "SELECT kind, grade, statement, offset_bytes, length_bytes, offset_kind, fields "
                  "FROM content_findings WHERE examination_id = ? ORDER BY id");
    out.findings = load_findings(findings, id);
    load_members(id, out.members);
    return out;
  }

  void load_fingerprints(int64_t examination_id, std::vector<PdqHashes>& out) {
    Statement& row = statement(load_fingerprints_,
                               "SELECT mode, quality, orientations FROM fingerprints "
                               "WHERE examination_id = ? ORDER BY id");
    row.bind(0, examination_id);
    while (row.step()) {
      out.push_back({require_row(pdq_mode_from_text(row.text(0)), "a fingerprint of no known mode"),
                     static_cast<uint8_t>(row.integer(1)), fingerprints_from_row(row.blob(2))});
    }
  }

  void load_members(int64_t examination_id, std::vector<MemberContent>& out) {
    Statement& row = statement(load_members_,
                               "SELECT m.step_kind, m.ordinal, m.offset_bytes, m.name, c.key "
                               "FROM members m JOIN contents c ON c.id = m.content_id "
                               "WHERE m.examination_id = ? ORDER BY m.id");
    row.bind(0, examination_id);
    while (row.step()) {
      const int64_t kind = row.integer(0);
      if (kind < static_cast<int64_t>(StepKind::directory_entry) ||
          kind > static_cast<int64_t>(StepKind::embedded_picture)) {
        throw_damaged("a member of an unknown kind");
      }
      out.push_back({{static_cast<StepKind>(kind), static_cast<uint64_t>(row.integer(1)),
                      static_cast<uint64_t>(row.integer(2)), text_of(row.blob(3))},
                     {digest_from_row<Sha256>(row.blob(4))}});
    }
  }

  static std::vector<Finding> load_findings(Statement& row, int64_t owner) {
    row.bind(0, owner);
    std::vector<Finding> findings;
    while (row.step()) findings.push_back(finding_of(row));
    return findings;
  }

  Statement& statement(std::optional<Statement>& slot, std::string_view sql) {
    if (!slot) slot.emplace(connection_, sql);
    // A Fault may have left it in the midst of its rows.
    slot->reset();
    return *slot;
  }

  std::filesystem::path directory_;
  Connection connection_;
  bool has_triage_ = false;
  std::optional<Statement> find_content_;
  std::optional<Statement> find_item_;
  std::optional<Statement> load_key_;
  std::optional<Statement> load_content_;
  std::optional<Statement> load_examination_;
  std::optional<Statement> load_fingerprints_;
  std::optional<Statement> load_content_findings_;
  std::optional<Statement> load_members_;
  std::optional<Statement> load_hits_;
  std::optional<Statement> load_item_findings_;
  std::optional<Statement> load_hit_record_;
  std::optional<Statement> load_review_;
};

Reader Reader::open(const std::filesystem::path& directory) {
  return Reader(std::make_unique<State>(open_for_reading(directory), directory));
}

Reader::Reader(std::unique_ptr<State> state) : state_(std::move(state)) {}
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

class Reader::Snapshot::Transaction : public ReadTransaction {
 public:
  using ReadTransaction::ReadTransaction;
};

Reader::Snapshot::Snapshot(std::unique_ptr<Transaction> transaction)
    : transaction_(std::move(transaction)) {}
Reader::Snapshot::Snapshot(Snapshot&&) noexcept = default;
Reader::Snapshot& Reader::Snapshot::operator=(Snapshot&&) noexcept = default;
Reader::Snapshot::~Snapshot() = default;

Reader::Snapshot Reader::snapshot() const {
  return Snapshot(std::make_unique<Snapshot::Transaction>(state_->connection()));
}

CaseDescription Reader::description() const {
  ReadTransaction transaction(state_->connection());
  std::map<std::string, std::string, std::less<>> values;
  Statement meta(state_->connection(), "SELECT key, value FROM meta ORDER BY id");
  while (meta.step()) values[std::string(meta.text(0))] = meta.text(1);
  CaseDescription out;
  out.case_id = values["case_id"];
  out.created_ns = std::strtoll(values["created_ns"].c_str(), nullptr, 10);
  out.info = {values["examiner"], values["agency"], values["case_number"], values["exhibit"],
              values["time_zone"]};
  return out;
}

std::vector<Source> Reader::sources() const {
  ReadTransaction transaction(state_->connection());
  std::vector<Source> out;
  Statement row(state_->connection(),
                "SELECT source_id, kind, given_path, file_system_id, inode FROM sources "
                "ORDER BY id");
  while (row.step()) {
    const Source source{std::string(row.text(0)),
                        {source_kind_from_row(row.text(1)), text_of(row.blob(2)),
                         std::string(row.text(3)), static_cast<uint64_t>(row.integer(4))}};
    const auto known = std::find_if(out.begin(), out.end(), [&](const Source& other) {
      return other.source_id == source.source_id;
    });
    if (known == out.end()) {
      out.push_back(source);
    } else {
      *known = source;
    }
  }
  return out;
}

std::vector<Run> Reader::runs() const {
  ReadTransaction transaction(state_->connection());
  std::vector<Run> out;
  Statement row(state_->connection(),
                "SELECT run, event, time_ns, resumes, command, options, tool_version, outcome "
                "FROM runs ORDER BY id");
  while (row.step()) {
    const auto number = static_cast<uint64_t>(row.integer(0));
    if (row.text(1) == "started") {
      out.push_back(
          {number,
           {std::string(row.text(4)), named_texts_from_row(row.text(5)), std::string(row.text(6))},
           row.integer(2),
           integer_of<uint64_t>(row, 3),
           std::nullopt,
           ""});
      continue;
    }
    const auto run = std::find_if(out.begin(), out.end(),
                                  [&](const Run& other) { return other.number == number; });
    if (run == out.end()) throw_damaged("the end of a run that never began");
    run->ended_ns = row.integer(2);
    run->outcome = row.text(7);
  }
  return out;
}

std::optional<Run> Reader::running() const {
  auto all = runs();
  if (all.empty() || all.back().ended_ns) return std::nullopt;
  if (!is_locked(state_->directory(), kWriterLockName)) return std::nullopt;
  return std::move(all.back());
}

std::vector<ListUse> Reader::list_uses() const {
  ReadTransaction transaction(state_->connection());
  std::vector<ListUse> out;
  Statement row(state_->connection(),
                "SELECT name, list_content_id, mapping, entries FROM list_uses ORDER BY id");
  while (row.step()) {
    out.push_back({std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)),
                   static_cast<uint64_t>(row.integer(3))});
  }
  return out;
}

std::optional<StoredContent> Reader::find_content(const ContentKey& key) const {
  ReadTransaction transaction(state_->connection());
  const auto id = state_->content_id(key);
  if (!id) return std::nullopt;
  return state_->load_content(*id);
}

std::optional<StoredItem> Reader::find_item(const ItemId& id) const {
  ReadTransaction transaction(state_->connection());
  return state_->find_item(id);
}

std::optional<StoredReview> Reader::find_review(const ItemId& id) const {
  ReadTransaction transaction(state_->connection());
  // As with items: what triage did not store to its end is no order.
  if (!triage_state()) return std::nullopt;
  Statement row(state_->connection(), "SELECT min(id) FROM items WHERE item_id = ?");
  row.bind_blob(0, bytes_of(id.value));
  if (!row.step() || row.is_null(0)) return std::nullopt;
  return state_->load_review(row.integer(0));
}

std::vector<ItemId> Reader::items_of(const ContentKey& key) const {
  ReadTransaction transaction(state_->connection());
  std::vector<ItemId> out;
  const auto id = state_->content_id(key);
  if (!id) return out;
  Statement row(state_->connection(),
                "SELECT i.item_id FROM items i WHERE i.content_id = ? AND NOT EXISTS (SELECT 1 "
                "FROM items n WHERE n.item_id = i.item_id AND n.id > i.id)");
  row.bind(0, *id);
  while (row.step()) out.push_back({digest_from_row<Sha256>(row.blob(0))});
  std::sort(out.begin(), out.end());
  return out;
}

void Reader::for_each_item(const std::function<void(const StoredItem&)>& use) const {
  ReadTransaction transaction(state_->connection());
  Statement row(state_->connection(),
                "SELECT " + std::string(kItemColumns) + " FROM items ORDER BY item_id, id");
  const bool reviewed = triage_state().has_value();
  std::optional<ItemRow> latest;
  int64_t first_row = 0;
  const auto hand_over = [&] {
    StoredItem& stored = latest->item;
    stored.item.findings = state_->load_item_findings(latest->row);
    if (latest->content_id) {
      stored.content = state_->load_content(*latest->content_id);
      stored.item.content = stored.content->content.key;
      stored.recorded_in = std::max(stored.recorded_in, stored.content->examined_in);
    }
    if (reviewed) stored.review = state_->load_review(first_row);
    use(stored);
  };
  while (row.step()) {
    ItemRow next = item_of(row);
    const bool same = latest && latest->item.item.id == next.item.item.id;
    if (latest && !same) hand_over();
    if (!same) first_row = next.row;
    latest = std::move(next);
  }
  if (latest) hand_over();
}

void Reader::for_each_content(const std::function<void(const StoredContent&)>& use) const {
  ReadTransaction transaction(state_->connection());
  Statement row(state_->connection(), "SELECT id FROM contents ORDER BY id");
  while (row.step()) use(state_->load_content(row.integer(0)));
}

uint64_t Reader::version() const {
  ReadTransaction transaction(state_->connection());
  return static_cast<uint64_t>(
      state_->connection().integer("SELECT coalesce(max(sequence), 0) FROM audit"));
}

uint64_t Reader::evidence_version() const {
  ReadTransaction transaction(state_->connection());
  int64_t version = 0;
  for (const std::string_view table : {"items", "contents", "examinations", "hits"}) {
    version = std::max(version, state_->last_commit(table));
  }
  return static_cast<uint64_t>(version);
}

uint64_t Reader::review_version() const {
  ReadTransaction transaction(state_->connection());
  uint64_t version = evidence_version();
  if (!state_->has_triage()) return version;
  for (const std::string_view table : {"reviews", "triages"}) {
    version = std::max(version, static_cast<uint64_t>(state_->last_commit(table)));
  }
  return version;
}

std::optional<TriageState> Reader::triage_state() const {
  if (!state_->has_triage()) return std::nullopt;
  ReadTransaction transaction(state_->connection());
  Statement row(state_->connection(),
                "SELECT as_of, options, commit_seq FROM triages ORDER BY id DESC LIMIT 1");
  if (!row.step()) return std::nullopt;
  TriageState state{static_cast<uint64_t>(row.integer(0)), named_texts_from_row(row.text(1)), true};
  for (const std::string_view table : {"item_groups", "group_members", "reviews"}) {
    if (state_->last_commit(table) > row.integer(2)) state.whole = false;
  }
  return state;
}

void Reader::for_each_group(const std::function<void(const StoredGroup&)>& use) const {
  if (!state_->has_triage()) return;
  ReadTransaction transaction(state_->connection());
  Statement row(state_->connection(),
                "SELECT g.kind, g.mode, c.item_id, s.item_id, g.members FROM item_groups g "
                "JOIN items c ON c.id = g.centre_row JOIN items s ON s.id = g.shown_row "
                "ORDER BY g.id");
  while (row.step()) {
    use({group_kind_from_row(row.text(0)),
         require_row(pdq_mode_from_text(row.text(1)), "a group of no known mode"),
         {digest_from_row<Sha256>(row.blob(2))},
         {digest_from_row<Sha256>(row.blob(3))},
         static_cast<uint64_t>(row.integer(4))});
  }
}

void Reader::for_each_member(const std::function<void(const StoredMember&)>& use) const {
  if (!state_->has_triage()) return;
  ReadTransaction transaction(state_->connection());
  Statement row(state_->connection(),
                "SELECT i.item_id, m.kind, m.mode, c.item_id, m.distance_bits "
                "FROM group_members m JOIN items i ON i.id = m.item_row "
                "LEFT JOIN items c ON c.id = m.centre_row ORDER BY m.id");
  while (row.step()) {
    StoredMember member{{digest_from_row<Sha256>(row.blob(0))},
                        group_kind_from_row(row.text(1)),
                        require_row(pdq_mode_from_text(row.text(2)), "a group of no known mode"),
                        {},
                        static_cast<uint32_t>(row.integer(4))};
    if (!row.is_null(3)) member.centre = ItemId{digest_from_row<Sha256>(row.blob(3))};
    use(member);
  }
}

void Reader::for_each_review(const std::function<void(const ItemReview&)>& use) const {
  if (!state_->has_triage()) return;
  ReadTransaction transaction(state_->connection());
  Statement row(state_->connection(),
                "SELECT i.item_id, r.class, r.sort_key, r.reasons, s.item_id FROM reviews r "
                "JOIN items i ON i.id = r.item_row LEFT JOIN items s ON s.id = r.shown_with_row "
                "ORDER BY r.id");
  while (row.step()) {
    use({{digest_from_row<Sha256>(row.blob(0))}, State::review_of(row, 1)});
  }
}

void Reader::for_each_record(const std::function<void(const audit::Record&)>& use) const {
  ReadTransaction transaction(state_->connection());
  Statement row(state_->connection(), "SELECT record FROM audit ORDER BY sequence");
  while (row.step()) {
    use(require_row(audit::decode_record(row.blob(0)), "an audit record that cannot be read"));
  }
}

audit::TreeHead Reader::head() const {
  ReadTransaction transaction(state_->connection());
  audit::Frontier tree;
  Statement row(state_->connection(), "SELECT record FROM audit ORDER BY sequence");
  while (row.step()) tree.append(audit::record_hash(row.blob(0)));
  return tree.head();
}

uint64_t Summary::items_of(Grade grade) const {
  const auto found = by_grade.find(grade);
  return found == by_grade.end() ? 0 : found->second;
}

Summary Reader::summary() const {
  ReadTransaction transaction(state_->connection());
  Connection& connection = state_->connection();
  const std::string latest =
      " NOT EXISTS (SELECT 1 FROM items n WHERE n.item_id = i.item_id AND n.id > i.id) ";
  Summary out;
  // Counted here and not by GROUP BY, which would sort all rows in memory.
  Statement items(connection,
                  "SELECT e.format, i.coverage, i.error_code, e.error_code, i.size_bytes "
                  "FROM items i LEFT JOIN examinations e ON e.id = (SELECT max(id) FROM "
                  "examinations WHERE content_id = i.content_id) WHERE" +
                      latest);
  while (items.step()) {
    const Coverage coverage = coverage_from_text(items.text(1));
    for (Tally* tally :
         {&out.items, &out.by_format[std::string(items.text(0))], &out.by_coverage[coverage]}) {
      ++tally->items;
      tally->bytes += static_cast<uint64_t>(items.integer(4));
    }
    const std::string_view error = items.is_null(2) ? items.text(3) : items.text(2);
    if (coverage != Coverage::full && !error.empty()) ++out.by_error[std::string(error)];
  }
  out.contents = static_cast<uint64_t>(connection.integer(
      "SELECT count(*) FROM contents c WHERE EXISTS (SELECT 1 FROM items i WHERE "
      "i.content_id = c.id AND" +
      latest + ")"));
  for (const std::string& sql :
       {"SELECT f.kind FROM item_findings f JOIN items i ON i.id = f.item_row WHERE" + latest,
        "SELECT f.kind FROM items i JOIN examinations e ON e.id = (SELECT max(id) FROM "
        "examinations WHERE content_id = i.content_id) JOIN content_findings f ON "
        "f.examination_id = e.id WHERE" +
            latest}) {
    Statement findings(connection, sql);
    while (findings.step()) ++out.by_finding[std::string(findings.text(0))];
  }
  Statement grades(connection,
                   "SELECT grade, count(*) FROM (SELECT i.id, f.grade FROM item_findings f JOIN "
                   "items i ON i.id = f.item_row WHERE f.grade <> 'fact' AND" +
                       latest +
                       " UNION SELECT i.id, f.grade FROM items i JOIN examinations e ON e.id = "
                       "(SELECT max(id) FROM examinations WHERE content_id = i.content_id) JOIN "
                       "content_findings f ON f.examination_id = e.id WHERE f.grade <> 'fact' AND" +
                       latest + ") GROUP BY grade");
  while (grades.step())
    out.by_grade[grade_from_text(grades.text(0))] = static_cast<uint64_t>(grades.integer(1));
  Statement count(connection, "SELECT count(*) FROM items i WHERE i.content_id = ? AND" + latest);
  Statement hits(connection, "SELECT DISTINCT content_id FROM hits ORDER BY content_id");
  while (hits.step()) {
    const auto standing = state_->load_hits(hits.integer(0));
    if (standing.empty()) continue;
    count.bind(0, hits.integer(0));
    const uint64_t number = count.step() ? static_cast<uint64_t>(count.integer(0)) : 0;
    count.reset();
    std::map<Summary::HitGroup, uint64_t> groups;
    for (const StoredHit& stored : standing) {
      groups[{stored.hit.list, stored.hit.category, stored.hit.disposition}] = number;
    }
    for (const auto& [group, items_in_group] : groups) out.by_hit[group] += items_in_group;
    out.by_disposition[*gravest(standing)] += number;
  }
  return out;
}

}  // namespace safelight::casefile

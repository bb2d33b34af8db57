#include "safelight/casefile/act_reader.h"

#include "safelight/casefile/internal/open_database.h"
#include "safelight/casefile/internal/place.h"
#include "safelight/casefile/internal/row_text.h"
#include "safelight/casefile/internal/schema.h"
#include "safelight/database/sql_text.h"
#include "safelight/database/statement.h"
#include "safelight/database/transaction.h"

namespace safelight::casefile {
namespace {

constexpr int kFirstVersionWithActs = 3;

ItemId item_of(const database::Statement& row, int column) {
  return {digest_from_row<Sha256>(row.blob(column))};
}

constexpr std::string_view kSelectActs =
    "SELECT id, time_ns, kind, value, text, of_act, person FROM acts ";
constexpr std::string_view kSelectExposures =
    "SELECT i.item_id, e.person, e.rendition, e.began_ns, e.shown_ms, e.reason, max(e.id) AS "
    "latest "
    "FROM exposures e JOIN items i ON i.id = e.item_row ";
/// Of the rows of one exposure SQLite takes the columns from that with the highest id.
constexpr std::string_view kLatestOfEach =
    "GROUP BY e.item_row, e.person, e.began_ns ORDER BY latest";

/// The columns of kSelectActs.
StoredAct act_of(const database::Statement& row) {
  StoredAct out;
  out.number = static_cast<uint64_t>(row.integer(0));
  out.time_ns = row.integer(1);
  const auto kind = act_kind_from_text(row.text(2));
  if (!kind) throw_damaged("an act of no known kind");
  out.act = {
      *kind, std::string(row.text(6)), std::string(row.text(3)), std::string(row.text(4)), {}};
  if (!row.is_null(5)) out.act.of_act = static_cast<uint64_t>(row.integer(5));
  return out;
}

/// The columns of kSelectExposures.
Exposure exposure_of(const database::Statement& row) {
  return {item_of(row, 0),
          std::string(row.text(1)),
          std::string(row.text(2)),
          row.integer(3),
          static_cast<uint32_t>(row.integer(4)),
          std::string(row.text(5))};
}

}  // namespace

class ActReader::State {
 public:
  State(database::Connection connection, const std::string& file)
      : connection_(std::move(connection)) {
    database::ReadTransaction transaction(connection_);
    has_acts_ = require_schema(connection_, file) >= kFirstVersionWithActs;
  }

  [[nodiscard]] bool has_acts() const { return has_acts_; }
  database::Connection& connection() { return connection_; }

  std::vector<ItemId> items_of(uint64_t act) {
    if (!items_of_) {
      items_of_.emplace(connection_,
                        "SELECT i.item_id FROM act_items a JOIN items i ON i.id = a.item_row "
                        "WHERE a.act_row = ? ORDER BY a.id");
    }
    items_of_->bind(0, static_cast<int64_t>(act));
    std::vector<ItemId> out;
    while (items_of_->step()) out.push_back(item_of(*items_of_, 0));
    return out;
  }

 private:
  database::Connection connection_;
  bool has_acts_ = false;
  std::optional<database::Statement> items_of_;
};

ActReader ActReader::open(const std::filesystem::path& directory) {
  return ActReader(
      std::make_unique<State>(open_for_reading(directory), (directory / kDatabaseName).string()));
}

ActReader::ActReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
ActReader::ActReader(ActReader&&) noexcept = default;
ActReader& ActReader::operator=(ActReader&&) noexcept = default;
ActReader::~ActReader() = default;

void ActReader::for_each_act(uint64_t after,
                             const std::function<void(const StoredAct&)>& use) const {
  if (!state_->has_acts()) return;
  database::ReadTransaction transaction(state_->connection());
  database::Statement row(state_->connection(),
                          database::sql_text({kSelectActs, "WHERE id > ? ORDER BY id"}));
  row.bind(0, static_cast<int64_t>(after));
  while (row.step()) {
    StoredAct act = act_of(row);
    act.items = state_->items_of(act.number);
    use(act);
  }
}

std::optional<StoredAct> ActReader::find_act(uint64_t number) const {
  if (!state_->has_acts()) return std::nullopt;
  database::ReadTransaction transaction(state_->connection());
  database::Statement row(state_->connection(), database::sql_text({kSelectActs, "WHERE id = ?"}));
  row.bind(0, static_cast<int64_t>(number));
  if (!row.step()) return std::nullopt;
  StoredAct act = act_of(row);
  act.items = state_->items_of(act.number);
  return act;
}

std::vector<StoredAct> ActReader::acts_of(const ItemId& item) const {
  std::vector<StoredAct> out;
  if (!state_->has_acts()) return out;
  database::ReadTransaction transaction(state_->connection());
  database::Statement row(
      state_->connection(),
      database::sql_text({"WITH named(id) AS (SELECT act_row FROM act_items WHERE item_row = "
                          "(SELECT min(id) FROM items WHERE item_id = ?)) ",
                          kSelectActs, "WHERE id IN named OR of_act IN named ORDER BY id"}));
  row.bind_blob(0, std::as_bytes(std::span(item.value.bytes)));
  while (row.step()) {
    StoredAct act = act_of(row);
    act.items = state_->items_of(act.number);
    out.push_back(std::move(act));
  }
  return out;
}

void ActReader::for_each_exposure(const std::function<void(const Exposure&)>& use) const {
  if (!state_->has_acts()) return;
  database::ReadTransaction transaction(state_->connection());
  database::Statement row(state_->connection(),
                          database::sql_text({kSelectExposures, kLatestOfEach}));
  while (row.step()) use(exposure_of(row));
}

std::vector<Exposure> ActReader::exposures_of(const ItemId& item) const {
  std::vector<Exposure> out;
  if (!state_->has_acts()) return out;
  database::ReadTransaction transaction(state_->connection());
  database::Statement row(
      state_->connection(),
      database::sql_text({kSelectExposures,
                          "WHERE e.item_row = (SELECT min(id) FROM items WHERE item_id = ?) ",
                          kLatestOfEach}));
  row.bind_blob(0, std::as_bytes(std::span(item.value.bytes)));
  while (row.step()) out.push_back(exposure_of(row));
  return out;
}

std::optional<Setting> ActReader::setting(std::string_view name) const {
  if (!state_->has_acts()) return std::nullopt;
  database::ReadTransaction transaction(state_->connection());
  database::Statement row(state_->connection(),
                          "SELECT name, value, person, time_ns FROM settings WHERE name = ? "
                          "ORDER BY id DESC LIMIT 1");
  row.bind_text(0, name);
  if (!row.step()) return std::nullopt;
  return Setting{std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)),
                 row.integer(3)};
}

}  // namespace safelight::casefile

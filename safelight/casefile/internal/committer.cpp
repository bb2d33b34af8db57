#include "safelight/casefile/internal/committer.h"

#include <span>
#include <stdexcept>

#include "safelight/audit/verify.h"
#include "safelight/base/fault.h"
#include "safelight/casefile/internal/place.h"
#include "safelight/database/transaction.h"

namespace safelight::casefile {
namespace {

[[noreturn]] void throw_broken_log(uint64_t sequence, const Error& error) {
  throw Fault("the audit log of the case does not verify from record " + std::to_string(sequence) +
              " on (" + std::string(error.rule) + "): run `safelight case verify`");
}

}  // namespace

Committer::Committer(const std::filesystem::path& directory, const Clock& clock)
    : file_((directory / kDatabaseName).string()),
      clock_(clock),
      connection_(database::Connection::open(kWhat, file_, database::Connection::Access::write)) {}

void Committer::begin_schema() {
  if (connection_.integer("SELECT count(*) FROM sqlite_schema") != 0) {
    throw Fault("there is a case already");
  }
  connection_.execute("PRAGMA journal_mode=WAL");
  connection_.execute("BEGIN IMMEDIATE");
  create_schema(connection_, 0);
  prepare();
}

void Committer::open() {
  if (require_schema(connection_, file_) < kSchemaVersion) {
    migrate();
  } else {
    prepare();
    database::ReadTransaction transaction(connection_);
    follow_others();
  }
}

void Committer::migrate() {
  connection_.execute("BEGIN IMMEDIATE");
  // Another process may have been first.
  const int from = require_schema(connection_, file_);
  if (from == kSchemaVersion) {
    connection_.execute("COMMIT");
    return open();
  }
  create_schema(connection_, from);
  prepare();
  in_transaction("case.migrated",
                 {{"from", std::to_string(from)}, {"to", std::to_string(kSchemaVersion)}},
                 clock_.now_ns(), [] {});
}

void Committer::prepare() {
  inserters_.reserve(kTables);
  for (const TableSpec& table : tables()) inserters_.emplace_back(connection_, table);
  add_record_.emplace(connection_, "INSERT INTO audit VALUES(?, ?)");
  later_records_.emplace(connection_,
                         "SELECT record FROM audit WHERE sequence >= ? ORDER BY sequence");
  find_first_row_.emplace(connection_, "SELECT min(id) FROM items WHERE item_id = ?");
}

int64_t Committer::first_row(const ItemId& item) {
  find_first_row_->bind_blob(0, std::as_bytes(std::span(item.value.bytes)));
  const bool found = find_first_row_->step() && !find_first_row_->is_null(0);
  const int64_t id = found ? find_first_row_->integer(0) : 0;
  find_first_row_->reset();
  if (!found) throw std::invalid_argument("case: a row names an item that is not in it");
  return id;
}

void Committer::follow_others() {
  audit::LogVerifier verifier(chain_);
  later_records_->bind(0, static_cast<int64_t>(chain_.next_sequence()));
  while (later_records_->step()) {
    if (const auto record = verifier.add(later_records_->blob(0)); !record) {
      later_records_->reset();
      throw_broken_log(verifier.chain().next_sequence(), record.error());
    }
  }
  chain_ = verifier.chain();
}

void Committer::add_record(int64_t now_ns, std::string kind, Details details) {
  CommitBody body;
  body.details = std::move(details);
  for (size_t i = 0; i < kTables; ++i) body.rows[i] = inserters_[i].range();
  const auto sequence = static_cast<int64_t>(chain_.next_sequence());
  const auto record = chain_.append(now_ns, std::move(kind), to_json(body));
  add_record_->bind(0, sequence).bind_blob(1, record).step();
}

void Committer::roll_back() {
  connection_.roll_back();
  for (RowInserter& inserter : inserters_) inserter.roll_back();
}

void Committer::checkpoint() { connection_.checkpoint(); }

}  // namespace safelight::casefile

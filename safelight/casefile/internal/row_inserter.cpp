#include "safelight/casefile/internal/row_inserter.h"

#include <algorithm>
#include <cassert>

#include "safelight/base/fault.h"

namespace safelight::casefile {
namespace {

enum class ValueTag : uint8_t { null = 0, integer = 1, text = 2, blob = 3 };

void append_little_endian(std::vector<std::byte>& out, uint64_t value, size_t bytes) {
  for (size_t i = 0; i < bytes; ++i) out.push_back(static_cast<std::byte>(value >> (8 * i)));
}

void append_sized(std::vector<std::byte>& out, ValueTag tag, std::span<const std::byte> bytes) {
  out.push_back(static_cast<std::byte>(tag));
  append_little_endian(out, bytes.size(), 4);
  out.insert(out.end(), bytes.begin(), bytes.end());
}

std::string insert_statement(const TableSpec& table) {
  const auto columns = std::count(table.columns.begin(), table.columns.end(), ',') + 1;
  std::string sql = "INSERT INTO " + std::string(table.name) + " VALUES(?";
  for (int i = 1; i < columns; ++i) sql += ",?";
  return sql + ")";
}

}  // namespace

void append_null(std::vector<std::byte>& out) {
  out.push_back(static_cast<std::byte>(ValueTag::null));
}

void append_integer(std::vector<std::byte>& out, int64_t value) {
  out.push_back(static_cast<std::byte>(ValueTag::integer));
  append_little_endian(out, static_cast<uint64_t>(value), 8);
}

void append_text(std::vector<std::byte>& out, std::string_view text) {
  append_sized(out, ValueTag::text, std::as_bytes(std::span(text)));
}

void append_blob(std::vector<std::byte>& out, std::span<const std::byte> blob) {
  append_sized(out, ValueTag::blob, blob);
}

void append_columns(std::vector<std::byte>& out, const database::Statement& row) {
  for (int column = 0; column < row.columns(); ++column) {
    switch (row.type(column)) {
      case database::ValueType::null:
        append_null(out);
        break;
      case database::ValueType::integer:
        append_integer(out, row.integer(column));
        break;
      case database::ValueType::text:
        append_text(out, row.text(column));
        break;
      case database::ValueType::blob:
        append_blob(out, row.blob(column));
        break;
      default:
        // Whatever is put here, the digest will not fit.
        out.push_back(std::byte{0xff});
    }
  }
}

RowInserter::RowInserter(database::Connection& connection, const TableSpec& table)
    : statement_(connection, insert_statement(table)),
      parameters_(
          static_cast<int>(std::count(table.columns.begin(), table.columns.end(), ',') + 1)),
      next_id_(
          connection.integer("SELECT coalesce(max(id), 0) + 1 FROM " + std::string(table.name))),
      first_in_commit_(next_id_) {
  // Ids without gaps cannot come near this: somebody has put a row there.
  constexpr int64_t kMaxId = int64_t{1} << 62;
  if (next_id_ < 1 || next_id_ > kMaxId) {
    throw Fault("the case is damaged: table " + std::string(table.name) + " has an impossible id");
  }
}

RowInserter& RowInserter::begin(int64_t commit_seq) {
  parameter_ = 0;
  encoded_.clear();
  return integer(next_id_).integer(commit_seq);
}

RowInserter& RowInserter::null() {
  statement_.bind_null(parameter_++);
  append_null(encoded_);
  return *this;
}

RowInserter& RowInserter::integer(int64_t value) {
  statement_.bind(parameter_++, value);
  append_integer(encoded_, value);
  return *this;
}

RowInserter& RowInserter::text(std::string_view text) {
  statement_.bind_text(parameter_++, text);
  append_text(encoded_, text);
  return *this;
}

RowInserter& RowInserter::blob(std::span<const std::byte> blob) {
  statement_.bind_blob(parameter_++, blob);
  append_blob(encoded_, blob);
  return *this;
}

int64_t RowInserter::insert() {
  assert(parameter_ == parameters_);
  statement_.step();
  digest_.update(encoded_);
  return next_id_++;
}

std::optional<RowRange> RowInserter::range() {
  if (next_id_ == first_in_commit_) return std::nullopt;
  return RowRange{first_in_commit_, next_id_ - first_in_commit_, digest_.finish()};
}

void RowInserter::roll_back() {
  next_id_ = first_in_commit_;
  statement_.reset();
  (void)digest_.finish();
}

}  // namespace safelight::casefile

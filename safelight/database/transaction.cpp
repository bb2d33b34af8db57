#include "safelight/database/transaction.h"

namespace safelight::database {

ReadTransaction::ReadTransaction(Connection& connection)
    : connection_(connection.in_transaction() ? nullptr : &connection) {
  if (connection_ != nullptr) connection_->execute("BEGIN");
}

ReadTransaction::~ReadTransaction() {
  // Nothing was written: a failure to end it loses nothing.
  if (connection_ != nullptr) connection_->roll_back();
}

WriteTransaction::WriteTransaction(Connection& connection) : connection_(&connection) {
  connection.execute("BEGIN IMMEDIATE");
}

WriteTransaction::~WriteTransaction() {
  if (connection_ != nullptr) connection_->roll_back();
}

void WriteTransaction::commit() {
  connection_->execute("COMMIT");
  connection_ = nullptr;
}

}  // namespace safelight::database

#pragma once

#include "safelight/database/connection.h"

namespace safelight::database {

/// Makes what is read until its end one state of the database. Does nothing inside another.
class ReadTransaction {
 public:
  explicit ReadTransaction(Connection& connection);
  ReadTransaction(const ReadTransaction&) = delete;
  ReadTransaction& operator=(const ReadTransaction&) = delete;
  ~ReadTransaction();

 private:
  Connection* connection_;
};

/// Makes what is written until commit() one change, which is on the disk when that returns. What
/// did not commit by its end is not done. Throws Fault; also where others keep the database locked.
class WriteTransaction {
 public:
  explicit WriteTransaction(Connection& connection);
  WriteTransaction(const WriteTransaction&) = delete;
  WriteTransaction& operator=(const WriteTransaction&) = delete;
  ~WriteTransaction();

  void commit();

 private:
  Connection* connection_;
};

}  // namespace safelight::database

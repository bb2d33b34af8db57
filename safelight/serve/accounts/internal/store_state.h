#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "safelight/database/connection.h"
#include "safelight/database/statement.h"
#include "safelight/database/transaction.h"
#include "safelight/hash/digests.h"
#include "safelight/serve/accounts/account_store.h"

namespace safelight::serve {

/// The connection, and who uses it now.
class AccountStore::State {
 public:
  explicit State(database::Connection connection) : connection_(std::move(connection)) {}

  /// The connection for as long as this is held, within one transaction that is done at commit().
  class Change {
   public:
    explicit Change(State& state) : lock_(state.mutex_), transaction_(state.connection_) {}
    void commit() { transaction_.commit(); }

   private:
    std::lock_guard<std::mutex> lock_;
    database::WriteTransaction transaction_;
  };
  /// The same for reading one state.
  class Look {
   public:
    explicit Look(State& state) : lock_(state.mutex_), transaction_(state.connection_) {}

   private:
    std::lock_guard<std::mutex> lock_;
    database::ReadTransaction transaction_;
  };

  /// One statement that reads, for as long as this is held; it is prepared once and kept. For what
  /// every request asks: less than a Look around a Statement by some 6 µs.
  class Question {
   public:
    Question(State& state, std::string_view sql)
        : lock_(state.mutex_), statement_(state.kept(sql)) {}
    Question(const Question&) = delete;
    Question& operator=(const Question&) = delete;
    // What was not read to its end would keep the database as it was.
    ~Question() { statement_.reset(); }

    [[nodiscard]] database::Statement& statement() { return statement_; }

   private:
    std::lock_guard<std::mutex> lock_;
    database::Statement& statement_;
  };

  /// Only within a Change or a Look.
  [[nodiscard]] database::Connection& connection() { return connection_; }
  /// Throws the Fault of a store that holds what this program does not write.
  [[noreturn]] void refuse(std::string_view what) const;

 private:
  database::Statement& kept(std::string_view sql) {
    const auto found = kept_.find(sql);
    if (found != kept_.end()) return found->second;
    return kept_.emplace(sql, database::Statement(connection_, sql)).first->second;
  }

  database::Connection connection_;
  std::map<std::string, database::Statement, std::less<>> kept_;
  std::mutex mutex_;
};

inline std::span<const std::byte> bytes_of(const Sha256& digest) {
  return std::as_bytes(std::span(digest.bytes));
}

inline database::Statement& bind_time(database::Statement& statement, int parameter,
                                      std::optional<int64_t> ns) {
  return ns ? statement.bind(parameter, *ns) : statement.bind_null(parameter);
}

inline std::optional<int64_t> time_of(const database::Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return row.integer(column);
}

}  // namespace safelight::serve

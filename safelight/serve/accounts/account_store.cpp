#include "safelight/serve/accounts/account_store.h"

#include <cerrno>
#include <cstdint>
#include <string>
#include <sys/stat.h>

#include "safelight/base/fault.h"
#include "safelight/database/place.h"
#include "safelight/serve/accounts/internal/store_schema.h"
#include "safelight/serve/accounts/internal/store_state.h"

namespace safelight::serve {
namespace {

constexpr std::string_view kWhat = "accounts";
constexpr std::string_view kDatabaseName = "accounts.db";
constexpr mode_t kFolderMode = 0700;

}  // namespace

void AccountStore::State::refuse(std::string_view what) const {
  throw Fault(connection_.name() + " is damaged: it holds " + std::string(what));
}

AccountStore AccountStore::open(const std::filesystem::path& folder, LogSink& log) {
  if (mkdir(folder.c_str(), kFolderMode) != 0 && errno != EEXIST) {
    throw Fault::from_errno("cannot make the accounts directory " + folder.string(), errno);
  }
  database::require_local(folder, kWhat, log);
  const auto file = folder / kDatabaseName;
  database::prepare_database(file, kWhat);
  database::tighten_modes(file);
  // SQLite takes what is shorter than a header for a new file.
  constexpr uint64_t kHeaderBytes = 100;
  const uint64_t size_bytes = std::filesystem::file_size(file);
  if (size_bytes > 0 && size_bytes < kHeaderBytes) {
    throw Fault("accounts file " + file.string() + " is damaged: it is cut short");
  }
  auto state = std::make_unique<State>(
      database::Connection::open(kWhat, file.string(), database::Connection::Access::write));
  database::Connection& connection = state->connection();
  // A deleted token or hash is not left on a page.
  connection.execute("PRAGMA journal_mode=WAL; PRAGMA secure_delete=ON");
  {
    State::Change change(*state);
    if (connection.integer("SELECT count(*) FROM sqlite_schema") == 0 &&
        connection.integer("PRAGMA application_id") == 0) {
      create_accounts_schema(connection);
    }
    update_accounts_schema(connection);
    require_accounts_schema(connection);
    change.commit();
  }
  database::sync_directory(folder, kWhat);
  return AccountStore(std::move(state));
}

AccountStore AccountStore::in_memory() {
  auto state = std::make_unique<State>(database::Connection::in_memory(kWhat));
  {
    State::Change change(*state);
    create_accounts_schema(state->connection());
    change.commit();
  }
  return AccountStore(std::move(state));
}

AccountStore::AccountStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
AccountStore::AccountStore(AccountStore&&) noexcept = default;
AccountStore& AccountStore::operator=(AccountStore&&) noexcept = default;
AccountStore::~AccountStore() = default;

}  // namespace safelight::serve

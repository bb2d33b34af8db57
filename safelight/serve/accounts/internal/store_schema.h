#pragma once

#include <cstdint>

#include "safelight/database/connection.h"

namespace safelight::serve {

/// "SLac", in the database header: this SQLite file is a store of accounts.
inline constexpr int32_t kAccountsApplicationId = 0x534c6163;
/// The schema that this version writes, in the database header as user_version.
inline constexpr int kAccountsVersion = 2;

/// Makes tables and indexes in an empty database, within a transaction of the caller's.
void create_accounts_schema(database::Connection& connection);

/// Makes a store of version 1 one of this version, within a transaction of the caller's; leaves
/// alone what is none.
void update_accounts_schema(database::Connection& connection);

/// Throws Fault unless this is a sound store of a version that we know.
void require_accounts_schema(database::Connection& connection);

}  // namespace safelight::serve

#pragma once

#include <functional>
#include <map>
#include <string>

#include "safelight/database/connection.h"

namespace safelight::database {

/// The statement that makes each table and index, as the database keeps it, by name.
using Schema = std::map<std::string, std::string, std::less<>>;

/// "" if the database has the schema `expected` and nothing else; otherwise one sentence that says
/// what differs.
std::string schema_difference(Connection& connection, Schema expected);

}  // namespace safelight::database

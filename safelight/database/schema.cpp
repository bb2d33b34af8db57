#include "safelight/database/schema.h"

#include "safelight/database/statement.h"

namespace safelight::database {

std::string schema_difference(Connection& connection, Schema expected) {
  Statement statement(connection, "SELECT name, sql FROM sqlite_schema");
  while (statement.step()) {
    const std::string name(statement.text(0));
    const auto found = expected.find(name);
    if (found == expected.end()) return "there is a table, index or view \"" + name + "\" too many";
    if (found->second != statement.text(1))
      return "\"" + name + "\" is not defined as it should be";
    expected.erase(found);
  }
  return expected.empty() ? "" : "\"" + expected.begin()->first + "\" is missing";
}

}  // namespace safelight::database

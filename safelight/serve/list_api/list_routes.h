#pragma once

#include <functional>
#include <string>
#include <vector>

#include "safelight/lists/list_store.h"
#include "safelight/serve/approvals/approvals.h"
#include "safelight/serve/list_api/list_catalogue.h"
#include "safelight/serve/list_api/list_program.h"
#include "safelight/serve/list_api/staged_files.h"

namespace safelight::serve {

/// What the routes of lists work with. Outlives the server.
struct ListServices {
  std::function<ListStore()> open_store;  ///< Throws Fault.
  RunListProgram run_program;
  StagedFiles& staged;
  ListCatalogue& catalogue;
  std::vector<std::string> screening;  ///< Those that uploads are compared with, by name.
};

/// Adds the routes by which curators see and change lists, and how two of them change one.
void add_list_routes(RouteTable& table, Approvals& approvals, ListServices& services);

/// Removes uploaded files with which nobody asked for a change within an hour, or asks any more.
void tend_staged_files(StagedFiles& staged, const TwoPersonActs& acts);

}  // namespace safelight::serve

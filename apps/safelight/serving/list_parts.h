#pragma once

#include <string>
#include <vector>

#include "apps/safelight/session.h"

#include "safelight/serve/list_api/list_routes.h"

namespace safelight::app {

/// What a server shows and changes lists with. Outlives the server whose routes it adds.
class ListParts {
 public:
  /// `screening` names the lists that uploads are compared with. `session` outlives it.
  ListParts(const std::filesystem::path& state_folder, std::vector<std::string> screening,
            const Session& session);
  ListParts(const ListParts&) = delete;
  ListParts& operator=(const ListParts&) = delete;

  void add_api(serve::RouteTable& table, serve::Approvals& approvals) {
    serve::add_list_routes(table, approvals, services_);
  }
  void tend(const serve::TwoPersonActs& acts) { serve::tend_staged_files(staged_, acts); }

 private:
  serve::SystemRandom random_;
  serve::StagedFiles staged_;
  serve::ListCatalogue catalogue_;
  serve::ListServices services_;
};

}  // namespace safelight::app

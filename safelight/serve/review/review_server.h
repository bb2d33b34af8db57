#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "safelight/base/clock.h"
#include "safelight/base/log.h"
#include "safelight/serve/api/route_table.h"
#include "safelight/serve/api/services.h"
#include "safelight/serve/approvals/approvals.h"
#include "safelight/serve/http/server.h"
#include "safelight/serve/review/ranker.h"

namespace safelight::serve {

/// A case to be served.
struct CaseToServe {
  std::string name;  ///< As addresses have it: letters, digits, '-', '_' and '.'.
  std::filesystem::path directory;
  std::vector<std::string> people;  ///< As ServedCase.
};

struct ReviewServerOptions {
  ServerMode mode = ServerMode::local;
  std::vector<Listener> listeners{TcpListener{}};
  std::vector<std::string> hosts = ServerOptions().hosts;
  std::vector<CaseToServe> cases;
  /// Accounts of a team, settings, keys, signed heads and the server's own log.
  std::filesystem::path state_folder;
  /// Files beside it to which signed heads of the audit logs go, best on another machine.
  std::vector<std::filesystem::path> heads;
  std::string version;
  RankCase rank;
  /// Adds routes for people, and what two of them can agree on.
  std::function<void(RouteTable&, Approvals&)> add_api = [](RouteTable&, Approvals&) {};
  /// Looks after what those routes keep, every minute; is given what waits for an approval.
  std::function<void(const TwoPersonActs&)> tend = [](const TwoPersonActs&) {};
  /// Adds routes of others, whose callers have keys of this server.
  std::function<void(Router&, ApiKeys&, ServerLog&)> add_routes = [](Router&, ApiKeys&,
                                                                     ServerLog&) {};
  /// What GET /readyz says beside, as a JSON object: how workers are confined, how old lists are.
  std::function<std::string()> readiness = [] { return std::string("{}"); };
};

/// Makes the pictures of a case.
using PicturesOf = std::function<std::unique_ptr<Pictures>(const std::filesystem::path&)>;

/// A server of the review app and its API, from start() to stop().
class ReviewServer {
 public:
  /// Opens cases and accounts and begins to listen. Throws Fault, such as for a case that another
  /// server reviews. `clock` and `log` outlive it.
  static std::unique_ptr<ReviewServer> start(const ReviewServerOptions& options,
                                             const PicturesOf& pictures, const Clock& clock,
                                             LogSink& log);
  ReviewServer(const ReviewServer&) = delete;
  ReviewServer& operator=(const ReviewServer&) = delete;
  ~ReviewServer();

  [[nodiscard]] uint16_t port(size_t listener = 0) const;
  /// Of a local server: what lets its examiner in once, within ten minutes.
  [[nodiscard]] SecretText link_token();
  /// Ends reveals and streams, lets requests finish, and closes the cases.
  void stop();

 private:
  class Running;
  explicit ReviewServer(std::unique_ptr<Running> running);
  std::unique_ptr<Running> running_;
};

}  // namespace safelight::serve

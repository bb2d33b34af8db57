#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/audit/heads/signing_key.h"
#include "safelight/base/clock.h"
#include "safelight/base/log.h"
#include "safelight/serve/accounts/api_key.h"
#include "safelight/serve/accounts/link_token.h"
#include "safelight/serve/accounts/login.h"
#include "safelight/serve/accounts/people.h"
#include "safelight/serve/accounts/session.h"
#include "safelight/serve/accounts/two_person_act.h"
#include "safelight/serve/api/server_log.h"
#include "safelight/serve/exposure/breaks.h"
#include "safelight/serve/exposure/exposure_book.h"
#include "safelight/serve/preferences/preferences.h"
#include "safelight/serve/reports/report_shelf.h"
#include "safelight/serve/room/case_room.h"

namespace safelight::serve {

/// Whether one examiner reviews on loopback, or a team.
enum class ServerMode : uint8_t { local, team };

/// A case that is served, and who may review it.
struct ServedCase {
  std::unique_ptr<CaseRoom> room;
  std::unique_ptr<ReportShelf> reports;
  std::vector<std::string> people;  ///< Logins; empty for everybody whose role may review.
};

/// What the routes work with. All of it is safe from many threads.
struct Services {
  const Clock& clock;
  LogSink& log;
  ServerLog& record;  ///< What was done with the server itself.
  const audit::SigningKey& signing_key;
  People& people;
  Sessions& sessions;
  Login& login;
  LinkTokens& links;
  ApiKeys& keys;
  TwoPersonActs& approvals;
  Preferences& preferences;
  ExposureBook& exposure;
  Breaks& breaks;
  std::map<std::string, ServedCase, std::less<>> cases;  ///< By name; fixed once it runs.
  ServerMode mode = ServerMode::local;
  std::string version;
  int64_t idle_ns = SessionPolicy().idle_ns;
};

}  // namespace safelight::serve

#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "apps/safelight/session.h"

#include "safelight/scan/open_item.h"
#include "safelight/serve/api/route_table.h"
#include "safelight/serve/approvals/approvals.h"
#include "safelight/serve/held/held_store.h"
#include "safelight/serve/review/server_config.h"
#include "safelight/serve/screening/examiner_pool.h"
#include "safelight/serve/screening/lists_in_use.h"
#include "safelight/serve/screening/screener.h"
#include "safelight/serve/screening_api/key_routes.h"
#include "safelight/serve/screening_api/screening_services.h"
#include "safelight/serve/thresholds/thresholds.h"

namespace safelight::app {

/// What a team's server screens uploads with. Outlives the server whose routes it adds.
class ScreeningParts {
 public:
  /// Opens lists, the case of held uploads and the store of their bytes; makes case, store and key
  /// where they are not there. Throws UsageError for a list that cannot be used, Fault. `session`
  /// outlives it.
  ScreeningParts(const serve::ServerConfig::Screening& config,
                 const std::filesystem::path& state_folder, const Session& session, LogSink& log);

  /// Opens held uploads, for those who review them.
  [[nodiscard]] scan::OpenUpload open_upload() const;
  /// The routes by which people look after what is held, and from where on uploads are.
  void add_api(serve::RouteTable& table, serve::Approvals& approvals);
  void add_routes(serve::Router& router, serve::ApiKeys& keys, serve::ServerLog& record);
  /// How the lists stand, and when each was last changed, as a JSON object without their names.
  [[nodiscard]] std::string readiness();

 private:
  /// Ascending; "" for one of which the log says nothing. Read anew where the lists are others.
  std::vector<std::string> changes_of(const std::shared_ptr<const serve::ListsAtOnce>& lists);

  const serve::ServerConfig::Screening config_;
  const Session& session_;
  LogSink& log_;
  serve::SystemRandom random_;
  serve::ExaminerPool examiners_;
  serve::ListsInUse lists_;
  serve::Screener screener_;
  serve::KeptThresholds thresholds_;
  serve::RateLimiter uploads_;
  serve::RateLimiter queries_;
  serve::NearQueryLimiter near_queries_;
  serve::KeyActivity activity_;
  std::unique_ptr<serve::HeldStore> held_;
  std::unique_ptr<serve::ScreeningServices> services_;
  serve::KeyRouteTable table_;
  std::mutex changes_mutex_;
  std::vector<std::string> changes_;
  std::shared_ptr<const serve::ListsAtOnce> changes_of_;  ///< Of which `changes_` are.
};

}  // namespace safelight::app

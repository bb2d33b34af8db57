#include "apps/safelight/serving/screening_parts.h"

#include <algorithm>
#include <utility>

#include "apps/safelight/list_arguments.h"

#include "safelight/base/json_writer.h"
#include "safelight/casefile/writer.h"
#include "safelight/lists/list_log.h"
#include "safelight/seal/seal_key.h"
#include "safelight/serve/held_api/activity_route.h"
#include "safelight/serve/held_api/held_routes.h"
#include "safelight/serve/thresholds/threshold_routes.h"

namespace safelight::app {
namespace {

/// Tokens a second: an upload, or a digest or fingerprint that is looked up.
constexpr serve::RatePolicy kUploadRate{200, 400};
constexpr serve::RatePolicy kQueryRate{20'000, 40'000};

std::unique_ptr<LiveLists> lists_of(const std::vector<std::string>& names, const Session& session) {
  auto out = std::make_unique<LiveLists>();
  const ListStore store = open_list_store(session, session.list_store);
  for (const std::string& name : names) {
    if (const auto added = out->add(store, name); !added) throw list_problem(name, added.error());
  }
  return out;
}

serve::Thresholds usual_thresholds(const serve::ServerConfig::Screening& config) {
  return {config.radius_bits, *disposition_from_text(config.holds_from)};
}

scan::ExaminerOptions upload_options(const Session& session) {
  auto options = examiner_options(session);
  options.limits = serve::upload_limits();
  return options;
}

std::unique_ptr<serve::HeldStore> held_of(const serve::ServerConfig::Screening& config,
                                          const Session& session, serve::RandomSource& random,
                                          LogSink& log) {
  if (!std::filesystem::exists(config.held_key)) SealKey::make_file(config.held_key);
  if (!std::filesystem::exists(config.case_folder / "case.db")) {
    casefile::Writer::create(config.case_folder, casefile::random_case_id(), {}, session.clock,
                             log);
  }
  serve::HeldStoreOptions options;
  options.tool_version = SAFELIGHT_VERSION;
  return serve::HeldStore::open({config.case_folder, config.held, config.held_key}, options, random,
                                session.clock, log);
}

}  // namespace

ScreeningParts::ScreeningParts(const serve::ServerConfig::Screening& config,
                               const std::filesystem::path& state_folder, const Session& session,
                               LogSink& log)
    : config_(config),
      session_(session),
      log_(log),
      examiners_(upload_options(session), config.uploads_at_once),
      lists_(lists_of(config.lists, session), {}, session.clock, log),
      screener_(examiners_, lists_, {}),
      thresholds_(state_folder, usual_thresholds(config), screener_),
      uploads_(session.clock, kUploadRate),
      queries_(session.clock, kQueryRate),
      near_queries_(session.clock, {}),
      held_(held_of(config_, session, random_, log)) {
  serve::add_screening_routes(table_);
  serve::add_hma_routes(table_);
}

scan::OpenUpload ScreeningParts::open_upload() const {
  return [this](std::string_view name) { return held_->bytes({std::string(name)}); };
}

void ScreeningParts::add_api(serve::RouteTable& table, serve::Approvals& approvals) {
  serve::add_held_routes(table, approvals, *held_);
  serve::add_activity_route(table, activity_);
  serve::add_threshold_routes(table, approvals, thresholds_);
}

void ScreeningParts::add_routes(serve::Router& router, serve::ApiKeys& keys,
                                serve::ServerLog& record) {
  serve::ScreeningPolicy policy;
  policy.max_upload_bytes = config_.max_upload_bytes;
  policy.max_running_uploads = config_.uploads_at_once;
  if (config_.unix_key) policy.hma_unix_key = serve::ApiKeyId{*config_.unix_key};
  policy.upload_bucket = std::chrono::milliseconds(config_.bucket_ms);
  const auto note_told = [&record](const serve::ApiKey& key, const serve::Peer& to, uint64_t hits) {
    record.add("lookup.told", {"", to.address},
               {{"hits", std::to_string(hits)},
                {"key", std::to_string(key.id.value)},
                {"name", key.name}});
  };
  services_ = std::make_unique<serve::ScreeningServices>(serve::ScreeningServices{
      session_.clock, log_, keys, screener_, uploads_, queries_, near_queries_, activity_,
      note_told, held_.get(), policy, SAFELIGHT_VERSION});
  table_.add_to(router, *services_);
}

std::string ScreeningParts::readiness() {
  std::string out;
  JsonWriter json(out);
  const auto lists = lists_.now();
  json.begin_object().field("lists", config_.lists.size());
  json.field("fingerprints", lists->fingerprints()).key("lists_changed").begin_array();
  for (const std::string& when : changes_of(lists)) json.string(when);
  json.end_array().key("lists_stale").boolean(lists_.is_stale()).end_object();
  return out;
}

std::vector<std::string> ScreeningParts::changes_of(
    const std::shared_ptr<const serve::ListsAtOnce>& lists) {
  const std::lock_guard lock(changes_mutex_);
  if (changes_of_ != lists) {
    auto changed = last_changes(open_list_store(session_, session_.list_store).log_path());
    changes_.clear();
    for (const std::string& name : config_.lists) changes_.push_back(changed[name]);
    std::sort(changes_.begin(), changes_.end());
    changes_of_ = lists;
  }
  return changes_;
}

}  // namespace safelight::app

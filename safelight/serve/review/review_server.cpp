#include "safelight/serve/review/review_server.h"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <sys/stat.h>
#include <thread>
#include <utility>

#include "safelight/base/fault.h"
#include "safelight/base/json_writer.h"
#include "safelight/serve/api/presence.h"
#include "safelight/serve/app/app_files.h"
#include "safelight/serve/app/app_routes.h"
#include "safelight/serve/approvals/act_worker.h"
#include "safelight/serve/review/head_keeper.h"
#include "safelight/serve/review/metrics_text.h"
#include "safelight/serve/review/server_logs.h"

namespace safelight::serve {
namespace {

constexpr std::chrono::seconds kTick{1};
constexpr int kTicksPerPurge = 60;
constexpr std::chrono::milliseconds kGrace{5'000};
constexpr int64_t kLinkNs = int64_t{600} * 1'000'000'000;
constexpr std::string_view kExaminer = "examiner";
constexpr mode_t kFolderMode = 0700;
constexpr uint32_t kHashesAtOnce = 2;
/// A browser has six connections and a stream; a team has many.
constexpr unsigned kWorkerThreads = 8;

/// Makes the folder of the server's state for its owner alone.
void prepare(const std::filesystem::path& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder.parent_path(), failed);
  if (mkdir(folder.c_str(), kFolderMode) != 0 && errno != EEXIST) {
    throw Fault::from_errno("cannot make the server's folder " + folder.string(), errno);
  }
}

AccountStore accounts_of(const ReviewServerOptions& options, LogSink& log) {
  prepare(options.state_folder);
  if (options.mode == ServerMode::local) return AccountStore::in_memory();
  return AccountStore::open(options.state_folder / "accounts", log);
}

}  // namespace

class ReviewServer::Running {
 public:
  Running(const ReviewServerOptions& options, const PicturesOf& pictures, const Clock& clock,
          LogSink& log)
      : log_(log),
        store_(accounts_of(options, log)),
        hasher_(kInteractiveCost, kHashesAtOnce),
        people_(store_, clock, random_, hasher_),
        sessions_(store_, clock, random_),
        throttle_(clock, random_, {}),
        login_(people_, sessions_, throttle_),
        links_(store_, clock, random_),
        keys_(store_, clock, random_),
        approvals_(store_, clock),
        preferences_(options.state_folder / "people", log),
        record_(record_of(options, clock, log)),
        key_(server_key(options.state_folder)),
        services_{clock,   log,    *record_,     key_,           people_,      sessions_,
                  login_,  links_, keys_,        approvals_,     preferences_, exposure_,
                  breaks_, {},     options.mode, options.version},
        table_(review_routes()),
        tend_(options.tend) {
    if (options.mode == ServerMode::local) {
      examiner_ = people_.add_without_password({kExaminer, "Examiner", Role::lead}).value();
    }
    for (const CaseToServe& one : options.cases) {
      auto room = std::make_unique<CaseRoom>(one.name, one.directory, pictures(one.directory),
                                             exposure_, random_, clock, log);
      if (local_record_ != nullptr) local_record_->use(*room);
      auto reports = std::make_unique<ReportShelf>(one.directory, options.version, clock, log);
      services_.cases.emplace(one.name,
                              ServedCase{std::move(room), std::move(reports), one.people});
    }
    const auto keeper = [&](const std::string& log_name) {
      return HeadKeeper(log_name, options.state_folder, options.heads, clock, log);
    };
    for (auto& [name, served] : services_.cases) {
      const auto held = served.room->readers().hold();
      kept_heads_.emplace_back(served.room.get(), keeper(held.reader().description().case_id));
    }
    if (own_log_ != nullptr) own_heads_.emplace(keeper(own_log_->head()->log));
    options.add_api(table_, doers_);
    worker_.emplace(doers_, services_);
    add_approval_routes(table_, doers_, *worker_);
    Router router;
    table_.add_to(router, services_);
    add_app_routes(router);
    add_own_routes(router, options);
    options.add_routes(router, keys_, *record_);
    ServerOptions server;
    server.listeners = options.listeners;
    server.hosts = options.hosts;
    server.content_security_policy = kAppContentSecurityPolicy;
    server.worker_threads = kWorkerThreads;
    server_ = Server::start(std::move(server), std::move(router), log, clock);
    live_ = server_.get();
    timer_ = std::thread([this] { run_timer(); });
    std::vector<std::filesystem::path> directories;
    for (const CaseToServe& one : options.cases) directories.push_back(one.directory);
    ranker_ = std::make_unique<Ranker>(std::move(directories), options.rank, log);
  }

  ~Running() { stop(); }

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      if (is_stopping_) return;
      is_stopping_ = true;
    }
    wake_.notify_all();
    timer_.join();
    ranker_.reset();
    for (auto& [name, served] : services_.cases) served.room->audience().close();
    server_->stop(kGrace);
    worker_->stop();
    for (auto& [name, served] : services_.cases) served.room->close();
    try_to([this] {
      for (auto& [room, keeper] : kept_heads_) keeper.publish(room->head());
      if (own_heads_) own_heads_->publish(own_log_->head()->head);
    });
  }

  [[nodiscard]] uint16_t port(size_t listener) const { return server_->port(listener); }

  SecretText link_token() {
    auto token = links_.issue(examiner_, kLinkNs);
    if (!token) throw Fault("only a server of one examiner gives links");
    return std::move(*token);
  }

 private:
  std::unique_ptr<ServerLog> record_of(const ReviewServerOptions& options, const Clock& clock,
                                       LogSink& log) {
    if (options.mode == ServerMode::team) {
      auto out = std::make_unique<FileServerLog>(options.state_folder, clock, log);
      own_log_ = out.get();
      return out;
    }
    auto out = std::make_unique<CaseServerLog>();
    local_record_ = out.get();
    return out;
  }

  void add_own_routes(Router& router, const ReviewServerOptions& options) {
    router.add(Method::get, "/openapi.json", [text = table_.openapi(options.version)](Request&) {
      return Response::json(Status::ok, text);
    });
    router.add(Method::get, "/livez", [](Request&) {
      return Response::bytes(Status::ok, "text/plain; charset=utf-8", "alive\n");
    });
    router.add(Method::get, "/readyz", [this, readiness = options.readiness](Request&) {
      std::string out;
      JsonWriter json(out);
      json.begin_object().key("ready").boolean(true).field("cases", services_.cases.size());
      json.key("machine").embed(readiness()).end_object();
      return Response::json(Status::ok, std::move(out));
    });
    router.add(Method::get, "/metrics", [this](Request&) {
      const Server* server = live_;
      if (server == nullptr) return Response::empty(Status::service_unavailable);
      return Response::bytes(Status::ok, "text/plain; version=0.0.4; charset=utf-8",
                             metrics_text(server->metrics()));
    });
  }

  void run_timer() {
    std::unique_lock lock(mutex_);
    for (int tick = 0; !wake_.wait_for(lock, kTick, [this] { return is_stopping_; }); ++tick) {
      lock.unlock();
      for (auto& [name, served] : services_.cases) look_after(*served.room);
      try_to([this] {
        for (auto& [room, keeper] : kept_heads_) keeper.offer(room->head());
        if (own_heads_) own_heads_->offer(own_log_->head()->head);
      });
      if (tick % kTicksPerPurge == 0) {
        try_to([this] { sessions_.purge(); });
        try_to([this] { tend_(approvals_); });
      }
      lock.lock();
    }
  }

  void look_after(CaseRoom& room) {
    try_to([&] { room.tick(); });
    if (room.audience().sweep()) try_to([&] { tell_presence(services_, room); });
  }

  /// What goes wrong in between is told, and tried again the next time.
  template <class Work>
  void try_to(const Work& work) {
    try {
      work();
    } catch (const std::exception& error) {
      log_.log(Severity::error, error.what());
    }
  }

  LogSink& log_;
  SystemRandom random_;
  AccountStore store_;
  PasswordHasher hasher_;
  People people_;
  Sessions sessions_;
  LoginThrottle throttle_;
  Login login_;
  LinkTokens links_;
  ApiKeys keys_;
  TwoPersonActs approvals_;
  Preferences preferences_;
  ExposureBook exposure_;
  Breaks breaks_;
  CaseServerLog* local_record_ = nullptr;  ///< `record_` of a local server.
  FileServerLog* own_log_ = nullptr;       ///< `record_` of a team's.
  std::unique_ptr<ServerLog> record_;
  audit::SigningKey key_;
  Services services_;
  Approvals doers_;
  std::optional<ActWorker> worker_;
  RouteTable table_;
  const std::function<void(const TwoPersonActs&)> tend_;
  PersonId examiner_;
  std::vector<std::pair<CaseRoom*, HeadKeeper>> kept_heads_;
  std::optional<HeadKeeper> own_heads_;
  std::unique_ptr<Server> server_;
  std::atomic<const Server*> live_ = nullptr;  ///< Once it has started.
  std::mutex mutex_;
  std::condition_variable wake_;
  bool is_stopping_ = false;
  std::thread timer_;
  std::unique_ptr<Ranker> ranker_;
};

std::unique_ptr<ReviewServer> ReviewServer::start(const ReviewServerOptions& options,
                                                  const PicturesOf& pictures, const Clock& clock,
                                                  LogSink& log) {
  return std::unique_ptr<ReviewServer>(
      new ReviewServer(std::make_unique<Running>(options, pictures, clock, log)));
}

ReviewServer::ReviewServer(std::unique_ptr<Running> running) : running_(std::move(running)) {}
ReviewServer::~ReviewServer() = default;

uint16_t ReviewServer::port(size_t listener) const { return running_->port(listener); }

SecretText ReviewServer::link_token() { return running_->link_token(); }

void ReviewServer::stop() { running_->stop(); }

}  // namespace safelight::serve

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <functional>
#include <malloc.h>
#include <memory>
#include <optional>
#include <poll.h>
#include <sys/signalfd.h>
#include <thread>
#include <unistd.h>

#include "apps/safelight/commands.h"
#include "apps/safelight/own_process.h"
#include "apps/safelight/serving/list_parts.h"
#include "apps/safelight/serving/screening_parts.h"
#include "apps/safelight/serving/server_state.h"

#include "safelight/base/fault.h"
#include "safelight/base/json_writer.h"
#include "safelight/base/time_text.h"
#include "safelight/bytes/file.h"
#include "safelight/serve/originals/exports_place.h"
#include "safelight/serve/originals/originals_routes.h"
#include "safelight/serve/pictures/case_pictures.h"
#include "safelight/serve/review/review_server.h"

namespace safelight::app {
namespace {

constexpr uint32_t kMaxPicturesAtOnce = 2;
constexpr const char* kLocalCase = "case";

struct Arguments {
  std::string case_folder;
  std::string config;
  std::string passwords;
  std::vector<std::string> heads;
  uint16_t port = 0;
};

/// Passes on what a user of one machine should know: not a line for each request.
class WarningsOnly final : public LogSink {
 public:
  explicit WarningsOnly(LogSink& to) : to_(to) {}
  void log(Severity severity, std::string_view message) override {
    if (severity != Severity::info) to_.log(severity, message);
  }

 private:
  LogSink& to_;
};

/// SIGINT and SIGTERM as something that can be waited for. Made before any thread, which then
/// leave them alone.
class StopSignals {
 public:
  StopSignals() {
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stop, nullptr);
    descriptor_ = Descriptor(signalfd(-1, &stop, SFD_CLOEXEC));
    if (!descriptor_.is_open()) throw Fault::from_errno("cannot wait for signals", errno);
  }

  /// Returns when the program is to stop. Calls `entered` for each line on standard input.
  void wait(const std::function<void()>& entered) const {
    std::array<pollfd, 2> watched = {{{descriptor_.get(), POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}}};
    nfds_t count = isatty(STDIN_FILENO) != 0 ? 2 : 1;
    while (true) {
      if (poll(watched.data(), count, -1) < 0 && errno != EINTR) return;
      if (watched[0].revents != 0) return;
      if (count == 2 && watched[1].revents != 0) {
        std::array<char, 256> line{};
        if (read(STDIN_FILENO, line.data(), line.size()) <= 0) {
          count = 1;
        } else {
          entered();
        }
      }
    }
  }

 private:
  Descriptor descriptor_;
};

/// `$XDG_STATE_HOME/safelight/review`, where a user's own server keeps settings.
std::filesystem::path local_state_folder() {
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && *state != '\0') return std::filesystem::path(state) / "safelight/review";
  const char* home = std::getenv("HOME");
  return std::filesystem::path(home == nullptr ? "/" : home) / ".local/state/safelight/review";
}

scan::ExaminerOptions picture_options(const Arguments& arguments, const Session& session) {
  auto options = examiner_options(session);
  if (!arguments.passwords.empty()) options.passwords = read_passwords(arguments.passwords);
  return options;
}

/// Throws UsageError for a certificate that clients refuse by now, and warns of one that they soon
/// will.
serve::TlsIdentity read_identity(const std::filesystem::path& chain,
                                 const std::filesystem::path& key, Session& session) {
  constexpr int64_t kSoonNs = int64_t{14} * 86'400'000'000'000;
  auto identity = serve::TlsIdentity::read(chain, key);
  const int64_t left_ns = identity.expires_ns() - session.clock.now_ns();
  const std::string when = chain.string() + ": the certificate expire";
  if (left_ns <= 0) {
    throw UsageError(when + "d at " + utc_text(identity.expires_ns()) +
                     "; remove a generated one, and another is made");
  }
  if (left_ns < kSoonNs) {
    session.log.log(Severity::warning, when + "s at " + utc_text(identity.expires_ns()));
  }
  return identity;
}

/// The certificate that a listener shows: its own, or one that is made once and kept.
serve::TlsIdentity identity_of(const serve::ServerConfig::Listen& listen,
                               const serve::ServerConfig& config, Session& session) {
  if (!listen.certificate.empty()) return read_identity(listen.certificate, listen.key, session);
  const auto chain = config.state / "generated-certificate.pem";
  const auto key = config.state / "generated-key.pem";
  if (std::filesystem::exists(chain) && std::filesystem::exists(key)) {
    return read_identity(chain, key, session);
  }
  auto names = config.hosts;
  names.push_back(listen.address);
  auto made = serve::TlsIdentity::self_signed(names, session.clock);
  made.write(chain, key);
  return made;
}

void print_fingerprint(const serve::TlsIdentity& identity) {
  std::printf("Certificate fingerprint, SHA-256: %s\n", to_hex(identity.fingerprint()).c_str());
}

serve::ReviewServerOptions team_options(const serve::ServerConfig& config, Session& session) {
  serve::ReviewServerOptions options;
  options.mode = serve::ServerMode::team;
  options.version = SAFELIGHT_VERSION;
  options.state_folder = config.state;
  options.heads = config.heads;
  options.hosts = config.hosts;
  options.listeners.clear();
  for (const auto& listen : config.listen) {
    if (!listen.unix_socket.empty()) {
      options.listeners.emplace_back(serve::UnixListener{listen.unix_socket});
      continue;
    }
    const auto identity = identity_of(listen, config, session);
    print_fingerprint(identity);
    serve::TcpListener tcp;
    tcp.address = listen.address;
    tcp.port = listen.port;
    tcp.tls = serve::TlsOptions{identity, listen.client_authorities};
    options.listeners.emplace_back(std::move(tcp));
    options.hosts.push_back(listen.address);
  }
  for (const auto& one : config.cases) options.cases.push_back({one.name, one.folder, one.people});
  return options;
}

/// Throws UsageError where originals would be written into evidence, or among what is kept.
void require_exports_apart(const serve::ServerConfig& config, const std::string& file) {
  if (config.exports.empty()) return;
  std::vector<serve::OtherPlace> places = {{"the server's own folder", config.state}};
  for (const auto& one : config.cases) {
    places.push_back({"the case " + one.name, one.folder});
    const auto evidence = serve::evidence_of(one.name, one.folder);
    places.insert(places.end(), evidence.begin(), evidence.end());
  }
  if (config.screening) places.push_back({"the held uploads", config.screening->held});
  const std::string problem = serve::exports_problem(config.exports, places);
  if (!problem.empty()) throw UsageError(file + ": " + problem);
}

/// Puts a case in order as `safelight triage` does: in a process of its own, whose memory is gone
/// with it. What it had not stored when it was stopped is made the next time.
void rank_in_child(const std::filesystem::path& directory, const std::stop_token& stop) {
  const auto end =
      run_own_program({.arguments = {"triage", "--json", directory.string()}, .stop = stop});
  if (stop.stop_requested()) return;
  if (!end.status || *end.status > static_cast<int>(Exit::incomplete)) {
    throw Fault("the case " + directory.string() + " could not be put in order");
  }
}

/// How workers are confined on this machine, and how the lists of screening stand.
std::string readiness_text(const std::vector<std::pair<std::string, sandbox::Report>>& confinement,
                           const std::string& screening) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("workers").begin_array();
  for (const auto& [worker, report] : confinement) {
    json.begin_object().field("worker", worker).key("confined").begin_array();
    for (const std::string& line : sandbox::describe(report)) json.string(line);
    json.end_array().end_object();
  }
  json.end_array().key("screening").embed(screening).end_object();
  return out;
}

/// Runs until it is told to stop. Confinement is tried before anybody is let in: a machine that
/// cannot confine its workers serves no pictures.
void run(serve::ReviewServerOptions options, const Arguments& arguments, Session& session,
         LogSink& log, const std::filesystem::path& exports,
         const std::optional<serve::ServerConfig::Screening>& screening,
         const std::function<void(serve::ReviewServer&)>& say) {
  // As many heaps as there are threads that can allocate at once. With the eight a core that glibc
  // gives, what each keeps free comes to more than all that is in use.
  mallopt(M_ARENA_MAX, static_cast<int>(std::max(1u, std::thread::hardware_concurrency())));
  options.rank = rank_in_child;
  const StopSignals signals;
  serve::ExaminerPool examiners(picture_options(arguments, session), kMaxPicturesAtOnce);
  const auto confinement = examiners.lease("").examiner().confinement();
  ListParts lists(options.state_folder, screening ? screening->lists : std::vector<std::string>(),
                  session);
  std::optional<ScreeningParts> screened;
  const auto open_upload = [&](const std::filesystem::path& directory) {
    const bool holds_uploads = screening && directory == screening->case_folder;
    return holds_uploads ? screened->open_upload() : scan::OpenUpload();
  };
  serve::OriginalsServices originals{exports, examiners, open_upload};
  options.add_api = [&](serve::RouteTable& table, serve::Approvals& approvals) {
    lists.add_api(table, approvals);
    serve::add_originals_routes(table, approvals, originals);
    if (screened) screened->add_api(table, approvals);
  };
  options.tend = [&](const serve::TwoPersonActs& acts) {
    lists.tend(acts);
    malloc_trim(0);  // Heaps that nothing gives back from keep more free hour by hour.
  };
  if (screening) {
    screened.emplace(*screening, options.state_folder, session, log);
    options.add_routes = [&](serve::Router& router, serve::ApiKeys& keys,
                             serve::ServerLog& record) {
      screened->add_routes(router, keys, record);
    };
  }
  options.readiness = [&] {
    return readiness_text(confinement, screened ? screened->readiness() : "null");
  };
  const auto pictures = [&](const std::filesystem::path& directory) {
    return std::make_unique<serve::CasePictures>(directory, examiners, open_upload(directory));
  };
  const auto server = serve::ReviewServer::start(options, pictures, session.clock, log);
  say(*server);
  std::fflush(stdout);
  signals.wait([&] {
    say(*server);
    std::fflush(stdout);
  });
  server->stop();
  std::printf("Stopped.\n");
}

void serve_case(const Arguments& arguments, Session& session) {
  serve::ReviewServerOptions options;
  options.version = SAFELIGHT_VERSION;
  options.state_folder = local_state_folder();
  serve::TcpListener listener;
  listener.port = arguments.port;
  options.listeners = {listener};
  options.heads.assign(arguments.heads.begin(), arguments.heads.end());
  options.cases = {{kLocalCase, std::filesystem::absolute(arguments.case_folder), {}}};
  WarningsOnly log(session.log);
  run(options, arguments, session, log, {}, std::nullopt, [](serve::ReviewServer& server) {
    std::printf(
        "Open this link in a browser on this machine; it opens once, within 10 minutes:\n"
        "  http://127.0.0.1:%u/#link=%s\n"
        "Enter gives a new one, Ctrl+C stops.\n",
        server.port(), std::string(server.link_token().view()).c_str());
  });
}

void serve_team(const Arguments& arguments, Session& session) {
  const auto config = read_server_config(arguments.config);
  require_exports_apart(config, arguments.config);
  state_folder_of(arguments.config);
  const auto options = team_options(config, session);
  run(options, arguments, session, session.log, config.exports, config.screening,
      [&](serve::ReviewServer& server) {
        for (size_t i = 0; i < config.listen.size(); ++i) {
          if (config.listen[i].unix_socket.empty()) {
            std::printf("Serving at https://%s:%u/\n", config.listen[i].address.c_str(),
                        server.port(i));
          } else {
            std::printf("Serving at %s\n", config.listen[i].unix_socket.c_str());
          }
        }
      });
}

}  // namespace

void add_serve_command(CLI::App& program, Session& session) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      program.add_subcommand("serve", "Review a case in a browser, alone or as a team");
  auto* one = command->add_option("--case", arguments->case_folder,
                                  "The case, for one examiner on this machine");
  auto* team =
      command->add_option("--config", arguments->config, "The configuration of a team's server");
  command
      ->add_option("--port", arguments->port, "The port, with --case; by itself, one that is free")
      ->needs(one);
  command
      ->add_option("--heads", arguments->heads,
                   "With --case: files elsewhere to which signed heads of the audit log go")
      ->needs(one);
  command->add_option("--passwords", arguments->passwords,
                      "File of passwords for archives, one a line");
  one->excludes(team);
  command->callback([arguments, &session] {
    if (!arguments->case_folder.empty()) {
      serve_case(*arguments, session);
    } else if (!arguments->config.empty()) {
      serve_team(*arguments, session);
    } else {
      throw UsageError("serve takes --case DIR or --config FILE");
    }
  });
}

}  // namespace safelight::app

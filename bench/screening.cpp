// Screening over TLS on loopback, server and clients on the same processors, against `safelight
// hash` over the same pictures: uploads, look-ups of digests and of fingerprints, the latency at
// half of what each can do, and whether half-open clients change anything. Answers are not padded.
// One JSON object a line.
//
//   bench_screening PROGRAM_FOLDER LIST_STORE LIST PICTURE_FOLDER SECONDS [LIST_KEY]
//
// The clients are a process of their own, so that its processor time can be told from the server's.
#include <algorithm>
#include <arpa/inet.h>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <random>
#include <spawn.h>
#include <sstream>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "safelight/base/clock.h"
#include "safelight/bytes/file.h"
#include "safelight/lists/live_lists.h"
#include "safelight/serve/accounts/api_key.h"
#include "safelight/serve/http/server.h"
#include "safelight/serve/screening_api/key_routes.h"

extern char** environ;  // NOLINT: what posix_spawn hands on

namespace {

using namespace safelight;
using namespace safelight::serve;
using std::chrono::steady_clock;

constexpr unsigned kUploadClients = 4;
constexpr unsigned kQueryClients = 16;
constexpr int kHalfOpen = 500;
constexpr int kRounds = 10;
constexpr int kHashRounds = 5;

double seconds_since(steady_clock::time_point begun) {
  return std::chrono::duration<double>(steady_clock::now() - begun).count();
}

double processor_seconds(int whose) {
  rusage usage{};
  getrusage(whose, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void check(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(what);
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::vector<std::filesystem::path> pictures_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".jpg") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  check(!paths.empty(), "no pictures");
  return paths;
}

/// Processor time of a process and of its children, but for this one, in seconds. Source: proc(5).
double processor_seconds_of(pid_t process) {
  const std::string folder = "/proc/" + std::to_string(process);
  std::string stat = read_file(folder + "/stat");
  std::istringstream fields(stat.substr(stat.rfind(')') + 1));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double ticks = 0;
  // Its own in user and in system mode, then those of children that have ended.
  for (int i = 0; i < 4; ++i) {
    double part = 0;
    fields >> part;
    ticks += part;
  }
  double seconds = ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
  for (const auto& task : std::filesystem::directory_iterator(folder + "/task")) {
    std::istringstream children(read_file(task.path() / "children"));
    for (pid_t child = 0; children >> child;) {
      if (child != getpid()) seconds += processor_seconds_of(child);
    }
  }
  return seconds;
}

/// What `safelight hash` does.
struct Hashed {
  double per_s = 0;
  double cpu_ms = 0;
};

/// `safelight hash` over all pictures, shared out to so many processes.
Hashed measure_hash(const std::filesystem::path& programs,
                    const std::vector<std::filesystem::path>& pictures, unsigned processes,
                    int rounds) {
  const double processor_before = processor_seconds(RUSAGE_CHILDREN);
  const auto begun = steady_clock::now();
  for (int round = 0; round < rounds; ++round) {
    std::vector<pid_t> running;
    for (unsigned i = 0; i < processes; ++i) {
      std::vector<std::string> words = {programs / "safelight", "hash", "--format", "csv"};
      for (size_t at = i; at < pictures.size(); at += processes) words.push_back(pictures[at]);
      std::vector<char*> arguments;
      for (std::string& word : words) arguments.push_back(word.data());
      arguments.push_back(nullptr);
      posix_spawn_file_actions_t actions;
      posix_spawn_file_actions_init(&actions);
      posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
      pid_t child = 0;
      check(
          posix_spawn(&child, words[0].c_str(), &actions, nullptr, arguments.data(), environ) == 0,
          "cannot run safelight hash");
      posix_spawn_file_actions_destroy(&actions);
      running.push_back(child);
    }
    for (const pid_t child : running) {
      int status = 0;
      waitpid(child, &status, 0);
      check(WIFEXITED(status) && WEXITSTATUS(status) == 0, "safelight hash failed");
    }
  }
  const double wall_s = seconds_since(begun);
  const auto files = static_cast<double>(pictures.size()) * rounds;
  const Hashed hashed{files / wall_s,
                      (processor_seconds(RUSAGE_CHILDREN) - processor_before) / files * 1e3};
  std::printf("{\"what\":\"hash\",\"processes\":%u,\"per_s\":%.1f,\"cpu_ms\":%.3f}\n", processes,
              hashed.per_s, hashed.cpu_ms);
  std::fflush(stdout);
  return hashed;
}

/// A connection that asks and waits.
class Client {
 public:
  explicit Client(uint16_t port) : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free) {
    descriptor_ = Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    ::setsockopt(descriptor_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    check(::connect(descriptor_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0,
          "cannot connect");
    tls_.reset(SSL_new(context_.get()));
    check(SSL_set_fd(tls_.get(), descriptor_.get()) == 1 && SSL_connect(tls_.get()) == 1,
          "no handshake");
  }

  /// The status, and in `content` what came.
  int ask(const std::string& request, std::string& content) {
    for (size_t sent = 0; sent < request.size();) {
      const int count =
          SSL_write(tls_.get(), request.data() + sent, static_cast<int>(request.size() - sent));
      check(count > 0, "cannot send");
      sent += static_cast<size_t>(count);
    }
    size_t head_end = 0;
    while ((head_end = buffer_.find("\r\n\r\n")) == std::string::npos) fill();
    const size_t length_at = buffer_.find("ontent-length: ");
    const size_t length_at_capital = buffer_.find("ontent-Length: ");
    const size_t at = std::min(length_at, length_at_capital);
    check(at < head_end, "no length");
    const size_t length = std::stoul(buffer_.substr(at + 15));
    while (buffer_.size() < head_end + 4 + length) fill();
    const int status = std::stoi(buffer_.substr(9, 3));
    content = buffer_.substr(head_end + 4, length);
    buffer_.erase(0, head_end + 4 + length);
    return status;
  }

 private:
  void fill() {
    char bytes[16 << 10];
    const int count = SSL_read(tls_.get(), bytes, sizeof bytes);
    check(count > 0, "the connection ended");
    buffer_.append(bytes, static_cast<size_t>(count));
  }

  Descriptor descriptor_;
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
  struct Free {
    void operator()(SSL* tls) const { SSL_free(tls); }
  };
  std::unique_ptr<SSL, Free> tls_;
  std::string buffer_;
};

/// What clients found.
struct Load {
  double per_s = 0;
  double p50_ms = 0;
  double p99_ms = 0;
  double client_cpu_ms = 0;  ///< Of a request, and so below.
  double server_cpu_ms = 0;
};

/// Asks from many connections for a time: one request after another, or so many a second in all, of
/// which each counts from when it was due.
Load load(uint16_t port, const std::vector<std::string>& requests, std::string_view expected,
          unsigned clients, double duration_s, double per_second) {
  const double processor_before = processor_seconds(RUSAGE_SELF);
  const double server_before = processor_seconds_of(getppid());
  std::vector<std::vector<double>> times(clients);
  std::atomic<uint64_t> next = 0;
  std::atomic<bool> failed = false;
  std::vector<std::thread> threads;
  std::vector<std::unique_ptr<Client>> connections;
  for (unsigned i = 0; i < clients; ++i) connections.push_back(std::make_unique<Client>(port));
  const auto begun = steady_clock::now();
  for (unsigned i = 0; i < clients; ++i) {
    threads.emplace_back([&, i] {
      try {
        std::string content;
        while (seconds_since(begun) < duration_s) {
          const uint64_t number = next++;
          auto due = steady_clock::now();
          if (per_second > 0) {
            due = begun + std::chrono::nanoseconds(
                              static_cast<int64_t>(static_cast<double>(number) / per_second * 1e9));
            std::this_thread::sleep_until(due);
          }
          const int status = connections[i]->ask(requests[number % requests.size()], content);
          if (status != 200 || content != expected) {
            std::fprintf(stderr, "%d %s\n", status, content.c_str());
            throw std::runtime_error("another answer");
          }
          times[i].push_back(seconds_since(due) * 1e3);
        }
      } catch (const std::exception& error) {
        if (!failed.exchange(true)) std::fprintf(stderr, "%s\n", error.what());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  check(!failed, "a client failed");
  const double wall_s = seconds_since(begun);
  std::vector<double> all;
  for (const auto& each : times) all.insert(all.end(), each.begin(), each.end());
  std::sort(all.begin(), all.end());
  const auto at = [&](double part) {
    return all[static_cast<size_t>(part * static_cast<double>(all.size() - 1))];
  };
  const auto count = static_cast<double>(all.size());
  return {count / wall_s, at(0.5), at(0.99),
          (processor_seconds(RUSAGE_SELF) - processor_before) / count * 1e3,
          (processor_seconds_of(getppid()) - server_before) / count * 1e3};
}

std::string post(std::string_view target, std::string_view key, std::string_view body) {
  return "POST " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " +
         std::string(key) + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

std::string random_hex(std::mt19937_64& random, size_t digits) {
  std::string text;
  while (text.size() < digits) {
    char word[17];
    std::snprintf(word, sizeof word, "%016lx", static_cast<unsigned long>(random()));
    text += word;
  }
  text.resize(digits);
  return text;
}

/// Connections that have sent a part of a request and say no more.
std::vector<Descriptor> half_open_clients(uint16_t port) {
  std::vector<Descriptor> clients;
  for (int i = 0; i < kHalfOpen; ++i) {
    Descriptor client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    check(::connect(client.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0,
          "cannot connect");
    // The beginning of a TLS record that never ends.
    check(::send(client.get(), "\x16\x03\x01", 3, MSG_NOSIGNAL) == 3, "cannot send");
    clients.push_back(std::move(client));
  }
  return clients;
}

void print(std::string_view what, std::string_view when, const Load& found) {
  std::printf(
      "{\"what\":\"%s\",\"when\":\"%s\",\"per_s\":%.1f,\"p50_ms\":%.2f,\"p99_ms\":%.2f,"
      "\"server_cpu_ms\":%.3f,\"client_cpu_ms\":%.3f}\n",
      std::string(what).c_str(), std::string(when).c_str(), found.per_s, found.p50_ms, found.p99_ms,
      found.server_cpu_ms, found.client_cpu_ms);
  std::fflush(stdout);
}

/// What uploads come to beside `safelight hash`.
void print_ratios(std::string_view of, std::vector<double> ratios) {
  std::sort(ratios.begin(), ratios.end());
  std::printf(
      "{\"what\":\"uploads to hash\",\"of\":\"%s\",\"median\":%.2f,\"least\":%.2f,\"most\":%.2f}\n",
      std::string(of).c_str(), ratios[ratios.size() / 2], ratios.front(), ratios.back());
  std::fflush(stdout);
}

/// All that is asked of the server, by the process of the clients.
void run_clients(const std::filesystem::path& programs, uint16_t port,
                 const std::string& screen_key, const std::string& lookup_key,
                 const std::vector<std::filesystem::path>& pictures, double duration_s) {
  const unsigned processors = std::max(1u, std::thread::hardware_concurrency());
  std::mt19937_64 random(7);
  struct Kind {
    std::string what;
    std::vector<std::string> requests;
    std::string expected;
    unsigned clients;
  };
  std::vector<Kind> kinds = {{"uploads", {}, R"({"verdict":"accept"})", kUploadClients},
                             {"digests", {}, R"({"found":[false]})", kQueryClients},
                             {"fingerprints", {}, R"({"found":[false]})", kQueryClients}};
  for (const auto& path : pictures) {
    kinds[0].requests.push_back(post("/v1/screen", screen_key, read_file(path)));
  }
  for (int i = 0; i < 10'000; ++i) {
    kinds[1].requests.push_back(post("/v1/lookup/digests", lookup_key,
                                     R"({"digests":[")" + random_hex(random, 64) + R"("]})"));
    kinds[2].requests.push_back(post("/v1/lookup/fingerprints", lookup_key,
                                     R"({"fingerprints":[")" + random_hex(random, 64) + R"("]})"));
  }
  // Blocks of the list that are touched for the first time are compared with their sums.
  static_cast<void>(
      load(port, kinds[0].requests, kinds[0].expected, kinds[0].clients, 2 * duration_s, 0));
  // In turns, so that what else the machine does falls on both.
  std::vector<double> of_rates;
  std::vector<double> of_processor_time;
  for (int round = 0; round < kRounds; ++round) {
    const Hashed hashed = measure_hash(programs, pictures, processors, kHashRounds);
    const Load uploaded =
        load(port, kinds[0].requests, kinds[0].expected, kinds[0].clients, duration_s, 0);
    print("uploads", "in turns with hash", uploaded);
    of_rates.push_back(uploaded.per_s / hashed.per_s);
    of_processor_time.push_back(hashed.cpu_ms / (uploaded.server_cpu_ms + uploaded.client_cpu_ms));
  }
  print_ratios("rate", std::move(of_rates));
  print_ratios("processor time, the clients' with it", std::move(of_processor_time));
  for (const Kind& kind : kinds) {
    const auto asked = [&](double per_second) {
      return load(port, kind.requests, kind.expected, kind.clients, duration_s, per_second);
    };
    static_cast<void>(load(port, kind.requests, kind.expected, kind.clients, 1, 0));
    const Load most = asked(0);
    print(kind.what, "as much as goes", most);
    print(kind.what, "half of that", asked(most.per_s / 2));
    const auto half_open = half_open_clients(port);
    print(kind.what, "as much as goes, 500 half-open clients", asked(0));
    print(kind.what, "half of that, 500 half-open clients", asked(most.per_s / 2));
  }
}

class NoLog final : public LogSink {
 public:
  void log(Severity severity, std::string_view message) override {
    if (severity == Severity::error) {
      std::fprintf(stderr, "%.*s\n", static_cast<int>(message.size()), message.data());
    }
  }
};

std::string issue(ApiKeys& keys, Scope scope) {
  const auto issued = keys.add({"bench", "bench", {scope}, std::nullopt});
  check(static_cast<bool>(issued), "no key");
  return std::string(issued->text.view());
}

void run(const std::vector<std::string>& arguments) {
  check(arguments.size() == 5 || arguments.size() == 6,
        "usage: bench_screening PROGRAM_FOLDER LIST_STORE LIST PICTURE_FOLDER SECONDS [LIST_KEY]");
  ListKey list_key;
  if (arguments.size() == 6) {
    const auto key = SealKey::read(arguments[5]);
    check(static_cast<bool>(key), "no key of the lists");
    list_key = std::make_shared<const SealKey>(*key);
  }
  const std::filesystem::path programs = arguments[0];
  const auto pictures = pictures_in(arguments[3]);
  const double duration_s = std::stod(arguments[4]);
  const unsigned processors = std::max(1u, std::thread::hardware_concurrency());
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);

  measure_hash(programs, pictures, processors, 1);  // Warms the page cache.
  measure_hash(programs, pictures, 1, kHashRounds);

  const SystemClock clock;
  NoLog log;
  SystemRandom random;
  auto accounts = AccountStore::in_memory();
  ApiKeys keys(accounts, clock, random);
  auto live = std::make_unique<LiveLists>();
  check(static_cast<bool>(live->add(ListStore::open(arguments[1], list_key), arguments[2])),
        "no list");
  ListsInUse lists(std::move(live), {}, clock, log);
  scan::ExaminerOptions examiner;
  examiner.worker_folder = programs;
  ExaminerPool pool(examiner, processors);
  Screener screener(pool, lists, {});
  constexpr RatePolicy kNoRate{.per_second = 1'000'000'000, .burst = 1'000'000'000};
  RateLimiter uploads(clock, kNoRate);
  RateLimiter queries(clock, kNoRate);
  NearQueryLimiter near_queries(clock, {.max_near = UINT32_MAX});
  KeyActivity activity;
  ScreeningServices services{clock,   log,          keys,     screener,         uploads,
                             queries, near_queries, activity, [](auto&&...) {}, nullptr,
                             {},      "bench"};
  services.policy.upload_bucket = std::chrono::milliseconds(0);
  services.policy.max_running_uploads = processors;
  KeyRouteTable table;
  add_screening_routes(table);
  Router router;
  table.add_to(router, services);
  ServerOptions options;
  options.limits.max_requests_per_connection = UINT32_MAX;
  options.limits.max_connections_per_address = 1'024;
  options.worker_threads = 2 * processors;
  options.limits.handshake_ms = 600'000;
  TcpListener listener;
  listener.tls = TlsOptions{TlsIdentity::self_signed(std::vector<std::string>{"localhost"}, clock)};
  options.listeners = {listener};
  const std::string screen_key = issue(keys, Scope::screen);
  const std::string lookup_key = issue(keys, Scope::lookup);

  int port_pipe[2];
  check(pipe(port_pipe) == 0, "no pipe");
  std::fflush(stdout);
  const pid_t child = fork();  // Before the server has threads.
  if (child == 0) {
    uint16_t port = 0;
    int status = 1;
    if (read(port_pipe[0], &port, sizeof port) == sizeof port) {
      try {
        run_clients(programs, port, screen_key, lookup_key, pictures, duration_s);
        status = 0;
      } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
      }
    }
    std::fflush(stdout);
    _exit(status);
  }
  const auto server = Server::start(options, std::move(router), log, clock);
  const uint16_t port = server->port();
  check(write(port_pipe[1], &port, sizeof port) == sizeof port, "no pipe");
  int status = 0;
  waitpid(child, &status, 0);
  server->stop(std::chrono::seconds(1));
  check(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the clients failed");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run({argv + 1, argv + argc});
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}

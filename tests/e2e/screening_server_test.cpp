/// Screening as a platform sees it: a server, and what comes over its sockets.
#include <arpa/inet.h>
#include <chrono>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

#include "tests/e2e/square_chart.h"

#include "safelight/serve/http/server.h"
#include "safelight/serve/screening_api/program_for_test.h"

namespace safelight::serve {
namespace {

using e2e::square_chart;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr uint32_t kListed = 1;
constexpr uint32_t kOther = 8;
constexpr milliseconds kBucket{200};

scan::ExaminerOptions examiner_options() {
  scan::ExaminerOptions options;
  options.worker_folder = SAFELIGHT_WORKERS;
  options.limits = upload_limits();
  return options;
}

class ScreeningServerTest : public testing::ProgramTest {
 protected:
  ScreeningServerTest() : ProgramTest(examiner_options()) {
    scan::Examiner examiner(examiner_options());
    const auto file = testing::memory_source(square_chart(kListed));
    const auto examined = examiner.examine(file, *examiner.digest(file), {},
                                           [](const casefile::ContentKey&) { return nullptr; });
    print_ = to_hex(examined.back().examination.fingerprints[0].fingerprints[0]);
    store_.build("charts", "pdq,category\n" + print_ + ",1\n", {"1=known"});
    policy_.upload_bucket = kBucket;
    start({"charts"});
    key_ = key_with({Scope::screen});
    const std::string looker = key_with({Scope::lookup});
    services_->policy.hma_unix_key = last_key_;
    ServerOptions options;
    options.listeners = {TcpListener{}, UnixListener{folder_.path() / "socket"}};
    options.worker_threads = 3;
    server_ = Server::start(options, std::move(router_), log_, clock_);
  }
  ~ScreeningServerTest() override { server_.reset(); }

  /// What a connection of its own answers, up to its end.
  std::string ask(const std::string& request) const {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server_->port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return exchange(AF_INET, reinterpret_cast<const sockaddr*>(&address), sizeof address, request);
  }
  std::string ask_locally(const std::string& request) const {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = folder_.path() / "socket";
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    return exchange(AF_UNIX, reinterpret_cast<const sockaddr*>(&address), sizeof address, request);
  }
  static std::string head(std::string_view line, std::string_view more) {
    return std::string(line) + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" +
           std::string(more) + "\r\n";
  }
  std::string upload(const std::vector<std::byte>& file, std::string_view key) const {
    return head("POST /v1/screen", "Authorization: Bearer " + std::string(key) +
                                       "\r\nContent-Length: " + std::to_string(file.size()) +
                                       "\r\n") +
           std::string(reinterpret_cast<const char*>(file.data()), file.size());
  }
  milliseconds time_of(const std::string& request) const {
    const auto begun = steady_clock::now();
    EXPECT_THAT(ask(request), StartsWith("HTTP/1.1 200"));
    return std::chrono::duration_cast<milliseconds>(steady_clock::now() - begun);
  }

  testing::TestFolder folder_;
  std::string print_;
  std::string key_;
  std::unique_ptr<Server> server_;

 private:
  static std::string exchange(int family, const sockaddr* address, socklen_t size,
                              const std::string& request) {
    const Descriptor client(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    constexpr timeval kPatience{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(client.get(), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
    EXPECT_EQ(::connect(client.get(), address, size), 0);
    for (size_t sent = 0; sent < request.size();) {
      const auto count =
          ::send(client.get(), request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
      if (count <= 0) break;
      sent += static_cast<size_t>(count);
    }
    std::string answer;
    char bytes[4096];
    for (ssize_t count = 0; (count = ::recv(client.get(), bytes, sizeof bytes, 0)) > 0;) {
      answer.append(bytes, static_cast<size_t>(count));
    }
    return answer;
  }
};

TEST_F(ScreeningServerTest, AllThatComesOverTheWireIsTheSameButForOneWord) {
  std::string accepted = ask(upload(square_chart(kOther), key_));
  const std::string held = ask(upload(square_chart(kListed, 60), key_));
  EXPECT_EQ(accepted.size(), held.size());
  const size_t at = accepted.find("accept\"");
  ASSERT_NE(at, std::string::npos);
  EXPECT_EQ(accepted.replace(at, 7, "hold\"  "), held);
}

TEST_F(ScreeningServerTest, NeitherAnswerComesBeforeItsTime) {
  for (const uint32_t chart : {kOther, kListed}) {
    EXPECT_GE(time_of(upload(square_chart(chart), key_)), kBucket);
  }
}

TEST_F(ScreeningServerTest, WhoHasNoKeyIsRefusedBeforeAnythingIsRead) {
  const std::string large = head("POST /v1/screen", "Content-Length: 60000000\r\n");
  EXPECT_THAT(ask(large), StartsWith("HTTP/1.1 401"));
  EXPECT_THAT(ask(head("POST /v1/screen",
                       "Authorization: Bearer " + key_ + "\r\nContent-Length: 99000000\r\n")),
              StartsWith("HTTP/1.1 413"));
}

TEST_F(ScreeningServerTest, HmaIsAnsweredOverItsSocketAndNotOverThePort) {
  const std::string status = head("GET /status", "");
  EXPECT_THAT(ask_locally(status), HasSubstr("I-AM-ALIVE"));
  EXPECT_THAT(ask(status), StartsWith("HTTP/1.1 401"));
  const std::string lookup = head("GET /m/lookup?signal_type=pdq&signal=" + print_, "");
  EXPECT_THAT(ask_locally(lookup), HasSubstr(R"({"MATCH":[{)"));
  EXPECT_THAT(ask_locally(head("POST /c/banks", "Content-Length: 0\r\n")),
              StartsWith("HTTP/1.1 501"));
}

TEST_F(ScreeningServerTest, NothingOfWhatWasSentIsInTheLog) {
  static_cast<void>(ask(upload(square_chart(kListed), key_)));
  static_cast<void>(ask_locally(head("GET /m/lookup?signal_type=pdq&signal=" + print_, "")));
  server_->stop(std::chrono::seconds(5));
  ASSERT_FALSE(log_.lines.empty());
  for (const std::string& line : log_.lines) {
    EXPECT_EQ(line.find(print_.substr(0, 16)), std::string::npos);
    EXPECT_EQ(line.find(key_), std::string::npos);
    EXPECT_EQ(line.find("hold"), std::string::npos);
    EXPECT_EQ(line.find("platform"), std::string::npos);
  }
}

}  // namespace
}  // namespace safelight::serve

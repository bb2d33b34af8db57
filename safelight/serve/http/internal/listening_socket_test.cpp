#include "safelight/serve/http/internal/listening_socket.h"

#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "safelight/base/fault.h"
#include "safelight/serve/http/internal/server_for_test.h"
#include "safelight/serve/http/internal/temporary_folder_for_test.h"

namespace safelight::serve {
namespace {

class ListeningTest : public ServerTest {
 protected:
  void start_sample() {
    Router router;
    router.add(Method::get, "/", [](Request& request) {
      const auto& credentials = request.peer.credentials;
      return text(credentials ? std::to_string(credentials->process) + " " +
                                    std::to_string(credentials->user)
                              : request.peer.address);
    });
    start(std::move(router));
  }
  [[nodiscard]] std::filesystem::path socket_file() const { return folder_.path() / "socket"; }

  TemporaryFolder folder_;
};

TEST_F(ListeningTest, AUnixSocketIsItsOwnersAlone) {
  options_.listeners = {UnixListener{socket_file()}};
  const auto umask = ::umask(0);
  start_sample();
  ::umask(umask);
  struct stat status {};
  ASSERT_EQ(::stat(socket_file().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode, S_IFSOCK | 0600u);
  EXPECT_EQ(server_->port(), 0);
  auto client = TestClient::local(socket_file());
  client.get("/");
  EXPECT_EQ(client.receive().content,
            std::to_string(::getpid()) + " " + std::to_string(::getuid()));
}

TEST_F(ListeningTest, AUnixSocketGoesWithItsServer) {
  options_.listeners = {UnixListener{socket_file()}};
  start_sample();
  server_->stop(std::chrono::milliseconds(0));
  EXPECT_FALSE(std::filesystem::exists(socket_file()));
}

TEST_F(ListeningTest, ASocketThatADeadServerLeftIsReplaced) {
  {
    // Closed without unlink(), as by a server that was killed.
    const Descriptor dead(::socket(AF_UNIX, SOCK_STREAM, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket_file().native().copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(dead.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  options_.listeners = {UnixListener{socket_file()}};
  start_sample();
  auto client = TestClient::local(socket_file());
  client.get("/");
  EXPECT_EQ(client.receive().status, 200);
}

TEST_F(ListeningTest, ASocketThatIsInUseIsLeftAlone) {
  options_.listeners = {UnixListener{socket_file()}};
  start_sample();
  EXPECT_THROW(ListeningSocket::open(UnixListener{socket_file()}), Fault);
  auto client = TestClient::local(socket_file());
  client.get("/");
  EXPECT_EQ(client.receive().status, 200);
}

TEST_F(ListeningTest, SeveralListenersServeAtOnce) {
  options_.listeners = {TcpListener{}, UnixListener{socket_file()}, TcpListener{}};
  start_sample();
  EXPECT_NE(server_->port(0), server_->port(2));
  for (const size_t listener : {0, 2}) {
    auto client = TestClient::tcp(server_->port(listener));
    client.get("/");
    EXPECT_EQ(client.receive().content, "127.0.0.1");
  }
  auto client = TestClient::local(socket_file());
  client.get("/");
  EXPECT_EQ(client.receive().status, 200);
}

TEST_F(ListeningTest, PlainTextStaysOnThisMachineUnlessItIsGivenLeave) {
  for (const auto address : {"0.0.0.0", "::", "192.0.2.1"}) {
    EXPECT_THROW(ListeningSocket::open(TcpListener{.address = address}), Fault);
  }
  EXPECT_NO_THROW(ListeningSocket::open(
      TcpListener{.address = "0.0.0.0", .plain_text = PlainText::network_without_encryption}));
  const auto identity = TlsIdentity::self_signed(options_.hosts, SystemClock());
  EXPECT_NO_THROW(
      ListeningSocket::open(TcpListener{.address = "0.0.0.0", .tls = TlsOptions{identity}}));
}

TEST_F(ListeningTest, WhatCannotBeListenedOnIsAFault) {
  const auto taken = ListeningSocket::open(TcpListener{});
  EXPECT_THROW(ListeningSocket::open(TcpListener{.port = taken.port()}), Fault);
  EXPECT_THROW(ListeningSocket::open(TcpListener{.address = "localhost"}), Fault);
  EXPECT_THROW(ListeningSocket::open(UnixListener{folder_.path() / std::string(200, 'x')}), Fault);
  EXPECT_THROW(ListeningSocket::open(UnixListener{""}), Fault);
  EXPECT_THROW(ListeningSocket::open(UnixListener{folder_.path() / "none" / "socket"}), Fault);
  std::ofstream(folder_.path() / "file") << "kept";
  EXPECT_THROW(ListeningSocket::open(UnixListener{folder_.path() / "file"}), Fault);
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "file"));
}

TEST_F(ListeningTest, WhereNobodyWaitsNothingIsAccepted) {
  const auto listening = ListeningSocket::open(TcpListener{});
  const auto accepted = listening.accept();
  EXPECT_FALSE(accepted.descriptor.is_open());
  EXPECT_EQ(accepted.error, EAGAIN);
}

}  // namespace
}  // namespace safelight::serve

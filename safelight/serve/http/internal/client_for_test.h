#pragma once

#include <arpa/inet.h>
#include <cctype>
#include <cerrno>
#include <filesystem>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "safelight/base/fault.h"
#include "safelight/bytes/file.h"
#include "safelight/serve/http/internal/tls_context.h"
#include "safelight/serve/http/named_texts.h"

namespace safelight::serve {

/// What came back.
struct Answer {
  int status = 0;
  std::vector<NamedText> headers;
  std::string content;

  [[nodiscard]] std::string header(std::string_view name) const {
    for (const auto& header : headers) {
      if (header.name == name) return header.value;
    }
    return "";
  }
};

/// A client that does what a test says and nothing else. Blocks, but not for ever: throws Fault
/// then.
class TestClient {
 public:
  static TestClient tcp(uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return TestClient(AF_INET, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }
  static TestClient local(const std::filesystem::path& file) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    file.native().copy(address.sun_path, sizeof address.sun_path - 1);
    return TestClient(AF_UNIX, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }

  [[nodiscard]] int descriptor() const { return descriptor_.get(); }

  /// Says whether the handshake succeeded.
  bool start_tls(SSL_CTX& context) {
    tls_.reset(SSL_new(&context));
    return SSL_set_fd(tls_.get(), descriptor_.get()) == 1 && SSL_connect(tls_.get()) == 1;
  }
  [[nodiscard]] SSL& tls() const { return *tls_; }

  /// As much as the other end takes.
  void send(std::string_view text) {
    while (!text.empty()) {
      const auto sent = tls_ ? SSL_write(tls_.get(), text.data(), static_cast<int>(text.size()))
                             : ::send(descriptor_.get(), text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      text.remove_prefix(static_cast<size_t>(sent));
    }
  }
  void get(std::string_view target, std::string_view more_headers = "") {
    send("GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n" +
         std::string(more_headers) + "\r\n");
  }
  void post(std::string_view target, std::string_view content) {
    send("POST " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
         std::to_string(content.size()) + "\r\n\r\n" + std::string(content));
  }
  void end_sending() { ::shutdown(descriptor_.get(), SHUT_WR); }

  /// The next response. `Content::none` for one to HEAD.
  enum class Content : uint8_t { as_told, none };
  Answer receive(Content content = Content::as_told) {
    Answer answer;
    const std::string head = receive_until("\r\n\r\n");
    if (!head.starts_with("HTTP/1.1 ") || !head.ends_with("\r\n\r\n")) return answer;
    answer.status = std::stoi(head.substr(9, 3));
    for (size_t begin = head.find("\r\n") + 2; begin + 2 < head.size();) {
      const size_t end = head.find("\r\n", begin);
      const size_t colon = head.find(": ", begin);
      std::string name = head.substr(begin, colon - begin);
      for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      answer.headers.push_back({std::move(name), head.substr(colon + 2, end - colon - 2)});
      begin = end + 2;
    }
    const std::string length = answer.header("content-length");
    if (content == Content::none || length.empty()) return answer;
    while (buffer_.size() < std::stoul(length) && fill()) continue;
    answer.content = buffer_.substr(0, std::stoul(length));
    buffer_.erase(0, answer.content.size());
    return answer;
  }
  /// All up to the end of `marker`; less if the connection ends before.
  std::string receive_until(std::string_view marker) {
    size_t at = 0;
    while ((at = buffer_.find(marker)) == std::string::npos && fill()) continue;
    const size_t size = at == std::string::npos ? buffer_.size() : at + marker.size();
    std::string out = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return out;
  }
  /// All that comes before the connection ends.
  std::string receive_rest() {
    while (fill()) continue;
    return std::exchange(buffer_, {});
  }
  /// Whether the other end has closed, with nothing more to read.
  bool is_closed() { return receive_rest().empty(); }

 private:
  static constexpr timeval kPatience{.tv_sec = 20, .tv_usec = 0};

  TestClient(int family, const sockaddr* address, socklen_t size)
      : descriptor_(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    ::setsockopt(descriptor_.get(), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
    ::setsockopt(descriptor_.get(), SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
    const int on = 1;
    if (family == AF_INET) {
      ::setsockopt(descriptor_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    if (::connect(descriptor_.get(), address, size) != 0) {
      throw Fault::from_errno("cannot connect", errno);
    }
  }

  bool fill() {
    char bytes[16 << 10];
    const auto count = tls_ ? SSL_read(tls_.get(), bytes, sizeof bytes)
                            : ::recv(descriptor_.get(), bytes, sizeof bytes, 0);
    if (count < 0 && !tls_ && errno == EAGAIN) throw Fault("nothing came for too long");
    if (count <= 0) return false;
    buffer_.append(bytes, static_cast<size_t>(count));
    return true;
  }

  Descriptor descriptor_;
  std::unique_ptr<SSL, OpenSslFree<SSL_free>> tls_;
  std::string buffer_;
};

}  // namespace safelight::serve

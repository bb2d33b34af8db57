#include "safelight/serve/http/internal/listening_socket.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

#include "safelight/base/fault.h"

namespace safelight::serve {
namespace {

constexpr int kBacklog = 1'024;
constexpr int kSocketFlags = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK;
/// What of an IPv6 address one subscriber has.
constexpr size_t kIpv6NetworkBytes = 8;

/// A socket's address of any family.
class Address {
 public:
  Address() = default;
  explicit Address(const TcpListener& listener) {
    auto* v4 = reinterpret_cast<sockaddr_in*>(&storage_);
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&storage_);
    if (::inet_pton(AF_INET, listener.address.c_str(), &v4->sin_addr) == 1) {
      v4->sin_family = AF_INET;
      v4->sin_port = htons(listener.port);
      size_ = sizeof *v4;
    } else if (::inet_pton(AF_INET6, listener.address.c_str(), &v6->sin6_addr) == 1) {
      v6->sin6_family = AF_INET6;
      v6->sin6_port = htons(listener.port);
      size_ = sizeof *v6;
    } else {
      throw Fault(listener.address + " is no numeric address");
    }
  }
  explicit Address(const std::filesystem::path& file) {
    auto* local = reinterpret_cast<sockaddr_un*>(&storage_);
    const std::string& text = file.native();
    if (text.empty() || text.size() >= sizeof local->sun_path) {
      throw Fault("the path of a socket must be shorter than " +
                  std::to_string(sizeof local->sun_path) + " bytes: " + text);
    }
    local->sun_family = AF_UNIX;
    std::memcpy(local->sun_path, text.c_str(), text.size() + 1);
    size_ = sizeof *local;
  }

  [[nodiscard]] int family() const { return storage_.ss_family; }
  [[nodiscard]] uint16_t port() const {
    if (family() == AF_INET) return ntohs(v4().sin_port);
    if (family() == AF_INET6) return ntohs(v6().sin6_port);
    return 0;
  }
  [[nodiscard]] bool is_loopback() const {
    if (family() == AF_INET) return (ntohl(v4().sin_addr.s_addr) >> 24) == IN_LOOPBACKNET;
    return IN6_IS_ADDR_LOOPBACK(&v6().sin6_addr) != 0;
  }
  [[nodiscard]] std::string text() const {
    char out[INET6_ADDRSTRLEN] = "";
    if (family() == AF_INET) ::inet_ntop(AF_INET, &v4().sin_addr, out, sizeof out);
    if (family() == AF_INET6) ::inet_ntop(AF_INET6, &v6().sin6_addr, out, sizeof out);
    return out;
  }
  [[nodiscard]] std::string origin() const {
    if (family() != AF_INET6) return text();
    return {reinterpret_cast<const char*>(&v6().sin6_addr), kIpv6NetworkBytes};
  }

  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage_); }
  [[nodiscard]] sockaddr* fill() { return reinterpret_cast<sockaddr*>(&storage_); }
  [[nodiscard]] socklen_t size() const { return size_; }
  [[nodiscard]] socklen_t* fill_size() { return &size_; }

 private:
  [[nodiscard]] const sockaddr_in& v4() const {
    return reinterpret_cast<const sockaddr_in&>(storage_);
  }
  [[nodiscard]] const sockaddr_in6& v6() const {
    return reinterpret_cast<const sockaddr_in6&>(storage_);
  }

  sockaddr_storage storage_{};
  socklen_t size_ = sizeof(sockaddr_storage);
};

Descriptor bound_socket(const Address& address, const std::string& name) {
  Descriptor descriptor(::socket(address.family(), kSocketFlags, 0));
  const int on = 1;
  const int fd = descriptor.get();
  // The socket's file takes the mode of the socket, whatever the umask adds: nobody else can
  // connect, not even between bind() and a chmod().
  if (fd < 0 || ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      (address.family() == AF_UNIX && ::fchmod(fd, S_IRUSR | S_IWUSR) != 0) ||
      (address.family() == AF_INET6 &&
       ::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) != 0) ||
      ::bind(fd, address.get(), address.size()) != 0 || ::listen(fd, kBacklog) != 0) {
    throw Fault::from_errno("cannot listen on " + name, errno);
  }
  return descriptor;
}

/// Removes the socket of a server that is no more. One that answers is left alone.
void remove_dead_socket(const std::filesystem::path& file, const Address& address) {
  struct stat status {};
  if (::lstat(file.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode)) return;
  const Descriptor probe(::socket(AF_UNIX, kSocketFlags, 0));
  if (::connect(probe.get(), address.get(), address.size()) != 0 && errno == ECONNREFUSED) {
    ::unlink(file.c_str());
  }
}

}  // namespace

ListeningSocket ListeningSocket::open(const Listener& listener) {
  if (const auto* local = std::get_if<UnixListener>(&listener)) {
    const Address address(local->path);
    remove_dead_socket(local->path, address);
    return {bound_socket(address, local->path.string()), 0, local->path};
  }
  const auto& tcp = std::get<TcpListener>(listener);
  const Address wanted(tcp);
  if (!wanted.is_loopback() && !tcp.tls && tcp.plain_text == PlainText::loopback_only) {
    throw Fault("without TLS, " + tcp.address +
                " would be reached by other machines in plain text");
  }
  Descriptor descriptor = bound_socket(wanted, tcp.address + ":" + std::to_string(tcp.port));
  Address bound;
  if (::getsockname(descriptor.get(), bound.fill(), bound.fill_size()) != 0) {
    throw Fault::from_errno("cannot listen on " + tcp.address, errno);
  }
  return {std::move(descriptor), bound.port(), {}};
}

ListeningSocket::ListeningSocket(ListeningSocket&& other) noexcept
    : descriptor_(std::move(other.descriptor_)),
      port_(other.port_),
      file_(std::exchange(other.file_, {})) {}

ListeningSocket::~ListeningSocket() { close(); }

void ListeningSocket::close() {
  if (!file_.empty()) ::unlink(std::exchange(file_, {}).c_str());
  descriptor_ = Descriptor();
}

ListeningSocket::Accepted ListeningSocket::accept() const {
  Accepted accepted;
  Address address;
  accepted.descriptor = Descriptor(::accept4(descriptor_.get(), address.fill(), address.fill_size(),
                                             SOCK_CLOEXEC | SOCK_NONBLOCK));
  const int fd = accepted.descriptor.get();
  if (fd < 0) {
    accepted.error = errno;
    return accepted;
  }
  if (port_ != 0) {
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    accepted.peer.address = address.text();
    accepted.peer.port = address.port();
    accepted.origin = address.origin();
    return accepted;
  }
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
    accepted.error = errno;
    accepted.descriptor = Descriptor();
    return accepted;
  }
  accepted.peer.transport = Transport::unix_socket;
  accepted.peer.credentials = {credentials.pid, credentials.uid, credentials.gid};
  accepted.origin = "user " + std::to_string(credentials.uid);
  return accepted;
}

}  // namespace safelight::serve

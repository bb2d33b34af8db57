#include "safelight/sandbox/internal/channel.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <sys/uio.h>

#include "safelight/base/fault.h"
#include "safelight/sandbox/internal/packet.h"

namespace safelight::sandbox {
namespace {

constexpr size_t kControlBytes = CMSG_SPACE(kMaxDescriptorsPerPacket * sizeof(int));

struct alignas(cmsghdr) ControlBuffer {
  std::array<std::byte, kControlBytes> bytes;
};

iovec to_iovec(std::span<const std::byte> bytes) {
  return {const_cast<std::byte*>(bytes.data()), bytes.size()};
}

bool is_gone(int error) { return error == EPIPE || error == ECONNRESET || error == ENOTCONN; }

Received receive(int socket, std::span<std::byte> buffer, std::span<std::byte> control,
                 msghdr& message, Waiting waiting) {
  iovec part = to_iovec(buffer);
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const int flags = MSG_CMSG_CLOEXEC | (waiting == Waiting::no ? MSG_DONTWAIT : 0);
  ssize_t count = 0;
  do {
    count = ::recvmsg(socket, &message, flags);
  } while (count < 0 && errno == EINTR);
  if (count < 0) {
    if (errno == EAGAIN || errno == EWOULDBLOCK) return {Transfer::would_block, {}};
    return {Transfer::closed, {}};
  }
  if (count == 0) return {Transfer::closed, {}};
  return {Transfer::done, buffer.first(static_cast<size_t>(count))};
}

}  // namespace

Transfer send_packet(int socket, std::span<const std::byte> head, std::span<const std::byte> body,
                     std::span<const int> descriptors, Waiting waiting) {
  std::array<iovec, 2> parts = {to_iovec(head), to_iovec(body)};
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = body.empty() ? 1 : 2;
  ControlBuffer control;
  if (!descriptors.empty()) {
    message.msg_control = control.bytes.data();
    message.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
    cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(descriptors.size_bytes());
    std::memcpy(CMSG_DATA(header), descriptors.data(), descriptors.size_bytes());
  }
  const int flags = MSG_NOSIGNAL | (waiting == Waiting::no ? MSG_DONTWAIT : 0);
  while (::sendmsg(socket, &message, flags) < 0) {
    if (errno == EINTR) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return Transfer::would_block;
    if (is_gone(errno)) return Transfer::closed;
    throw Fault::from_errno("cannot send to a worker process", errno);
  }
  return Transfer::done;
}

Received receive_packet(int socket, std::span<std::byte> buffer,
                        std::vector<Descriptor>& descriptors, Waiting waiting) {
  ControlBuffer control;
  msghdr message{};
  Received received = receive(socket, buffer, control.bytes, message, waiting);
  if (received.transfer != Transfer::done) return received;
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    const size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(header) + i * sizeof(int), sizeof(int));
      descriptors.emplace_back(fd);
    }
  }
  if ((message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) received.transfer = Transfer::broken;
  return received;
}

Received receive_packet(int socket, std::span<std::byte> buffer, Waiting waiting) {
  msghdr message{};
  Received received = receive(socket, buffer, {}, message, waiting);
  if (received.transfer == Transfer::done && (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0)
    received.transfer = Transfer::broken;
  return received;
}

}  // namespace safelight::sandbox

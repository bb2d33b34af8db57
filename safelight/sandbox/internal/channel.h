#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "safelight/bytes/file.h"

namespace safelight::sandbox {

/// How a try to move one packet ended.
enum class Transfer : uint8_t {
  done,
  would_block,  ///< Nothing moved: the socket is full or empty.
  closed,       ///< The other side is gone.
  broken,  ///< What came is no packet of ours: too long, or with more descriptors than allowed.
};

/// Whether a call may wait.
enum class Waiting : uint8_t { yes, no };

/// Sends `head` and `body` as one packet, with descriptors. Throws Fault if the system cannot
/// (out of memory, too many descriptors on their way).
Transfer send_packet(int socket, std::span<const std::byte> head, std::span<const std::byte> body,
                     std::span<const int> descriptors, Waiting waiting);

struct Received {
  Transfer transfer = Transfer::closed;
  std::span<const std::byte> bytes;  ///< Within the buffer.
};

/// Receives one packet into `buffer` and appends its descriptors, close-on-exec, to `descriptors`.
Received receive_packet(int socket, std::span<std::byte> buffer,
                        std::vector<Descriptor>& descriptors, Waiting waiting);

/// Receives one packet from a side that may send no descriptors; what it sends of them is closed by
/// the kernel unseen, and the packet is `broken`.
Received receive_packet(int socket, std::span<std::byte> buffer, Waiting waiting);

}  // namespace safelight::sandbox

#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "safelight/sandbox/internal/channel.h"
#include "safelight/sandbox/internal/packet.h"
#include "safelight/sandbox/serve.h"

namespace safelight::sandbox {

/// The worker's end of the socket. Safe from many threads within one request. A coordinator that
/// has gone, or that sends what is no packet of the protocol, ends the process at once: there is
/// nobody left to report to.
class Connection {
 public:
  explicit Connection(int socket) : socket_(socket), packet_(kMaxPacketBytes) {}

  Setup receive_setup();
  void send_hello(const Report& report);

  /// Waits for the next request. `request` borrows from this connection until the next call.
  void receive_request(IncomingRequest& request);
  void send_end(const End& end);

  void send_record(uint32_t file, std::span<const std::byte> bytes);
  void drop_file(uint32_t number);

  struct File {
    uint32_t number = 0;
    Descriptor descriptor;
  };
  /// Errors: the coordinator's refusal.
  Result<File> need_file(uint64_t size_bytes);
  /// Fills `out`, at most kMaxBlockBytes, and gives the number of bytes. Errors: the source's.
  Result<size_t> need_block(uint32_t source, uint64_t offset_bytes, std::span<std::byte> out);

 private:
  struct Packet {
    ByteReader rest;
    std::vector<Descriptor> descriptors;
  };

  void send(PacketType type, const ByteWriter& fields, std::span<const std::byte> body);
  /// The next packet, which must be of that type, into `buffer`.
  Packet receive(PacketType type, std::span<std::byte> buffer);

  int socket_;
  uint32_t number_ = 0;
  std::mutex mutex_;
  std::vector<std::byte> packet_;
  std::vector<std::byte> message_ = std::vector<std::byte>(kMaxPacketBytes);
};

}  // namespace safelight::sandbox

#include "safelight/sandbox/internal/connection.h"

#include <algorithm>
#include <cstdlib>
#include <unistd.h>

namespace safelight::sandbox {
namespace {

constexpr int kExitNoCoordinator = 0;
constexpr int kExitBadPacket = 2;

[[noreturn]] void leave(int status) { ::_exit(status); }

/// The value, where the coordinator keeps to the protocol.
template <typename T>
T trusted(Result<T> result) {
  if (!result) leave(kExitBadPacket);
  return std::move(*result);
}

/// A block that a source keeps, so that small reads do not each cost a round trip.
class RemoteSource final : public ByteSource {
 public:
  RemoteSource(Connection& connection, uint32_t index, uint64_t size_bytes)
      : connection_(connection), index_(index), size_bytes_(size_bytes) {}

  [[nodiscard]] uint64_t size_bytes() const override { return size_bytes_; }

  Result<size_t> read_at(uint64_t offset_bytes, std::span<std::byte> out) const override {
    const std::scoped_lock lock(mutex_);
    size_t done = 0;
    while (done < out.size() && offset_bytes + done < size_bytes_) {
      const uint64_t position = offset_bytes + done;
      if (position < block_offset_ || position - block_offset_ >= block_bytes_)
        SAFELIGHT_CHECK(load(position));
      const auto skipped = static_cast<size_t>(position - block_offset_);
      const size_t count = std::min(out.size() - done, block_bytes_ - skipped);
      std::copy_n(block_.begin() + static_cast<ptrdiff_t>(skipped), count,
                  out.begin() + static_cast<ptrdiff_t>(done));
      done += count;
    }
    return done;
  }

 private:
  Result<void> load(uint64_t offset_bytes) const {
    block_.resize(kMaxBlockBytes);
    block_bytes_ = 0;
    const auto wanted =
        static_cast<size_t>(std::min<uint64_t>(kMaxBlockBytes, size_bytes_ - offset_bytes));
    SAFELIGHT_TRY(const size_t count,
                  connection_.need_block(index_, offset_bytes, std::span(block_).first(wanted)));
    if (count == 0)
      return Error::at(ErrorCode::changed, "source.shorter-than-at-request", offset_bytes);
    block_offset_ = offset_bytes;
    block_bytes_ = count;
    return {};
  }

  Connection& connection_;
  uint32_t index_;
  uint64_t size_bytes_;
  mutable std::mutex mutex_;
  mutable std::vector<std::byte> block_;
  mutable uint64_t block_offset_ = 0;
  mutable size_t block_bytes_ = 0;
};

}  // namespace

void Connection::send(PacketType type, const ByteWriter& fields, std::span<const std::byte> body) {
  ByteWriter out;
  write(out, PacketHeader{type, 0, number_});
  out.bytes(fields.view());
  if (send_packet(socket_, out.view(), body, {}, Waiting::yes) != Transfer::done)
    leave(kExitNoCoordinator);
}

Connection::Packet Connection::receive(PacketType type, std::span<std::byte> buffer) {
  Packet packet{ByteReader({}), {}};
  const Received received = receive_packet(socket_, buffer, packet.descriptors, Waiting::yes);
  if (received.transfer == Transfer::closed) leave(kExitNoCoordinator);
  if (received.transfer != Transfer::done) leave(kExitBadPacket);
  packet.rest = ByteReader(received.bytes);
  const PacketHeader header = trusted(parse_header(packet.rest));
  if (type == PacketType::request) number_ = header.request_number;
  if (header.type != type || header.request_number != number_ ||
      header.descriptors != packet.descriptors.size())
    leave(kExitBadPacket);
  return packet;
}

Setup Connection::receive_setup() {
  Packet packet = receive(PacketType::setup, packet_);
  return trusted(parse_setup(packet.rest));
}

void Connection::send_hello(const Report& report) {
  ByteWriter fields;
  write(fields, report);
  send(PacketType::hello, fields, {});
}

void Connection::receive_request(IncomingRequest& request) {
  request = {};
  Packet packet = receive(PacketType::request, message_);
  const RequestHead head = trusted(parse_request_head(packet.rest));
  request.message = trusted(packet.rest.bytes(packet.rest.remaining()));
  request.descriptors = std::move(packet.descriptors);
  while (request.descriptors.size() < head.descriptors) {
    Packet more = receive(PacketType::descriptors, packet_);
    if (more.descriptors.empty()) leave(kExitBadPacket);
    std::move(more.descriptors.begin(), more.descriptors.end(),
              std::back_inserter(request.descriptors));
  }
  if (request.descriptors.size() != head.descriptors) leave(kExitBadPacket);
  for (const uint64_t size_bytes : head.source_sizes_bytes) {
    const auto index = static_cast<uint32_t>(request.sources.size());
    request.sources.push_back(std::make_unique<RemoteSource>(*this, index, size_bytes));
  }
}

void Connection::send_end(const End& end) {
  ByteWriter fields;
  write(fields, end);
  const std::scoped_lock lock(mutex_);
  send(PacketType::end, fields, {});
}

void Connection::send_record(uint32_t file, std::span<const std::byte> bytes) {
  ByteWriter fields;
  write(fields, RecordHead{file});
  const std::scoped_lock lock(mutex_);
  send(PacketType::record, fields, bytes);
}

void Connection::drop_file(uint32_t number) {
  ByteWriter fields;
  write_number(fields, number);
  const std::scoped_lock lock(mutex_);
  send(PacketType::drop_file, fields, {});
}

Result<Connection::File> Connection::need_file(uint64_t size_bytes) {
  ByteWriter fields;
  write_size(fields, size_bytes);
  const std::scoped_lock lock(mutex_);
  send(PacketType::need_file, fields, {});
  Packet packet = receive(PacketType::file, packet_);
  if (const auto error = trusted(parse_status(packet.rest))) return *error;
  if (packet.descriptors.size() != 1) leave(kExitBadPacket);
  return File{trusted(parse_number(packet.rest)), std::move(packet.descriptors.front())};
}

Result<size_t> Connection::need_block(uint32_t source, uint64_t offset_bytes,
                                      std::span<std::byte> out) {
  ByteWriter fields;
  write(fields, BlockWanted{source, static_cast<uint32_t>(out.size()), offset_bytes});
  const std::scoped_lock lock(mutex_);
  send(PacketType::need_block, fields, {});
  Packet packet = receive(PacketType::block, packet_);
  if (const auto error = trusted(parse_status(packet.rest))) return *error;
  const auto bytes = trusted(packet.rest.bytes(packet.rest.remaining()));
  if (bytes.size() > out.size()) leave(kExitBadPacket);
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return bytes.size();
}

}  // namespace safelight::sandbox

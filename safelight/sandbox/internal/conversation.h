#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "safelight/sandbox/internal/channel.h"
#include "safelight/sandbox/internal/packet.h"
#include "safelight/sandbox/internal/patience.h"
#include "safelight/sandbox/internal/unsealed_file.h"
#include "safelight/sandbox/worker.h"

namespace safelight::sandbox {

/// Memory that one conversation after the other uses.
struct Buffers {
  std::vector<std::byte> packet = std::vector<std::byte>(kMaxPacketBytes);
  std::vector<std::byte> block = std::vector<std::byte>(kMaxBlockBytes);
};

/// How a conversation ended.
struct Outcome {
  enum class Kind : uint8_t {
    finished,  ///< The worker said so: `error` is its own, if any, and it is fit for more.
    retired,   ///< The same, but it goes now.
    closed,    ///< The worker's side of the socket is gone; its death tells why.
    stopped,   ///< We ended it, for `error`; the worker must go.
  };
  Kind kind = Kind::stopped;
  std::optional<Error> error;
};

/// The coordinator's side of one request and its reply. Whatever the worker sends is checked before
/// it is used; any breach of the protocol ends the conversation.
class Conversation {
 public:
  Conversation(int socket, uint32_t number, const Policy& policy, Buffers& buffers,
               const Request& request, ReplySink& sink, uint32_t timeout_ms)
      : socket_(socket),
        number_(number),
        policy_(policy),
        buffers_(buffers),
        request_(request),
        sink_(sink),
        patience_(timeout_ms) {}

  /// `would_block` means that the time was up.
  Transfer send_request();
  Outcome receive_reply();
  /// The memory files of this reply together.
  [[nodiscard]] uint64_t files_bytes() const { return files_bytes_; }

 private:
  Transfer send(PacketType type, const ByteWriter& fields, std::span<const std::byte> body,
                std::span<const int> descriptors);
  /// Sends an answer; nothing, or how the conversation ended.
  std::optional<Outcome> answer(PacketType type, const ByteWriter& fields,
                                std::span<const std::byte> body, std::span<const int> descriptors);
  std::optional<Outcome> handle(PacketType type, ByteReader& in);
  std::optional<Outcome> serve_block(ByteReader& in);
  std::optional<Outcome> serve_file(ByteReader& in);
  std::optional<Outcome> drop_file(ByteReader& in);
  std::optional<Outcome> take_record(ByteReader& in);
  /// Why no memory file of that size may be had.
  [[nodiscard]] std::optional<Error> refuse_file(uint64_t size_bytes) const;

  int socket_;
  uint32_t number_;
  const Policy& policy_;
  Buffers& buffers_;
  const Request& request_;
  ReplySink& sink_;
  Patience patience_;
  uint64_t records_ = 0;
  uint64_t record_bytes_ = 0;
  uint64_t files_bytes_ = 0;
  uint32_t last_file_ = 0;
  std::map<uint32_t, UnsealedFile> open_files_;
};

}  // namespace safelight::sandbox

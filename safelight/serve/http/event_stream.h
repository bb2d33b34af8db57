#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "safelight/serve/http/static_text.h"

namespace safelight::serve {

/// A server-sent event (WHATWG HTML section 9.2).
struct Event {
  StaticText name = "message";
  std::string_view data;         ///< Any UTF-8; its lines are sent as lines.
  std::optional<uint64_t> id{};  ///< What a client that comes back names as the last that it saw.
};

/// The events that one client is to receive. A handler returns one with Response::events() and
/// keeps a reference for whoever writes to it; one object serves one request. Safe from many
/// threads.
class EventStream {
 public:
  struct Limits {
    uint32_t max_waiting_events = 256;
    uint64_t max_waiting_bytes = 1 << 20;
  };
  enum class Sent : uint8_t { waiting, closed };

  EventStream() = default;
  explicit EventStream(const Limits& limits) : limits_(limits) {}
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

  /// Appends an event. A client that does not keep up is dropped: where the event would be over a
  /// limit the stream is closed, and what waited is thrown away. Never blocks.
  Sent send(const Event& event);
  /// Ends the stream when what waits has been sent.
  void close();
  /// False after close(), and when the client went, was dropped, or the server stops.
  [[nodiscard]] bool is_open() const;
  /// Whether it was closed because its client did not keep up.
  [[nodiscard]] bool is_dropped() const;

  /// The server's side: `wake` is called, under a lock, whenever take() has something new to say.
  void attach(std::function<void()> wake);
  struct Waiting {
    std::string bytes;  ///< Of whole events, as they go over the wire.
    bool is_last = false;
  };
  /// All that waits.
  [[nodiscard]] Waiting take();
  /// Closes the stream and forgets `wake`, which is not called any more when this returns.
  void detach();

 private:
  const Limits limits_;
  mutable std::mutex mutex_;
  std::string bytes_;
  uint32_t events_ = 0;
  bool is_open_ = true;
  bool is_dropped_ = false;
  std::function<void()> wake_;
};

}  // namespace safelight::serve

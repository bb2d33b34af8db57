#pragma once

#include <cstdint>

namespace safelight::serve {

/// The bounds on what clients may make a server do. What a request of one route may carry and how
/// many of them run at once is in RouteLimits.
struct HttpLimits {
  // What a request is.
  uint32_t max_target_bytes = 4 << 10;        ///< Path and query as sent. Over it: 414.
  uint32_t max_head_bytes = 16 << 10;         ///< Request line and headers. Over it: 431.
  uint32_t max_headers = 64;                  ///< Over it: 431.
  uint32_t max_query_parameters = 32;         ///< Over it: 414.
  uint64_t max_memory_body_bytes = 64 << 10;  ///< Of one body; a larger one is a memory file.
  uint64_t max_bodies_bytes = 1ull << 30;     ///< All bodies together, in memory or files: 429.

  // How many there are. Connections over a limit are closed unanswered.
  uint32_t max_connections = 1'024;
  uint32_t max_connections_per_address = 256;  ///< An IPv6 /64 is one; so is a user (Unix).
  uint32_t max_requests_per_connection = 10'000;
  uint32_t max_event_streams = 64;  ///< Over it: 429.

  // How long they may take. A request that comes too slowly: 408, where it was begun.
  uint32_t handshake_ms = 10'000;  ///< TLS, from accept.
  uint32_t head_ms = 10'000;       ///< From the first byte of a request to the end of its head.
  uint32_t idle_ms = 60'000;       ///< Between two requests of a connection, and before the first.
  uint32_t body_ms = 30'000;       ///< For a body, beside what min_bytes_per_second allows.
  uint32_t response_ms = 30'000;   ///< For a response, beside what min_bytes_per_second allows.
  uint32_t min_bytes_per_second = 16 << 10;  ///< Earns a transfer time by what it has moved.
  /// From a request's first byte to its response's last, however long that is held back; no stream.
  uint32_t total_ms = 600'000;
  uint32_t linger_ms = 1'000;      ///< For a client to read a last response before it is cut off.
  uint32_t heartbeat_ms = 15'000;  ///< Between two signs of life in an event stream.

  uint32_t retry_after_s = 1;  ///< What 429 and 503 tell a client to wait.
};

}  // namespace safelight::serve

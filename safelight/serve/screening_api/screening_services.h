#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "safelight/base/clock.h"
#include "safelight/base/log.h"
#include "safelight/serve/accounts/api_key.h"
#include "safelight/serve/http/peer.h"
#include "safelight/serve/screening/held_uploads.h"
#include "safelight/serve/screening/key_activity.h"
#include "safelight/serve/screening/near_query_limiter.h"
#include "safelight/serve/screening/rate_limiter.h"
#include "safelight/serve/screening/screener.h"

namespace safelight::serve {

/// What programs may send, and how their answers are told.
struct ScreeningPolicy {
  uint64_t max_upload_bytes = 64 << 20;
  uint32_t max_running_uploads = 4;   ///< No more than there are places in the ExaminerPool.
  uint32_t max_waiting_uploads = 64;  ///< More are answered 429.
  uint64_t max_query_bytes = 256 << 10;
  uint32_t max_values = 1'000;  ///< Digests or fingerprints of one request.
  /// Answers to uploads are sent when a whole number of these has passed: longer than most uploads
  /// take to be examined. 0: at once, and then time tells what was done with them.
  std::chrono::milliseconds upload_bucket{250};
  /// Who calls HMA's routes over a Unix socket; nothing: nobody may.
  std::optional<ApiKeyId> hma_unix_key;
};

/// Puts on record that so many hits, with list and entry, are told to the holder of a key; before
/// they are. Throws Fault.
using NoteTold = std::function<void(const ApiKey& key, const Peer& to, uint64_t hits)>;

/// What the routes work with. All of it is safe from many threads, and outlives the server.
struct ScreeningServices {
  const Clock& clock;
  LogSink& log;
  ApiKeys& keys;
  Screener& screener;
  RateLimiter& uploads;  ///< A token is an upload.
  RateLimiter& queries;  ///< A token is a digest or fingerprint.
  NearQueryLimiter& near_queries;
  KeyActivity& activity;
  NoteTold note_told;
  HeldUploads* held = nullptr;  ///< Null: what is held is not kept here.
  ScreeningPolicy policy;
  std::string version;
};

}  // namespace safelight::serve

#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/bytes/byte_source.h"
#include "safelight/sandbox/memory_file.h"
#include "safelight/sandbox/policy.h"
#include "safelight/sandbox/report.h"

namespace safelight::sandbox {

inline constexpr size_t kMaxMessageBytes = 65'536;  ///< Of a request's message, and of a record.
inline constexpr size_t kMaxDescriptors = 1'024;    ///< Of one request.
inline constexpr size_t kMaxSources = 4'096;        ///< Of one request.

/// What a worker is asked to do: an opaque message and what it may read. All of it is borrowed
/// until call() returns.
struct Request {
  /// At most kMaxMessageBytes; more than that travels as a MemoryFile among the descriptors.
  std::span<const std::byte> message;
  /// Regular files opened for reading only, or sealed memory files. The worker shares each one's
  /// file position.
  std::span<const int> descriptors;
  /// Sources that the coordinator reads on the worker's behalf, block by block, within call().
  std::span<const ByteSource* const> sources;
};

/// Takes a reply record by record, within call(), on its thread.
class ReplySink {
 public:
  virtual ~ReplySink() = default;
  /// `bytes`, at most kMaxMessageBytes, last until the return; `file` is the sink's to keep. They
  /// are a worker's word: untrusted input. An Error ends the call with that Error and costs the
  /// worker its life.
  virtual Result<void> record(std::span<const std::byte> bytes, std::optional<MemoryFile> file) = 0;
};

/// A worker process that runs one program, confined, and is started anew whenever it dies. Used by
/// one thread at a time; many Workers work side by side. The process dies with the thread that
/// started it (a later call() from elsewhere starts another).
class Worker {
 public:
  /// Starts `program`, whose main() calls serve(), and waits until it has confined itself. Its
  /// main() gets `arguments` besides its name, each time that it is started: what it must load
  /// before it is confined. Other users of the machine can see them.
  /// Throws Fault if the program cannot be run or does not get ready in time, or if some property
  /// is not enforced and the policy does not allow that.
  static Worker start(const std::filesystem::path& program, const Policy& policy,
                      std::vector<std::string> arguments = {});
  Worker(Worker&&) noexcept;
  Worker& operator=(Worker&&) noexcept;
  ~Worker();

  /// Sends the request and hands the reply's records to `sink` until the worker says that it is
  /// done; starts the process anew first if it has died or served its time. `timeout_ms` bounds the
  /// time spent waiting for the worker: what `sink` and the sources take does not count.
  /// Errors: the handler's own, or the sink's;
  /// timed_out ("worker.timeout", "worker.cpu-time"): the worker was killed;
  /// worker_crashed: it died ("worker.signal-segv" and so on, "worker.exited",
  /// "worker.over-memory"), broke the protocol and was killed ("worker.protocol"), or threw
  /// ("worker.exception"); limit_exceeded: it ran out of memory ("worker.memory") or the reply out
  /// of the policy's bounds
  /// ("worker.max-records", "worker.max-record-bytes"); or the request cannot be sent
  /// ("worker.message-bytes", "worker.descriptors", "worker.sources");
  /// unsupported ("worker.descriptor"): what it carries is no regular file, or could be written to.
  /// Records handed out before an error stand. Throws Fault if a new process cannot be started; the
  /// next call tries again.
  Result<void> call(const Request& request, ReplySink& sink, uint32_t timeout_ms);

  /// How the present process is confined, the coordinator's own part included.
  [[nodiscard]] const Report& report() const;
  /// How many processes this Worker has started so far.
  [[nodiscard]] uint64_t starts() const;
  /// The process now, or -1 between a death and the next call.
  [[nodiscard]] int process_id() const;
  /// What the last process that ended wrote to standard error, at most 64 KiB of it; empty unless
  /// the policy captures it. Untrusted text.
  [[nodiscard]] const std::string& last_standard_error() const;

 private:
  class State;
  explicit Worker(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace safelight::sandbox

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/bytes/byte_source.h"
#include "safelight/bytes/file.h"

namespace safelight::sandbox {

class Connection;

/// The descriptor on which a worker program finds its coordinator.
inline constexpr int kWorkerSocket = 3;

/// A request as the worker sees it. Everything lasts until handle() returns, but descriptors that
/// were moved away.
struct IncomingRequest {
  std::span<const std::byte> message;
  /// In the order of the request's; read-only.
  std::vector<Descriptor> descriptors;
  /// In the order of the request's. Reading asks the coordinator, at least 64 KiB at a time, and
  /// keeps the last block; safe from many threads.
  std::vector<std::unique_ptr<const ByteSource>> sources;
};

/// A memory file that is being filled, given back if it goes unsent.
class OutputFile {
 public:
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&& other) noexcept;
  ~OutputFile();

  /// All of it, zero at first.
  [[nodiscard]] std::span<std::byte> bytes() const { return bytes_; }

 private:
  friend class ReplyWriter;
  OutputFile(Connection& connection, uint32_t number, std::span<std::byte> bytes)
      : connection_(&connection), number_(number), bytes_(bytes) {}
  void unmap();

  Connection* connection_;
  uint32_t number_;  ///< 0 once it has been sent or moved from.
  std::span<std::byte> bytes_;
};

/// Writes the reply to one request. Safe from many threads.
class ReplyWriter {
 public:
  explicit ReplyWriter(Connection& connection) : connection_(connection) {}

  /// Sends one record. Errors: limit_exceeded over kMaxMessageBytes.
  Result<void> record(std::span<const std::byte> bytes);
  /// Sends one record with a memory file, which nobody can change from here on.
  Result<void> record(std::span<const std::byte> bytes, OutputFile file);

  /// A new memory file of `size_bytes`, to be filled and sent with a record.
  /// Errors: limit_exceeded over the policy's max_file_bytes, max_files_bytes or max_open_files.
  Result<OutputFile> open_file(uint64_t size_bytes);

 private:
  Connection& connection_;
};

/// What a worker program does with requests.
class Handler {
 public:
  virtual ~Handler() = default;
  /// Called once, before the process is confined: loads what would later need to open a file
  /// (plug-ins, character conversions, the time zone). Must leave no thread behind, else user
  /// namespaces cannot be entered.
  virtual void prepare() {}
  /// Serves one request; its result becomes that of Worker::call(). A std::bad_alloc becomes
  /// limit_exceeded ("worker.memory"), any other exception worker_crashed ("worker.exception");
  /// after either the process is replaced.
  virtual Result<void> handle(IncomingRequest& request, ReplyWriter& reply) = 0;
};

/// The whole main() of a worker program: reads the policy from kWorkerSocket, prepares, confines
/// the process, reports, and serves requests until the coordinator goes. Gives the exit status.
int serve(Handler& handler);

}  // namespace safelight::sandbox

#include "safelight/sandbox/serve.h"

#include <cerrno>
#include <exception>
#include <new>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

#include "safelight/base/sanitizers.h"
#include "safelight/sandbox/confine.h"
#include "safelight/sandbox/internal/connection.h"
#include "safelight/sandbox/internal/process.h"

#if SAFELIGHT_ADDRESS_SANITIZER
/// A confined process can start no symboliser, and leaks are looked for with ptrace.
extern "C" const char* __asan_default_options() { return "symbolize=0:detect_leaks=0"; }
#endif
#if SAFELIGHT_THREAD_SANITIZER
extern "C" const char* __tsan_default_options() { return "symbolize=0"; }
#endif

namespace safelight::sandbox {
namespace {

constexpr int kExitNotPrepared = 3;
constexpr int kExitOrphan = 4;

/// Lets the coordinator tell an allocation that failed on a library's own thread from a crash.
[[noreturn]] void exit_on_terminate() {
  try {
    if (const auto exception = std::current_exception()) std::rethrow_exception(exception);
  } catch (const std::bad_alloc&) {
    ::_exit(kExitOverMemory);
  } catch (...) {
  }
  std::abort();
}

/// Runs the handler. After an exception the state of the libraries it used is unknown.
End handle(Handler& handler, IncomingRequest& request, ReplyWriter& reply) {
  try {
    const Result<void> result = handler.handle(request, reply);
    if (!result) return {false, result.error()};
    return {false, std::nullopt};
  } catch (const std::bad_alloc&) {
    return {true, Error{ErrorCode::limit_exceeded, "worker.memory"}};
  } catch (...) {
    return {true, Error{ErrorCode::worker_crashed, "worker.exception"}};
  }
}

}  // namespace

OutputFile::OutputFile(OutputFile&& other) noexcept
    : connection_(other.connection_),
      number_(std::exchange(other.number_, 0)),
      bytes_(std::exchange(other.bytes_, {})) {}

OutputFile& OutputFile::operator=(OutputFile&& other) noexcept {
  std::swap(connection_, other.connection_);
  std::swap(number_, other.number_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

OutputFile::~OutputFile() {
  unmap();
  if (number_ != 0) connection_->drop_file(number_);
}

void OutputFile::unmap() {
  if (!bytes_.empty()) ::munmap(bytes_.data(), bytes_.size());
  bytes_ = {};
}

Result<void> ReplyWriter::record(std::span<const std::byte> bytes) {
  if (bytes.size() > kMaxMessageBytes)
    return Error{ErrorCode::limit_exceeded, "worker.record-bytes"};
  connection_.send_record(0, bytes);
  return {};
}

Result<void> ReplyWriter::record(std::span<const std::byte> bytes, OutputFile file) {
  if (bytes.size() > kMaxMessageBytes)
    return Error{ErrorCode::limit_exceeded, "worker.record-bytes"};
  // The coordinator can seal the file only when nobody has it mapped for writing.
  file.unmap();
  connection_.send_record(std::exchange(file.number_, 0), bytes);
  return {};
}

Result<OutputFile> ReplyWriter::open_file(uint64_t size_bytes) {
  SAFELIGHT_TRY(const Connection::File opened, connection_.need_file(size_bytes));
  OutputFile file(connection_, opened.number, {});
  if (size_bytes == 0) return file;
  void* const address =
      ::mmap(nullptr, size_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, opened.descriptor.get(), 0);
  if (address == MAP_FAILED) return Error{ErrorCode::limit_exceeded, "worker.mapped-bytes"};
  file.bytes_ = {static_cast<std::byte*>(address), static_cast<size_t>(size_bytes)};
  return file;
}

int serve(Handler& handler) {
  Connection connection(kWorkerSocket);
  const Setup setup = connection.receive_setup();
  try {
    handler.prepare();
  } catch (...) {
    return kExitNotPrepared;
  }
  std::set_terminate(exit_on_terminate);
  const Report report = confine(setup.policy, setup.cpu_seconds);
  // From here on the death of the coordinator is ours too; had it come earlier, nobody would tell.
  if (static_cast<uint32_t>(::getppid()) != setup.coordinator_process_id) return kExitOrphan;
  connection.send_hello(report);
  ReplyWriter reply(connection);
  IncomingRequest request;
  while (true) {
    connection.receive_request(request);
    const End end = handle(handler, request, reply);
    // Descriptors are closed before the coordinator goes on, which may want to unmount.
    request = {};
    connection.send_end(end);
    if (end.retires) ::_exit(0);
  }
}

}  // namespace safelight::sandbox

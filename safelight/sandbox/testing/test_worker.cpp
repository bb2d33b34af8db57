/// A worker program for tests: does what the request's text says.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <sstream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <unistd.h>

#include "safelight/base/byte_writer.h"
#include "safelight/sandbox/serve.h"
#include "safelight/sandbox/testing/attacks.h"

namespace safelight::sandbox {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

std::string read_all(const ByteSource& source, size_t step_bytes) {
  std::string text(source.size_bytes(), '\0');
  for (size_t done = 0; done < text.size(); done += step_bytes) {
    const auto out = std::as_writable_bytes(
        std::span(text).subspan(done, std::min(step_bytes, text.size() - done)));
    const auto count = source.read_at(done, out);
    if (!count) throw std::runtime_error("unexpected");
  }
  return text;
}

/// The sum that a reader can check without a copy.
std::string summary_of(std::string_view text) {
  uint64_t sum = 0;
  for (const char c : text) sum = sum * 31 + static_cast<unsigned char>(c);
  return std::to_string(text.size()) + ":" + std::to_string(sum);
}

[[noreturn]] void spin() {
  for (std::atomic<uint64_t> turns = 0;; ++turns) {
  }
}

/// Allocates and touches memory until there is no more.
[[noreturn]] void eat() {
  while (true) {
    // Volatile, lest the compiler leave out memory that nobody reads.
    volatile char* const block = new char[8 << 20];
    for (size_t i = 0; i < (8 << 20); i += 4'096) block[i] = 1;
  }
}

/// 0 to 250, over and over.
void fill(std::span<std::byte> bytes) {
  constexpr size_t kPeriod = 251;
  for (size_t i = 0; i < std::min(kPeriod, bytes.size()); ++i) bytes[i] = static_cast<std::byte>(i);
  for (size_t done = kPeriod; done < bytes.size();) {
    const size_t count = std::min(done, bytes.size() - done);
    std::copy_n(bytes.begin(), count, bytes.begin() + static_cast<ptrdiff_t>(done));
    done += count;
  }
}

class TestHandler final : public Handler {
 public:
  explicit TestHandler(std::span<char* const> arguments) : arguments_(arguments) {}

  Result<void> handle(IncomingRequest& request, ReplyWriter& reply) override {
    std::istringstream text(
        std::string(reinterpret_cast<const char*>(request.message.data()), request.message.size()));
    std::string verb;
    text >> verb;
    if (verb == "echo") return reply.record(request.message);
    if (verb == "arguments") {
      for (const char* argument : arguments_) SAFELIGHT_CHECK(reply.record(bytes_of(argument)));
      return {};
    }
    if (verb == "attack") {
      std::string name;
      text >> name;
      return reply.record(bytes_of(attack(name, request)));
    }
    if (verb == "descriptors" || verb == "sources" || verb == "source-error" ||
        verb == "read-through")
      return read(verb, text, request, reply);
    if (verb == "records" || verb == "file" || verb == "files" || verb == "drop-files")
      return write(verb, text, reply);
    if (verb == "threads") return run_threads(text, reply);
    if (verb == "threads-that-wait") return start_threads_that_wait(text, reply);
    if (verb == "error")
      return Error::at(ErrorCode::integrity_mismatch, "test.some-rule", 123'456'789'012);
    misbehave(verb, text);
    return {};
  }

 private:
  static Result<void> read(const std::string& verb, std::istringstream& text,
                           IncomingRequest& request, ReplyWriter& reply) {
    size_t step_bytes = 100'000;
    text >> step_bytes;
    if (verb == "descriptors") {
      for (auto& descriptor : request.descriptors) {
        SAFELIGHT_TRY(const auto file, FileSource::from_descriptor(std::move(descriptor)));
        SAFELIGHT_CHECK(reply.record(bytes_of(read_all(file, step_bytes))));
      }
      return {};
    }
    if (verb == "source-error") {
      std::byte byte{};
      SAFELIGHT_TRY([[maybe_unused]] const size_t count,
                    request.sources.at(0)->read_at(step_bytes, std::span(&byte, 1)));
      return {};
    }
    if (verb == "read-through") {
      std::vector<std::byte> block(step_bytes);
      for (uint64_t at = 0; at < request.sources.at(0)->size_bytes(); at += step_bytes) {
        SAFELIGHT_TRY([[maybe_unused]] const size_t count,
                      request.sources.at(0)->read_at(at, block));
      }
      return {};
    }
    for (const auto& source : request.sources)
      SAFELIGHT_CHECK(reply.record(bytes_of(summary_of(read_all(*source, step_bytes)))));
    return {};
  }

  static Result<void> write(const std::string& verb, std::istringstream& text, ReplyWriter& reply) {
    uint64_t count = 0;
    uint64_t size_bytes = 0;
    text >> count >> size_bytes;
    if (verb == "records") {
      const std::string record(size_bytes, 'r');
      for (uint64_t i = 0; i < count; ++i) SAFELIGHT_CHECK(reply.record(bytes_of(record)));
      return {};
    }
    std::vector<OutputFile> files;
    for (uint64_t i = 0; i < count; ++i) {
      SAFELIGHT_TRY(OutputFile file, reply.open_file(size_bytes));
      fill(file.bytes());
      if (verb == "files") {
        files.push_back(std::move(file));
      } else if (verb == "file") {
        SAFELIGHT_CHECK(reply.record(bytes_of("file " + std::to_string(i)), std::move(file)));
      }
    }
    return {};
  }

  static Result<void> run_threads(std::istringstream& text, ReplyWriter& reply) {
    uint64_t count = 0;
    text >> count;
    std::vector<std::thread> threads;
    std::vector<uint64_t> squares(count);
    for (uint64_t i = 0; i < count; ++i) threads.emplace_back([&, i] { squares[i] = i * i; });
    uint64_t sum = 0;
    for (auto& thread : threads) thread.join();
    for (const uint64_t square : squares) sum += square;
    // Asking for the number of processors opens a file, which must fail and not kill.
    sum += std::thread::hardware_concurrency() > 0 ? 0 : 1;
    return reply.record(bytes_of(std::to_string(sum)));
  }

  /// Says how many threads there can be at one time.
  static Result<void> start_threads_that_wait(std::istringstream& text, ReplyWriter& reply) {
    uint64_t wanted = 0;
    text >> wanted;
    uint64_t started = 0;
    try {
      for (; started < wanted; ++started)
        std::thread([] { std::this_thread::sleep_for(std::chrono::minutes(1)); }).detach();
    } catch (const std::system_error&) {
    }
    return reply.record(bytes_of(std::to_string(started)));
  }

  static void misbehave(const std::string& verb, std::istringstream& text) {
    if (verb == "segv") ::raise(SIGSEGV);
    if (verb == "null") *static_cast<volatile int*>(nullptr) = 1;
    if (verb == "abort") std::abort();
    if (verb == "exit") ::_exit(7);
    if (verb == "spin") spin();
    if (verb == "sleep") {
      int ms = 0;
      text >> ms;
      std::this_thread::sleep_for(std::chrono::milliseconds(ms));
    }
    if (verb == "throw") throw std::runtime_error("a library's own");
    if (verb == "bad-alloc") throw std::bad_alloc();
    if (verb == "eat") eat();
    if (verb == "eat-on-thread") std::thread(eat).join();
    if (verb == "close-and-spin") {
      ::close(kWorkerSocket);
      spin();
    }
    if (verb == "complain") {
      const std::string line = "the picture said no\n";
      static_cast<void>(!::write(STDERR_FILENO, line.data(), line.size()));
      ::_exit(1);
    }
    if (verb == "chatter") {
      const std::string line(1'000, 'x');
      for (int i = 0; i < 1'000; ++i)
        static_cast<void>(!::write(STDERR_FILENO, line.data(), line.size()));
      ::_exit(1);
    }
  }

  std::span<char* const> arguments_;
};

}  // namespace
}  // namespace safelight::sandbox

int main(int argc, char** argv) {
  safelight::sandbox::TestHandler handler(std::span(argv, static_cast<size_t>(argc)).subspan(1));
  return safelight::sandbox::serve(handler);
}

#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <gtest/gtest.h>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "safelight/serve/http/internal/client_for_test.h"
#include "safelight/serve/http/server.h"

namespace safelight::serve {

class RecordingLog final : public LogSink {
 public:
  void log(Severity, std::string_view message) override {
    const std::lock_guard lock(mutex_);
    lines_.emplace_back(message);
  }
  [[nodiscard]] std::vector<std::string> lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

class FixedClock final : public Clock {
 public:
  /// Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110.
  [[nodiscard]] int64_t now_ns() const override { return 784'111'777'000'000'000; }
};

/// Holds handlers until a test lets them go.
class Gate {
 public:
  void pass() {
    std::unique_lock lock(mutex_);
    ++arrived_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return is_open_; });
  }
  void wait_for_arrivals(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return arrived_ >= count; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int arrived_ = 0;
  bool is_open_ = false;
};

/// Waits until `holds`, which it does soon; says whether it did.
inline bool comes_true(const std::function<bool()>& holds) {
  for (int i = 0; i < 4'000; ++i) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

/// A server with routes of a test's own.
class ServerTest : public testing::Test {
 protected:
  ServerTest() { options_.limits.linger_ms = 50; }
  /// Ends the server before what its handlers refer to.
  void TearDown() override { server_.reset(); }
  void start(Router router) { server_ = Server::start(options_, std::move(router), log_, clock_); }
  [[nodiscard]] TestClient connect() const { return TestClient::tcp(server_->port()); }
  /// One request on a connection of its own.
  [[nodiscard]] Answer ask(std::string_view request) const {
    auto client = connect();
    client.send(request);
    return client.receive();
  }
  [[nodiscard]] Answer ask_for(std::string_view target) const {
    auto client = connect();
    client.get(target);
    return client.receive();
  }

  RecordingLog log_;
  FixedClock clock_;
  ServerOptions options_;
  std::unique_ptr<Server> server_;
};

inline Response text(std::string text) {
  return Response::bytes(Status::ok, "text/plain", std::move(text));
}

}  // namespace safelight::serve

#include <gtest/gtest.h>

#include "safelight/serve/http/internal/server_for_test.h"
#include "safelight/serve/http/server.h"

namespace safelight::serve {
namespace {

class EventsTest : public ServerTest {
 protected:
  void start_sample(const EventStream::Limits& limits = {}) {
    Router router;
    router.add(Method::get, "/events", [this, limits](Request& request) {
      auto stream = std::make_shared<EventStream>(limits);
      const std::lock_guard lock(mutex_);
      stream_ = stream;
      last_seen_ = request.last_event_id();
      return Response::events(std::move(stream));
    });
    start(std::move(router));
  }
  /// The stream of the latest subscriber.
  std::shared_ptr<EventStream> stream() {
    const std::lock_guard lock(mutex_);
    return stream_;
  }
  /// A client whose stream has begun.
  TestClient subscribe(std::string_view more_headers = "") {
    auto client = connect();
    client.get("/events", more_headers);
    EXPECT_EQ(client.receive().header("content-type"), "text/event-stream");
    return client;
  }

  std::mutex mutex_;
  std::shared_ptr<EventStream> stream_;
  std::optional<uint64_t> last_seen_;
};

TEST_F(EventsTest, EventsArriveAsTheyAreSent) {
  start_sample();
  auto client = subscribe();
  stream()->send({.name = "progress", .data = "1", .id = 41});
  EXPECT_EQ(client.receive_until("\n\n"), "id: 41\nevent: progress\ndata: 1\n\n");
  stream()->send({.data = "2"});
  EXPECT_EQ(client.receive_until("\n\n"), "event: message\ndata: 2\n\n");
  EXPECT_EQ(server_->metrics().open_event_streams, 1);
  stream()->send({.data = "3"});
  stream()->close();
  EXPECT_EQ(client.receive_rest(), "event: message\ndata: 3\n\n");
  EXPECT_TRUE(comes_true([&] { return server_->metrics().open_event_streams == 0; }));
}

TEST_F(EventsTest, AStreamHasTheHeadersOfSecurityAndNoLength) {
  start_sample();
  auto client = connect();
  client.get("/events");
  const auto answer = client.receive();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("cache-control"), "no-store");
  EXPECT_EQ(answer.header("x-content-type-options"), "nosniff");
  EXPECT_EQ(answer.header("connection"), "close");
  EXPECT_EQ(answer.header("content-length"), "");
}

TEST_F(EventsTest, AClientThatComesBackSaysWhatItSaw) {
  start_sample();
  auto back = subscribe("Last-Event-ID: 41\r\n");
  EXPECT_EQ(last_seen_, 41);
  auto fresh = subscribe();
  EXPECT_EQ(last_seen_, std::nullopt);
  auto odd = subscribe("Last-Event-ID: 41x\r\n");
  EXPECT_EQ(last_seen_, std::nullopt);
}

TEST_F(EventsTest, ASilentStreamShowsSignsOfLife) {
  options_.limits.heartbeat_ms = 20;
  start_sample();
  auto client = subscribe();
  EXPECT_EQ(client.receive_until("\n\n"), ": \n\n");
  EXPECT_EQ(client.receive_until("\n\n"), ": \n\n");
}

TEST_F(EventsTest, AStreamIsClosedWhenItsClientGoes) {
  start_sample();
  {
    const auto client = subscribe();
    EXPECT_TRUE(stream()->is_open());
  }
  EXPECT_TRUE(comes_true([&] { return !stream()->is_open(); }));
  EXPECT_EQ(stream()->send({.data = "1"}), EventStream::Sent::closed);
  EXPECT_TRUE(comes_true([&] { return server_->metrics().open_connections == 0; }));
}

TEST_F(EventsTest, ASlowSubscriberIsDropped) {
  start_sample({.max_waiting_events = 4, .max_waiting_bytes = 4 << 20});
  auto client = subscribe();
  const std::string data(1 << 20, 'x');
  ASSERT_TRUE(
      comes_true([&] { return stream()->send({.data = data}) == EventStream::Sent::closed; }));
  EXPECT_TRUE(stream()->is_dropped());
  EXPECT_TRUE(comes_true([&] { return server_->metrics().open_connections == 0; }));
  EXPECT_EQ(server_->metrics().dropped_event_streams, 1);
}

TEST_F(EventsTest, StreamsHaveALimit) {
  options_.limits.max_event_streams = 1;
  start_sample();
  std::optional first = subscribe();
  const auto first_stream = stream();
  EXPECT_EQ(ask_for("/events").status, 429);
  EXPECT_FALSE(stream()->is_open());
  EXPECT_TRUE(first_stream->is_open());
  first.reset();
  EXPECT_TRUE(comes_true([&] { return ask_for("/events").status == 200; }));
}

TEST_F(EventsTest, HeadOfAStreamIsAHead) {
  start_sample();
  auto client = connect();
  client.send("HEAD /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(client.receive().header("content-type"), "text/event-stream");
  EXPECT_TRUE(client.is_closed());
  EXPECT_FALSE(stream()->is_open());
}

TEST_F(EventsTest, StreamsEndWhenTheServerStops) {
  start_sample();
  auto client = subscribe();
  server_->stop(std::chrono::seconds(20));
  EXPECT_TRUE(client.is_closed());
  EXPECT_FALSE(stream()->is_open());
}

TEST_F(EventsTest, ManyThreadsMayWrite) {
  start_sample({.max_waiting_events = 100'000, .max_waiting_bytes = 64 << 20});
  auto client = subscribe();
  std::vector<std::thread> writers;
  for (int i = 0; i < 4; ++i) {
    writers.emplace_back([this] {
      for (int j = 0; j < 250; ++j) stream()->send({.data = "x"});
    });
  }
  for (int i = 0; i < 1'000; ++i) {
    EXPECT_EQ(client.receive_until("\n\n"), "event: message\ndata: x\n\n");
  }
  for (auto& writer : writers) writer.join();
}

}  // namespace
}  // namespace safelight::serve

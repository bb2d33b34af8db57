#include "safelight/serve/http/event_stream.h"

#include <gtest/gtest.h>

namespace safelight::serve {
namespace {

TEST(EventStreamTest, AnEventIsWrittenAsTheStandardHasIt) {
  EventStream stream;
  EXPECT_EQ(stream.send({.name = "progress", .data = "{\"done\":1}", .id = 7}),
            EventStream::Sent::waiting);
  EXPECT_EQ(stream.send({.data = "two"}), EventStream::Sent::waiting);
  EXPECT_EQ(stream.take().bytes,
            "id: 7\nevent: progress\ndata: {\"done\":1}\n\nevent: message\ndata: two\n\n");
  EXPECT_EQ(stream.take().bytes, "");
}

TEST(EventStreamTest, DataCannotEndItsEvent) {
  EventStream stream;
  stream.send({.data = "a\n\nid: 9\rb\r\nc"});
  EXPECT_EQ(stream.take().bytes,
            "event: message\ndata: a\ndata: \ndata: id: 9\ndata: b\ndata: c\n\n");
}

TEST(EventStreamTest, WhatWaitedIsSentAfterTheEnd) {
  EventStream stream;
  stream.send({.data = "last"});
  stream.close();
  EXPECT_EQ(stream.send({.data = "too late"}), EventStream::Sent::closed);
  const auto waiting = stream.take();
  EXPECT_TRUE(waiting.is_last);
  EXPECT_EQ(waiting.bytes, "event: message\ndata: last\n\n");
  EXPECT_FALSE(stream.is_dropped());
}

TEST(EventStreamTest, ASubscriberThatDoesNotKeepUpIsDropped) {
  EventStream few({.max_waiting_events = 2, .max_waiting_bytes = 1'000});
  EXPECT_EQ(few.send({.data = "1"}), EventStream::Sent::waiting);
  EXPECT_EQ(few.send({.data = "2"}), EventStream::Sent::waiting);
  EXPECT_EQ(few.send({.data = "3"}), EventStream::Sent::closed);
  EXPECT_TRUE(few.is_dropped());
  EXPECT_EQ(few.take().bytes, "");

  EventStream small({.max_waiting_events = 100, .max_waiting_bytes = 30});
  EXPECT_EQ(small.send({.data = "1"}), EventStream::Sent::waiting);
  EXPECT_EQ(small.send({.data = "2"}), EventStream::Sent::closed);
  EXPECT_TRUE(small.is_dropped());
}

TEST(EventStreamTest, TheServerIsWokenUntilItDetaches) {
  EventStream stream;
  int wakes = 0;
  stream.attach([&] { ++wakes; });
  stream.send({.data = "1"});
  stream.close();
  stream.close();
  EXPECT_EQ(wakes, 2);
  EventStream other;
  other.attach([&] { ++wakes; });
  other.detach();
  EXPECT_FALSE(other.is_open());
  EXPECT_EQ(other.send({.data = "1"}), EventStream::Sent::closed);
  EXPECT_EQ(wakes, 2);
}

}  // namespace
}  // namespace safelight::serve

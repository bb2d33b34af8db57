#include "safelight/sandbox/internal/packet.h"

#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "safelight/sandbox/wire_error.h"

namespace safelight::sandbox {
namespace {

using Bytes = std::vector<std::byte>;

constexpr Error kSomeError = Error::near(ErrorCode::truncated, "png.chunk-crc", 70'000);

template <typename Write>
Bytes written(Write&& write_fields) {
  ByteWriter out;
  write_fields(out);
  return std::move(out).take();
}

Setup some_setup() {
  Setup setup{4'711, 90, {}};
  setup.policy.memory_bytes = 1'000'000'007;
  setup.policy.without = {Mechanism::uts_namespace, Mechanism::unprivileged_user};
  return setup;
}

/// One packet of each shape, and what reads it (true where it did).
struct Shape {
  std::string name;
  Bytes bytes;
  std::function<Result<void>(ByteReader&)> parse;
  size_t open_from = SIZE_MAX;  ///< From there on any number of bytes may follow.
};

template <typename T>
Result<void> dropped(const Result<T>& result) {
  if (!result) return result.error();
  return {};
}

std::vector<Shape> shapes() {
  std::vector<Shape> all;
  all.push_back({"header", written([](auto& out) {
                   write(out, PacketHeader{PacketType::record, 3, 9});
                 }),
                 [](auto& in) { return dropped(parse_header(in)); }, kHeaderBytes});
  all.push_back({"setup", written([](auto& out) { write(out, some_setup()); }),
                 [](auto& in) { return dropped(parse_setup(in)); }});
  all.push_back({"hello", written([](auto& out) {
                   write(out, Report{{Mechanism::seccomp, Mechanism::wall_clock}, 7, true});
                 }),
                 [](auto& in) { return dropped(parse_hello(in)); }});
  all.push_back({"request", written([](auto& out) {
                   write(out, RequestHead{2, {5, 1ull << 40}});
                 }),
                 [](auto& in) { return dropped(parse_request_head(in)); }, 24});
  all.push_back({"need_block", written([](auto& out) {
                   write(out, BlockWanted{1, 512, 1 << 20});
                 }),
                 [](auto& in) { return dropped(parse_need_block(in)); }});
  all.push_back({"failure", written([](auto& out) { write_status(out, kSomeError); }),
                 [](auto& in) { return dropped(parse_status(in)); }});
  all.push_back({"size", written([](auto& out) { write_size(out, 1ull << 33); }),
                 [](auto& in) { return dropped(parse_size(in)); }});
  all.push_back({"number", written([](auto& out) { write_number(out, 12); }),
                 [](auto& in) { return dropped(parse_number(in)); }});
  all.push_back({"record", written([](auto& out) { write(out, RecordHead{12}); }),
                 [](auto& in) { return dropped(parse_record_head(in)); }, 4});
  all.push_back({"end", written([](auto& out) {
                   write(out, End{true, kSomeError});
                 }),
                 [](auto& in) { return dropped(parse_end(in)); }});
  all.push_back({"good end", written([](auto& out) { write(out, End{}); }),
                 [](auto& in) { return dropped(parse_end(in)); }});
  return all;
}

TEST(Packet, EveryShapeIsReadAndTruncatedAtEveryLengthIsTruncated) {
  for (const Shape& shape : shapes()) {
    ByteReader whole(shape.bytes);
    EXPECT_TRUE(shape.parse(whole)) << shape.name;
    for (size_t length = 0; length < shape.bytes.size(); ++length) {
      ByteReader in(std::span(shape.bytes).first(length));
      const auto result = shape.parse(in);
      ASSERT_FALSE(result) << shape.name << " " << length;
      EXPECT_EQ(result.error().code, ErrorCode::truncated) << shape.name << " " << length;
      EXPECT_LE(result.error().offset_bytes, length) << shape.name;
    }
  }
}

TEST(Packet, ByteBehindTheLastFieldIsMalformedThere) {
  for (Shape& shape : shapes()) {
    if (shape.open_from != SIZE_MAX) continue;
    const size_t end = shape.bytes.size();
    shape.bytes.push_back(std::byte{});
    ByteReader in(shape.bytes);
    EXPECT_EQ(shape.parse(in).error(), Error::at(ErrorCode::malformed, "packet.rest", end))
        << shape.name;
  }
}

TEST(Packet, FieldsComeBackAsTheyWere) {
  const auto all = shapes();
  ByteReader setup_in(all[1].bytes);
  const auto setup = parse_setup(setup_in);
  EXPECT_EQ(setup->coordinator_process_id, 4'711u);
  EXPECT_EQ(setup->cpu_seconds, 90u);
  EXPECT_EQ(setup->policy.memory_bytes, 1'000'000'007u);
  EXPECT_EQ(setup->policy.without, some_setup().policy.without);
  ByteReader hello_in(all[2].bytes);
  EXPECT_EQ(*parse_hello(hello_in), (Report{{Mechanism::seccomp, Mechanism::wall_clock}, 7, true}));
  ByteReader request_in(all[3].bytes);
  const auto request = parse_request_head(request_in);
  EXPECT_EQ(request->descriptors, 2u);
  EXPECT_THAT(request->source_sizes_bytes, testing::ElementsAre(5, 1ull << 40));
  ByteReader end_in(all[9].bytes);
  const auto end = parse_end(end_in);
  EXPECT_TRUE(end->retires);
  EXPECT_EQ(end->error, kSomeError);
}

struct Corruption {
  std::string shape;
  size_t offset;
  uint8_t value;
  ErrorCode code;
  std::string_view rule;
  size_t error_offset;
};

TEST(Packet, EachBrokenFieldIsNamedAtItsOffset) {
  const std::vector<Corruption> corruptions = {
      {"header", 0, 0, ErrorCode::malformed, "packet.type", 0},
      {"header", 0, 6, ErrorCode::malformed, "packet.type", 0},
      {"header", 0, 15, ErrorCode::malformed, "packet.type", 0},
      {"header", 0, 22, ErrorCode::malformed, "packet.type", 0},
      {"header", 1, 1, ErrorCode::malformed, "packet.zero", 1},
      {"header", 3, 1, ErrorCode::malformed, "packet.descriptors", 2},
      {"setup", 0, 2, ErrorCode::unsupported, "packet.version", 0},
      {"setup", 41, 0xff, ErrorCode::malformed, "packet.mechanisms", 38},
      {"hello", 1, 1, ErrorCode::unsupported, "packet.version", 0},
      {"hello", 5, 0x80, ErrorCode::malformed, "packet.mechanisms", 2},
      {"hello", 10, 2, ErrorCode::malformed, "packet.flag", 10},
      {"request", 3, 1, ErrorCode::malformed, "packet.descriptors", 0},
      {"request", 7, 1, ErrorCode::malformed, "packet.sources", 4},
      {"need_block", 5, 0, ErrorCode::malformed, "packet.block-length", 4},
      {"need_block", 6, 1, ErrorCode::malformed, "packet.block-length", 4},
      {"failure", 0, 2, ErrorCode::malformed, "packet.flag", 0},
      {"failure", 1, 11, ErrorCode::malformed, "wire-error.code", 1},
      {"failure", 2, 3, ErrorCode::malformed, "wire-error.offset-kind", 2},
      {"failure", 11, 65, ErrorCode::malformed, "wire-error.rule-length", 11},
      {"failure", 13, '<', ErrorCode::malformed, "wire-error.rule", 12},
      {"end", 0, 2, ErrorCode::malformed, "packet.flag", 0},
      {"end", 1, 2, ErrorCode::malformed, "packet.flag", 1},
  };
  for (const Corruption& corruption : corruptions) {
    auto all = shapes();
    const auto shape = std::find_if(all.begin(), all.end(),
                                    [&](const Shape& s) { return s.name == corruption.shape; });
    ASSERT_NE(shape, all.end());
    shape->bytes.at(corruption.offset) = static_cast<std::byte>(corruption.value);
    ByteReader in(shape->bytes);
    const auto result = shape->parse(in);
    ASSERT_FALSE(result) << corruption.shape << " " << corruption.offset;
    EXPECT_EQ(result.error(), Error::at(corruption.code, corruption.rule, corruption.error_offset))
        << corruption.shape << " " << corruption.offset << " " << result.error().rule;
  }
}

TEST(Packet, ARecordOverTheLimitIsMalformed) {
  Bytes bytes(4 + kMaxMessageBytes);
  ByteReader longest(bytes);
  EXPECT_TRUE(parse_record_head(longest));
  bytes.push_back(std::byte{});
  ByteReader longer(bytes);
  EXPECT_EQ(parse_record_head(longer).error(),
            Error::at(ErrorCode::malformed, "packet.record-bytes", 4));
}

TEST(Packet, TheDocumentedExampleReadsAsDocumented) {
  // docs/formats/worker_protocol.md, "Example": the last packet.
  constexpr std::string_view kEnd(
      "\x15\0\0\0\x07\0\0\0\0\x01\0\x01\0\x10\0\0\0\0\0\0\x0dpng.chunk-crc", 34);
  ByteReader in(std::as_bytes(std::span(kEnd)));
  const auto header = parse_header(in);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->type, PacketType::end);
  EXPECT_EQ(header->request_number, 7u);
  const auto end = parse_end(in);
  ASSERT_TRUE(end);
  EXPECT_FALSE(end->retires);
  EXPECT_EQ(end->error, Error::at(ErrorCode::truncated, "png.chunk-crc", 4'096));
}

TEST(WireError, ARuleIsCutAndCleanedAndKeptForEver) {
  std::string rule = "png." + std::string(100, 'x');
  rule[1] = '<';
  const Bytes bytes = written([&](auto& out) {
    write_error(out, {ErrorCode::encrypted, rule, 0, OffsetKind::none});
  });
  ByteReader in(bytes);
  const auto sent = read_error(in);
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->error.rule, "p_g." + std::string(60, 'x'));
  ByteReader again(bytes);
  EXPECT_EQ(read_error(again)->error.rule.data(), sent->error.rule.data());
}

TEST(WireError, RulesAreKeptInABoundedTable) {
  std::string_view last;
  for (int i = 0; i < 5'000; ++i) {
    const std::string rule = "rule-" + std::to_string(i);
    const Bytes bytes = written([&](auto& out) {
      write_error(out, {ErrorCode::malformed, rule, 0, {}});
    });
    ByteReader in(bytes);
    last = read_error(in)->error.rule;
  }
  EXPECT_EQ(last, "worker.too-many-rules");
}

}  // namespace
}  // namespace safelight::sandbox

#include "safelight/base/byte_writer.h"
#include "safelight/sandbox/internal/packet.h"
#include "safelight/sandbox/wire_error.h"

namespace {

using namespace safelight;
using namespace safelight::sandbox;

void require(bool holds) {
  if (!holds) __builtin_trap();
}

/// What was read from `bytes` must be written as the same bytes: no two packets mean the same, and
/// no field is lost.
void require_same(const ByteWriter& out, std::span<const std::byte> bytes) {
  require(std::equal(out.view().begin(), out.view().end(), bytes.begin(), bytes.end()));
}

void check(PacketType type, std::span<const std::byte> bytes) {
  ByteReader in(bytes);
  ByteWriter out;
  switch (type) {
    case PacketType::setup:
      if (const auto setup = parse_setup(in)) return write(out, *setup), require_same(out, bytes);
      break;
    case PacketType::hello:
      if (const auto report = parse_hello(in)) {
        write(out, *report);
        require_same(out, bytes);
        require(describe(*report).size() == kPropertyCount + 2);
      }
      break;
    case PacketType::request:
      if (const auto head = parse_request_head(in)) {
        require(head->descriptors <= kMaxDescriptors);
        write(out, *head);
        require_same(out, bytes.first(in.position()));
      }
      break;
    case PacketType::need_block:
      if (const auto wanted = parse_need_block(in)) {
        require(wanted->length_bytes > 0 && wanted->length_bytes <= kMaxBlockBytes);
        write(out, *wanted);
        require_same(out, bytes);
      }
      break;
    case PacketType::need_file:
      if (const auto size = parse_size(in)) write_size(out, *size), require_same(out, bytes);
      break;
    case PacketType::drop_file:
      if (const auto number = parse_number(in)) {
        write_number(out, *number);
        require_same(out, bytes);
      }
      break;
    case PacketType::block:
    case PacketType::file:
      if (const auto status = parse_status(in)) {
        write_status(out, *status);
        require_same(out, bytes.first(in.position()));
        require(!*status || (*status)->rule.size() <= kMaxRuleBytes);
      }
      break;
    case PacketType::record:
      if (const auto head = parse_record_head(in)) {
        require(in.remaining() <= kMaxMessageBytes);
        write(out, *head);
        require_same(out, bytes.first(in.position()));
      }
      break;
    case PacketType::end:
      if (const auto end = parse_end(in)) write(out, *end), require_same(out, bytes);
      break;
    case PacketType::descriptors:
      break;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  ByteReader in(bytes);
  if (const auto header = parse_header(in)) {
    ByteWriter out;
    write(out, *header);
    require_same(out, bytes.first(kHeaderBytes));
    check(header->type, bytes.subspan(kHeaderBytes));
  }
  return 0;
}

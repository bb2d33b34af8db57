#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "safelight/base/byte_reader.h"
#include "safelight/base/byte_writer.h"
#include "safelight/base/result.h"
#include "safelight/sandbox/policy.h"
#include "safelight/sandbox/report.h"
#include "safelight/sandbox/worker.h"

/// The packets between coordinator and worker, as docs/formats/worker_protocol.md tells. Every
/// parse function takes the reader just behind the packet's header, wants all of the rest, and
/// gives `truncated` or `malformed` at the offset of the field that is wrong.
namespace safelight::sandbox {

inline constexpr uint16_t kProtocolVersion = 1;
inline constexpr size_t kHeaderBytes = 8;
/// The largest packet: a request with all its sources and the longest message.
inline constexpr size_t kMaxPacketBytes = kHeaderBytes + 8 + 8 * kMaxSources + kMaxMessageBytes;
/// Linux passes at most 253 at once (SCM_MAX_FD).
inline constexpr size_t kMaxDescriptorsPerPacket = 128;
/// What one answer to need_block may bring.
inline constexpr uint32_t kMaxBlockBytes = 65'536;

enum class PacketType : uint8_t {
  // From the coordinator.
  setup = 1,
  request = 2,
  descriptors = 3,
  block = 4,
  file = 5,
  // From the worker.
  hello = 16,
  need_block = 17,
  need_file = 18,
  drop_file = 19,
  record = 20,
  end = 21,
};

struct PacketHeader {
  PacketType type = PacketType::end;
  uint16_t descriptors = 0;     ///< How many come with this packet.
  uint32_t request_number = 0;  ///< 0 for setup and hello, then counted from 1.
};
void write(ByteWriter& out, const PacketHeader& header);
Result<PacketHeader> parse_header(ByteReader& in);

struct Setup {
  uint32_t coordinator_process_id = 0;
  uint32_t cpu_seconds = 0;  ///< The first RLIMIT_CPU.
  /// Of it memory_bytes, mapped_bytes, max_threads, max_descriptors, max_open_files and without.
  Policy policy;
};
void write(ByteWriter& out, const Setup& setup);
Result<Setup> parse_setup(ByteReader& in);

void write(ByteWriter& out, const Report& report);
Result<Report> parse_hello(ByteReader& in);

struct RequestHead {
  uint32_t descriptors = 0;  ///< In this packet and the `descriptors` packets that follow.
  std::vector<uint64_t> source_sizes_bytes;
};
/// The message follows as the rest of the packet.
void write(ByteWriter& out, const RequestHead& head);
Result<RequestHead> parse_request_head(ByteReader& in);

struct BlockWanted {
  uint32_t source = 0;
  uint32_t length_bytes = 0;
  uint64_t offset_bytes = 0;
};
void write(ByteWriter& out, const BlockWanted& wanted);
Result<BlockWanted> parse_need_block(ByteReader& in);

/// Success, after which the packet's own bytes follow, or an Error.
void write_status(ByteWriter& out, const std::optional<Error>& error);
/// Nothing for success. Errors: as read_error().
Result<std::optional<Error>> parse_status(ByteReader& in);

/// need_file.
void write_size(ByteWriter& out, uint64_t size_bytes);
Result<uint64_t> parse_size(ByteReader& in);

/// The number of a memory file, counted from 1 within the process's life: drop_file, and the answer
/// to need_file.
void write_number(ByteWriter& out, uint32_t number);
Result<uint32_t> parse_number(ByteReader& in);

struct RecordHead {
  uint32_t file = 0;  ///< The memory file that goes with it, 0 for none.
};
/// The record's bytes follow as the rest of the packet.
void write(ByteWriter& out, const RecordHead& head);
Result<RecordHead> parse_record_head(ByteReader& in);

struct End {
  bool retires = false;  ///< The worker exits after this: its state is not to be trusted.
  std::optional<Error> error;
};
void write(ByteWriter& out, const End& end);
Result<End> parse_end(ByteReader& in);

}  // namespace safelight::sandbox

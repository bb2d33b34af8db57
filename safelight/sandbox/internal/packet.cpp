#include "safelight/sandbox/internal/packet.h"

#include "safelight/sandbox/wire_error.h"

namespace safelight::sandbox {
namespace {

Result<void> expect_end(const ByteReader& in) {
  if (!in.at_end()) return in.error(ErrorCode::malformed, "packet.rest");
  return {};
}

/// A flag of one byte: 0 or 1.
Result<bool> parse_flag(ByteReader& in) {
  const Error wrong = in.error(ErrorCode::malformed, "packet.flag");
  SAFELIGHT_TRY(const uint8_t value, in.u8());
  if (value > 1) return wrong;
  return value == 1;
}

Result<MechanismSet> parse_mechanisms(ByteReader& in) {
  const Error wrong = in.error(ErrorCode::malformed, "packet.mechanisms");
  SAFELIGHT_TRY(const uint32_t bits, in.u32_le());
  const MechanismSet set = MechanismSet::from_bits(bits);
  if (set.bits() != bits) return wrong;
  return set;
}

Result<void> parse_version(ByteReader& in) {
  const Error wrong = in.error(ErrorCode::unsupported, "packet.version");
  SAFELIGHT_TRY(const uint16_t version, in.u16_le());
  if (version != kProtocolVersion) return wrong;
  return {};
}

bool is_packet_type(uint8_t value) {
  return (value >= static_cast<uint8_t>(PacketType::setup) &&
          value <= static_cast<uint8_t>(PacketType::file)) ||
         (value >= static_cast<uint8_t>(PacketType::hello) &&
          value <= static_cast<uint8_t>(PacketType::end));
}

}  // namespace

void write(ByteWriter& out, const PacketHeader& header) {
  out.u8(static_cast<uint8_t>(header.type));
  out.u8(0);
  out.u16_le(header.descriptors);
  out.u32_le(header.request_number);
}

Result<PacketHeader> parse_header(ByteReader& in) {
  const Error wrong_type = in.error(ErrorCode::malformed, "packet.type");
  SAFELIGHT_TRY(const uint8_t type, in.u8());
  if (!is_packet_type(type)) return wrong_type;
  const Error wrong_zero = in.error(ErrorCode::malformed, "packet.zero");
  SAFELIGHT_TRY(const uint8_t zero, in.u8());
  if (zero != 0) return wrong_zero;
  const Error too_many = in.error(ErrorCode::malformed, "packet.descriptors");
  SAFELIGHT_TRY(const uint16_t descriptors, in.u16_le());
  if (descriptors > kMaxDescriptorsPerPacket) return too_many;
  SAFELIGHT_TRY(const uint32_t number, in.u32_le());
  return PacketHeader{static_cast<PacketType>(type), descriptors, number};
}

void write(ByteWriter& out, const Setup& setup) {
  out.u16_le(kProtocolVersion);
  out.u32_le(setup.coordinator_process_id);
  out.u32_le(setup.cpu_seconds);
  out.u64_le(setup.policy.memory_bytes);
  out.u64_le(setup.policy.mapped_bytes);
  out.u32_le(setup.policy.max_threads);
  out.u32_le(setup.policy.max_descriptors);
  out.u32_le(setup.policy.max_open_files);
  out.u32_le(setup.policy.without.bits());
}

Result<Setup> parse_setup(ByteReader& in) {
  Setup setup;
  SAFELIGHT_CHECK(parse_version(in));
  SAFELIGHT_TRY(setup.coordinator_process_id, in.u32_le());
  SAFELIGHT_TRY(setup.cpu_seconds, in.u32_le());
  SAFELIGHT_TRY(setup.policy.memory_bytes, in.u64_le());
  SAFELIGHT_TRY(setup.policy.mapped_bytes, in.u64_le());
  SAFELIGHT_TRY(setup.policy.max_threads, in.u32_le());
  SAFELIGHT_TRY(setup.policy.max_descriptors, in.u32_le());
  SAFELIGHT_TRY(setup.policy.max_open_files, in.u32_le());
  SAFELIGHT_TRY(setup.policy.without, parse_mechanisms(in));
  SAFELIGHT_CHECK(expect_end(in));
  return setup;
}

void write(ByteWriter& out, const Report& report) {
  out.u16_le(kProtocolVersion);
  out.u32_le(report.in_force.bits());
  out.u32_le(report.landlock_abi);
  out.u8(report.sanitizer_build ? 1 : 0);
}

Result<Report> parse_hello(ByteReader& in) {
  Report report;
  SAFELIGHT_CHECK(parse_version(in));
  SAFELIGHT_TRY(report.in_force, parse_mechanisms(in));
  SAFELIGHT_TRY(report.landlock_abi, in.u32_le());
  SAFELIGHT_TRY(report.sanitizer_build, parse_flag(in));
  SAFELIGHT_CHECK(expect_end(in));
  return report;
}

void write(ByteWriter& out, const RequestHead& head) {
  out.u32_le(head.descriptors);
  out.u32_le(static_cast<uint32_t>(head.source_sizes_bytes.size()));
  for (const uint64_t size : head.source_sizes_bytes) out.u64_le(size);
}

Result<RequestHead> parse_request_head(ByteReader& in) {
  RequestHead head;
  const Error too_many_descriptors = in.error(ErrorCode::malformed, "packet.descriptors");
  SAFELIGHT_TRY(head.descriptors, in.u32_le());
  if (head.descriptors > kMaxDescriptors) return too_many_descriptors;
  const Error too_many_sources = in.error(ErrorCode::malformed, "packet.sources");
  SAFELIGHT_TRY(const uint32_t sources, in.u32_le());
  if (sources > kMaxSources) return too_many_sources;
  for (uint32_t i = 0; i < sources; ++i) {
    SAFELIGHT_TRY(const uint64_t size, in.u64_le());
    head.source_sizes_bytes.push_back(size);
  }
  return head;
}

void write(ByteWriter& out, const BlockWanted& wanted) {
  out.u32_le(wanted.source);
  out.u32_le(wanted.length_bytes);
  out.u64_le(wanted.offset_bytes);
}

Result<BlockWanted> parse_need_block(ByteReader& in) {
  BlockWanted wanted;
  SAFELIGHT_TRY(wanted.source, in.u32_le());
  const Error too_long = in.error(ErrorCode::malformed, "packet.block-length");
  SAFELIGHT_TRY(wanted.length_bytes, in.u32_le());
  if (wanted.length_bytes == 0 || wanted.length_bytes > kMaxBlockBytes) return too_long;
  SAFELIGHT_TRY(wanted.offset_bytes, in.u64_le());
  SAFELIGHT_CHECK(expect_end(in));
  return wanted;
}

void write_status(ByteWriter& out, const std::optional<Error>& error) {
  out.u8(error ? 1 : 0);
  if (error) write_error(out, *error);
}

Result<std::optional<Error>> parse_status(ByteReader& in) {
  SAFELIGHT_TRY(const bool failed, parse_flag(in));
  if (!failed) return std::optional<Error>();
  SAFELIGHT_TRY(const SentError sent, read_error(in));
  SAFELIGHT_CHECK(expect_end(in));
  return std::optional<Error>(sent.error);
}

void write_size(ByteWriter& out, uint64_t size_bytes) { out.u64_le(size_bytes); }

Result<uint64_t> parse_size(ByteReader& in) {
  SAFELIGHT_TRY(const uint64_t size, in.u64_le());
  SAFELIGHT_CHECK(expect_end(in));
  return size;
}

void write_number(ByteWriter& out, uint32_t number) { out.u32_le(number); }

Result<uint32_t> parse_number(ByteReader& in) {
  SAFELIGHT_TRY(const uint32_t number, in.u32_le());
  SAFELIGHT_CHECK(expect_end(in));
  return number;
}

void write(ByteWriter& out, const RecordHead& head) { out.u32_le(head.file); }

Result<RecordHead> parse_record_head(ByteReader& in) {
  RecordHead head;
  SAFELIGHT_TRY(head.file, in.u32_le());
  if (in.remaining() > kMaxMessageBytes)
    return in.error(ErrorCode::malformed, "packet.record-bytes");
  return head;
}

void write(ByteWriter& out, const End& end) {
  out.u8(end.retires ? 1 : 0);
  write_status(out, end.error);
}

Result<End> parse_end(ByteReader& in) {
  End end;
  SAFELIGHT_TRY(end.retires, parse_flag(in));
  SAFELIGHT_TRY(end.error, parse_status(in));
  SAFELIGHT_CHECK(expect_end(in));
  return end;
}

}  // namespace safelight::sandbox

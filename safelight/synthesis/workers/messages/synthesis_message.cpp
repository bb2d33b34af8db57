#include "safelight/synthesis/workers/messages/synthesis_message.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>

#include "safelight/base/byte_writer.h"
#include "safelight/base/wire.h"

namespace safelight::synthesis {
namespace {

constexpr uint8_t kVersion = 1;

enum class RequestKind : uint8_t { describe, assess };
enum class RecordKind : uint8_t { description, work_begun, detector, not_applicable };

/// A Storage, counted from 1.
constexpr auto kLastStoredAs = static_cast<uint8_t>(static_cast<uint8_t>(Storage::other_lossy) + 1);

/// WorkBegun of the condition, where else a detector's place stands.
constexpr uint16_t kNoDetector = 0xffff;

constexpr std::string_view kTextRule = "synthesis-message.text-length";

void write_text(ByteWriter& out, std::string_view text, size_t max_bytes) {
  out.sized_text(text.substr(0, max_bytes));
}

Result<std::string> read_text(ByteReader& in, size_t max_bytes) {
  return wire::read_text(in, max_bytes, kTextRule);
}

/// A count of at most `max`, in 2 bytes.
Result<uint16_t> read_count(ByteReader& in, size_t max, std::string_view rule) {
  const Error too_many = in.error(ErrorCode::limit_exceeded, rule);
  SAFELIGHT_TRY(const uint16_t count, in.u16_le());
  if (count > max) return too_many;
  return count;
}

void write_number(ByteWriter& out, double number) {
  assert(std::isfinite(number));
  out.u64_le(std::bit_cast<uint64_t>(number));
}

Result<double> read_number(ByteReader& in) {
  const Error bad = in.error(ErrorCode::malformed, "synthesis-message.number");
  SAFELIGHT_TRY(const uint64_t bits, in.u64_le());
  const auto number = std::bit_cast<double>(bits);
  if (!std::isfinite(number)) return bad;
  return number;
}

void write_digest(ByteWriter& out, const Sha256& digest) {
  out.bytes(std::as_bytes(std::span(digest.bytes)));
}

Result<Sha256> read_digest(ByteReader& in) {
  Sha256 digest;
  for (uint8_t& byte : digest.bytes) {
    SAFELIGHT_TRY(byte, in.u8());
  }
  return digest;
}

void write_identity(ByteWriter& out, const DetectorIdentity& identity) {
  write_text(out, identity.name, kMaxDetectorNameBytes);
  write_digest(out, identity.model);
  write_digest(out, identity.preprocessing);
}

Result<DetectorIdentity> read_identity(ByteReader& in) {
  DetectorIdentity identity;
  SAFELIGHT_TRY(identity.name, read_text(in, kMaxDetectorNameBytes));
  SAFELIGHT_TRY(identity.model, read_digest(in));
  SAFELIGHT_TRY(identity.preprocessing, read_digest(in));
  return identity;
}

void write_assessment(ByteWriter& out, const Assessment& assessment) {
  out.u8(assessment.score ? 1 : 0);
  if (assessment.score) {
    write_number(out, *assessment.score);
  } else {
    write_text(out, assessment.not_assessable, kMaxReasonBytes);
  }
  out.u8(static_cast<uint8_t>(assessment.stratum.size));
  out.u8(static_cast<uint8_t>(assessment.stratum.compression));
  const size_t cues = std::min(assessment.cues.size(), kMaxCues);
  out.u16_le(static_cast<uint16_t>(cues));
  for (size_t i = 0; i < cues; ++i) {
    write_text(out, assessment.cues[i].name, kMaxCueTextBytes);
    write_number(out, assessment.cues[i].value);
  }
}

enum class Scored : uint8_t { no, yes };

Result<Assessment> read_assessment(ByteReader& in) {
  Assessment assessment;
  SAFELIGHT_TRY(const Scored scored,
                wire::read_enum(in, Scored::yes, "synthesis-message.has-score"));
  if (scored == Scored::yes) {
    SAFELIGHT_TRY(assessment.score, read_number(in));
  } else {
    const Error no_reason = in.error(ErrorCode::malformed, "synthesis-message.no-reason");
    SAFELIGHT_TRY(assessment.not_assessable, read_text(in, kMaxReasonBytes));
    if (assessment.not_assessable.empty()) return no_reason;
  }
  SAFELIGHT_TRY(assessment.stratum.size,
                wire::read_enum(in, SizeBand::large, "synthesis-message.size-band"));
  SAFELIGHT_TRY(
      assessment.stratum.compression,
      wire::read_enum(in, CompressionBand::unknown, "synthesis-message.compression-band"));
  SAFELIGHT_TRY(const uint16_t cues, read_count(in, kMaxCues, "synthesis-message.cues"));
  for (uint16_t i = 0; i < cues; ++i) {
    Cue cue;
    SAFELIGHT_TRY(cue.name, read_text(in, kMaxCueTextBytes));
    SAFELIGHT_TRY(cue.value, read_number(in));
    assessment.cues.push_back(std::move(cue));
  }
  return assessment;
}

struct RecordWriter {
  ByteWriter& out;

  void operator()(const Description& description) const {
    assert(description.detectors.size() <= kMaxDetectors);
    out.u8(static_cast<uint8_t>(RecordKind::description));
    out.u16_le(static_cast<uint16_t>(description.detectors.size()));
    for (const DetectorIdentity& identity : description.detectors) write_identity(out, identity);
    const size_t remarks = std::min(description.remarks.size(), kMaxLoadingRemarks);
    out.u16_le(static_cast<uint16_t>(remarks));
    for (size_t i = 0; i < remarks; ++i) write_text(out, description.remarks[i], kMaxReasonBytes);
  }
  void operator()(const WorkBegun& work) const {
    out.u8(static_cast<uint8_t>(RecordKind::work_begun));
    out.u16_le(work.detector.value_or(kNoDetector));
  }
  void operator()(const DetectorRecord& record) const {
    out.u8(static_cast<uint8_t>(RecordKind::detector));
    write_identity(out, record.detector);
    write_assessment(out, record.assessment);
  }
  void operator()(const NotApplicable& record) const {
    out.u8(static_cast<uint8_t>(RecordKind::not_applicable));
    write_text(out, record.reason, kMaxReasonBytes);
  }
};

Result<SynthesisRecord> read_description(ByteReader& in) {
  Description description;
  SAFELIGHT_TRY(const uint16_t detectors,
                read_count(in, kMaxDetectors, "synthesis-message.detectors"));
  for (uint16_t i = 0; i < detectors; ++i) {
    SAFELIGHT_TRY(auto identity, read_identity(in));
    description.detectors.push_back(std::move(identity));
  }
  SAFELIGHT_TRY(const uint16_t remarks,
                read_count(in, kMaxLoadingRemarks, "synthesis-message.remarks"));
  for (uint16_t i = 0; i < remarks; ++i) {
    SAFELIGHT_TRY(auto remark, read_text(in, kMaxReasonBytes));
    description.remarks.push_back(std::move(remark));
  }
  return SynthesisRecord(std::move(description));
}

Result<SynthesisRecord> read_work_begun(ByteReader& in) {
  const Error bad = in.error(ErrorCode::malformed, "synthesis-message.detector");
  SAFELIGHT_TRY(const uint16_t detector, in.u16_le());
  if (detector == kNoDetector) return SynthesisRecord(WorkBegun{});
  if (detector >= kMaxDetectors) return bad;
  return SynthesisRecord(WorkBegun{detector});
}

Result<SynthesisRecord> read_detector_record(ByteReader& in) {
  DetectorRecord record;
  SAFELIGHT_TRY(record.detector, read_identity(in));
  SAFELIGHT_TRY(record.assessment, read_assessment(in));
  return SynthesisRecord(std::move(record));
}

Result<SynthesisRecord> read_not_applicable(ByteReader& in) {
  const Error no_reason = in.error(ErrorCode::malformed, "synthesis-message.no-reason");
  NotApplicable record;
  SAFELIGHT_TRY(record.reason, read_text(in, kMaxReasonBytes));
  if (record.reason.empty()) return no_reason;
  return SynthesisRecord(std::move(record));
}

Result<SynthesisRecord> read_record(ByteReader& in) {
  SAFELIGHT_TRY(const RecordKind kind,
                wire::read_enum(in, RecordKind::not_applicable, "synthesis-message.record-kind"));
  switch (kind) {
    case RecordKind::description:
      return read_description(in);
    case RecordKind::work_begun:
      return read_work_begun(in);
    case RecordKind::detector:
      return read_detector_record(in);
    case RecordKind::not_applicable:
      break;
  }
  return read_not_applicable(in);
}

Result<AssessRequest> read_assess_request(ByteReader& in) {
  AssessRequest request;
  SAFELIGHT_TRY(request.format,
                wire::read_enum(in, codec::Format::text, "synthesis-message.format"));
  SAFELIGHT_TRY(request.offset_bytes, in.u64_le());
  SAFELIGHT_TRY(request.length_bytes, in.u64_le());
  SAFELIGHT_TRY(const uint8_t stored_as,
                wire::read_enum(in, kLastStoredAs, "synthesis-message.stored-as"));
  if (stored_as > 0) request.stored_as = static_cast<Storage>(stored_as - 1);
  SAFELIGHT_TRY(request.condition, read_text(in, kMaxConditionBytes));
  SAFELIGHT_TRY(request.limits.max_pixels, in.u64_le());
  SAFELIGHT_TRY(request.limits.max_side_pixels, in.u32_le());
  SAFELIGHT_TRY(request.limits.max_decode_memory_bytes, in.u64_le());
  return request;
}

}  // namespace

std::vector<std::byte> encode(const SynthesisRequest& request) {
  ByteWriter out;
  out.u8(kVersion);
  const auto* assess = std::get_if<AssessRequest>(&request);
  out.u8(static_cast<uint8_t>(assess == nullptr ? RequestKind::describe : RequestKind::assess));
  if (assess != nullptr) {
    out.u8(static_cast<uint8_t>(assess->format));
    out.u64_le(assess->offset_bytes);
    out.u64_le(assess->length_bytes);
    out.u8(assess->stored_as ? static_cast<uint8_t>(*assess->stored_as) + 1 : 0);
    write_text(out, assess->condition, kMaxConditionBytes);
    out.u64_le(assess->limits.max_pixels);
    out.u32_le(assess->limits.max_side_pixels);
    out.u64_le(assess->limits.max_decode_memory_bytes);
  }
  return std::move(out).take();
}

Result<SynthesisRequest> decode_synthesis_request(std::span<const std::byte> bytes) {
  ByteReader in(bytes);
  SAFELIGHT_CHECK(wire::read_version(in, kVersion, "synthesis-message.version"));
  SAFELIGHT_TRY(const RequestKind kind,
                wire::read_enum(in, RequestKind::assess, "synthesis-message.request-kind"));
  SynthesisRequest request;
  if (kind == RequestKind::assess) {
    SAFELIGHT_TRY(request, read_assess_request(in));
  }
  SAFELIGHT_CHECK(wire::read_end(in, "synthesis-message.trailing-bytes"));
  return request;
}

std::vector<std::byte> encode(const SynthesisRecord& record) {
  ByteWriter out;
  out.u8(kVersion);
  std::visit(RecordWriter{out}, record);
  return std::move(out).take();
}

Result<SynthesisRecord> decode_synthesis_record(std::span<const std::byte> bytes) {
  ByteReader in(bytes);
  SAFELIGHT_CHECK(wire::read_version(in, kVersion, "synthesis-message.version"));
  SAFELIGHT_TRY(auto record, read_record(in));
  SAFELIGHT_CHECK(wire::read_end(in, "synthesis-message.trailing-bytes"));
  return record;
}

}  // namespace safelight::synthesis

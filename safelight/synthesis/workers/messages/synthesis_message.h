#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "safelight/base/limits.h"
#include "safelight/base/result.h"
#include "safelight/codec/format.h"
#include "safelight/synthesis/detectors/detector.h"

/// What the coordinator asks of a synthesis worker and what it answers. The wire format is
/// described in docs/formats/synthesis_messages.md. Replies come from a process that may have been
/// taken over: decoding trusts nothing in them.
namespace safelight::synthesis {

inline constexpr size_t kMaxDetectors = 80;
inline constexpr size_t kMaxDetectorNameBytes = 256;
inline constexpr size_t kMaxLoadingRemarks = 64;
inline constexpr size_t kMaxReasonBytes = 512;  ///< Of remarks too.
inline constexpr size_t kMaxCues = 128;
inline constexpr size_t kMaxCueTextBytes = 256;
inline constexpr size_t kMaxConditionBytes = 64;

/// Which detectors there are. Answered by one Description.
struct DescribeRequest {};

/// What each detector says of a picture under one condition, with one descriptor. Answered by
/// records of work begun and, for each detector in the order of the description, one
/// DetectorRecord; or by one NotApplicable.
struct AssessRequest {
  codec::Format format = codec::Format::unknown;
  uint64_t offset_bytes = 0;  ///< Where the picture begins in the descriptor's file.
  uint64_t length_bytes = 0;
  /// How the pixels were stored before they became this file; nothing: the file tells.
  std::optional<Storage> stored_as;
  std::string condition;  ///< The name of a transformation.
  Limits limits;
};

using SynthesisRequest = std::variant<DescribeRequest, AssessRequest>;

/// The detectors that a worker has loaded.
struct Description {
  std::vector<DetectorIdentity> detectors;
  /// In plain words, what could not be loaded and why.
  std::vector<std::string> remarks;
};

/// What the worker does next: if it dies, this was it.
struct WorkBegun {
  std::optional<uint16_t> detector;  ///< Its place in the description; nothing for the condition.
};

struct DetectorRecord {
  DetectorIdentity detector;
  Assessment assessment;  ///< Has either a score or a reason why there is none.
};

struct NotApplicable {
  std::string reason;  ///< In plain words.
};

using SynthesisRecord = std::variant<Description, WorkBegun, DetectorRecord, NotApplicable>;

std::vector<std::byte> encode(const SynthesisRequest& request);
/// Errors: truncated, malformed, unsupported (another version), limit_exceeded (text).
Result<SynthesisRequest> decode_synthesis_request(std::span<const std::byte> bytes);

/// What is over a bound is cut: texts, remarks, cues. At most kMaxDetectors, and numbers must be
/// finite.
std::vector<std::byte> encode(const SynthesisRecord& record);
/// Errors: truncated; malformed, for numbers that are not finite too; unsupported (another
/// version); limit_exceeded (text or counts).
Result<SynthesisRecord> decode_synthesis_record(std::span<const std::byte> bytes);

}  // namespace safelight::synthesis

#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "safelight/base/byte_reader.h"
#include "safelight/base/limits.h"
#include "safelight/base/result.h"
#include "safelight/codec/decode.h"
#include "safelight/codec/format.h"
#include "safelight/evidence/origin_scope.h"
#include "safelight/hash/fingerprint.h"
#include "safelight/renditions/rendition.h"
#include "safelight/scan/messages/evidence_message.h"

/// What the coordinator asks of a picture worker and what it answers. A request is one message with
/// one descriptor; the reply is one record for the main picture and one for each further still,
/// each followed by the evidence found in it (evidence_message.h). The wire format is described in
/// docs/formats/picture_messages.md. Replies come from a process that may have been taken over:
/// decoding trusts nothing in them.
namespace safelight::scan {

/// Which PDQ modes to compute.
struct PdqModes {
  bool reference = true;
  bool full = false;
  friend bool operator==(const PdqModes&, const PdqModes&) = default;
};

/// What an examination is asked for.
struct Asked {
  PdqModes modes;
  OriginScope origin = OriginScope::none;
  friend bool operator==(const Asked&, const Asked&) = default;
};

/// Whether the texts of prompts are wanted, and not only their digests.
enum class PromptTexts : uint8_t { left_out, wanted };

/// What a picture is decoded for.
enum class Purpose : uint8_t {
  examination,  ///< The records of the file.
  pixels,       ///< All pixels of the main picture, for another worker: one record, with a memory
                ///< file in which they are a BMP (picture/bitmap.h).
  rendition,  ///< What a reviewer is shown: one record, with a memory file that holds its samples,
              ///< rows from the top, 1 or 3 channels, no padding.
};

/// How a picture is shown.
struct RenditionRequest {
  RenditionStyle style = RenditionStyle::drawing;
  uint32_t max_side = kCoveredSide;  ///< 1 to kMaxRenditionSide.
};

struct PictureRequest {
  codec::Format format = codec::Format::unknown;
  uint64_t offset_bytes = 0;  ///< Where the picture begins in the descriptor's file.
  uint64_t length_bytes = 0;
  Asked asked;
  PromptTexts prompts = PromptTexts::left_out;
  Purpose purpose = Purpose::examination;
  // Of Purpose::rendition alone.
  RenditionRequest rendition;
  std::optional<uint32_t> member;  ///< Its codec::Member::index; nothing for the main picture.
  Limits limits;
};

/// What a worker found out about one still.
struct PictureRecord {
  std::optional<codec::Member> member;  ///< Nothing for the main picture.
  uint32_t width = 0;
  uint32_t height = 0;
  uint8_t exif_orientation = 1;
  std::optional<Error> failure;     ///< Why nothing could be decoded.
  std::optional<Error> incomplete;  ///< Why part of it is missing.
  std::optional<Error> unhashable;  ///< Why there is no fingerprint of what was decoded.
  std::vector<PdqHashes> hashes;
  std::vector<codec::Remark> remarks;
  /// Whether the file holds Content Credentials, or names some: worth asking the provenance worker.
  bool content_credentials = false;
  EvidenceList evidence;  ///< In records of its own.
};

std::vector<std::byte> encode(const PictureRequest& request);
/// Errors: truncated, malformed, unsupported (another version).
Result<PictureRequest> decode_picture_request(std::span<const std::byte> bytes);

/// Without its evidence.
std::vector<std::byte> encode(const PictureRecord& record);
/// Errors: truncated, malformed, unsupported (another version), limit_exceeded (text or counts).
Result<PictureRecord> decode_picture_record(std::span<const std::byte> bytes);

}  // namespace safelight::scan

#include "safelight/scan/internal/evidence_sink.h"

#include <algorithm>
#include <cstring>

#include "safelight/bytes/file.h"

namespace safelight::scan {
namespace {

constexpr Error kBadRecord{ErrorCode::worker_crashed, "worker.bad-record"};
constexpr Error kTooManyRecords{ErrorCode::worker_crashed, "worker.too-many-records"};

/// Adds what a record says.
Result<void> take(std::span<const std::byte> record, EvidenceList& list) {
  auto evidence = decode_evidence(record);
  if (!evidence) return kBadRecord;
  if (auto* finding = std::get_if<Finding>(&*evidence)) {
    if (list.findings.size() == kMaxFindings) return kTooManyRecords;
    list.findings.push_back(std::move(*finding));
  } else {
    if (list.prompts.size() == kMaxPrompts) return kTooManyRecords;
    list.prompts.push_back(std::get<PromptText>(std::move(*evidence)));
  }
  return {};
}

}  // namespace

Result<void> EvidenceSink::record(std::span<const std::byte> bytes,
                                  std::optional<sandbox::MemoryFile>) {
  return take(bytes, evidence);
}

Result<void> PictureSink::record(std::span<const std::byte> bytes,
                                 std::optional<sandbox::MemoryFile>) {
  if (bytes.empty() || bytes[0] != static_cast<std::byte>(RecordKind::still))
    return take_evidence(bytes);
  if (records.size() >= max_records_) return kTooManyRecords;
  auto record = decode_picture_record(bytes);
  const bool is_member = !records.empty();
  if (!record || record->member.has_value() != is_member) return kBadRecord;
  records.push_back(std::move(*record));
  return {};
}

Result<void> PictureSink::take_evidence(std::span<const std::byte> bytes) {
  if (records.size() != 1) return kBadRecord;
  EvidenceList& list = records[0].evidence;
  SAFELIGHT_CHECK(take(bytes, list));
  if (!list.findings.empty() && !may_come_from_decoder(list.findings.back())) return kBadRecord;
  return {};
}

Result<void> PixelsSink::record(std::span<const std::byte> bytes,
                                std::optional<sandbox::MemoryFile> file) {
  if (!decode_picture_record(bytes) || !file || pixels) return kBadRecord;
  pixels = std::move(file);
  return {};
}

Result<void> RenditionSink::record(std::span<const std::byte> bytes,
                                   std::optional<sandbox::MemoryFile> file) {
  const auto record = decode_picture_record(bytes);
  if (!record || record->failure || !file || picture) return kBadRecord;
  const uint32_t longest = longest_side(wanted_.style, wanted_.max_side);
  if (std::min(record->width, record->height) == 0 ||
      std::max(record->width, record->height) > longest)
    return kBadRecord;
  const uint64_t pixels = uint64_t{record->width} * record->height;
  const auto channels = static_cast<uint32_t>(file->size_bytes() / pixels);
  if (file->size_bytes() != pixels * channels || !may_have_channels(wanted_.style, channels))
    return kBadRecord;
  SAFELIGHT_TRY(const auto mapping, FileMapping::map(file->descriptor()));
  picture.emplace(Picture{{record->width, record->height, channels}, {}});
  picture->samples.resize(mapping.bytes().size());
  std::memcpy(picture->samples.data(), mapping.bytes().data(), mapping.bytes().size());
  incomplete = record->incomplete;
  return {};
}

bool may_come_from_decoder(const Finding& finding) {
  if (finding.kind.starts_with("c2pa_")) return false;
  if (finding.grade == Grade::verified_trusted) return false;
  return finding.grade != Grade::verified || finding.kind == "novelai_signature";
}

}  // namespace safelight::scan

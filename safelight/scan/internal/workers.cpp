#include "safelight/scan/internal/workers.h"

#include <algorithm>
#include <string_view>

#include "safelight/synthesis/calibration/stated_assessment.h"

namespace safelight::scan {
namespace {

constexpr std::string_view kStillWorker = "safelight-still-worker";
constexpr std::string_view kHeifWorker = "safelight-heif-worker";
constexpr std::string_view kProvenanceWorker = "safelight-provenance-worker";
constexpr std::string_view kArchiveWorker = "safelight-archive-worker";

/// Bytes of an archive, or of a file that is hashed, for each of which a worker may take a
/// millisecond beyond Limits::item_timeout_ms.
constexpr uint64_t kBytesPerMs = 10'000;
/// The provenance worker maps whole videos.
constexpr uint64_t kMaxProvenanceBytes = 256ull << 30;

}  // namespace

Result<void> Workers::examine_picture(const FileSource& file, const PictureRequest& request,
                                      PictureSink& sink) {
  const auto message = encode(request);
  const int descriptor = file.descriptor();
  return picture_worker(request.format)
      .call({.message = message, .descriptors = std::span(&descriptor, 1), .sources = {}}, sink,
            limits().item_timeout_ms);
}

Result<EvidenceList> Workers::examine_provenance(const FileSource& file, const Extent& extent,
                                                 const ProvenanceParts& parts,
                                                 const FileSource* store) {
  ProvenanceRequest request;
  request.offset_bytes = extent.offset_bytes;
  request.length_bytes = extent.length_bytes;
  request.wants_metadata = parts.metadata;
  request.wants_prompts = parts.prompts;
  std::vector<int> descriptors = {file.descriptor()};
  const CredentialCheck* const check = options_.credentials.get();
  if (parts.credentials && check != nullptr) {
    request.wants_credentials = true;
    request.has_store = store != nullptr;
    if (store != nullptr) descriptors.push_back(store->descriptor());
    request.clock_s = check->clock_s();
    request.trust_digest = check->digest();
    request.trust = check->names();
    for (const sandbox::MemoryFile& trusted : check->files())
      descriptors.push_back(trusted.descriptor());
  }
  const auto message = encode(request);
  EvidenceSink sink;
  SAFELIGHT_CHECK(
      provenance_worker().call({.message = message, .descriptors = descriptors, .sources = {}},
                               sink, timeout_ms(extent.length_bytes)));
  if (check != nullptr) {
    for (Finding& finding : sink.evidence.findings) check->note_trust(finding);
  }
  return std::move(sink.evidence);
}

Result<FileSource> Workers::pixels(const FileSource& file, const Extent& extent,
                                   codec::Format format) {
  PictureRequest request;
  request.format = format;
  request.offset_bytes = extent.offset_bytes;
  request.length_bytes = extent.length_bytes;
  request.purpose = Purpose::pixels;
  request.limits = limits();
  const auto message = encode(request);
  const int descriptor = file.descriptor();
  PixelsSink sink;
  SAFELIGHT_CHECK(picture_worker(format).call(
      {.message = message, .descriptors = std::span(&descriptor, 1), .sources = {}}, sink,
      limits().item_timeout_ms));
  if (!sink.pixels) return Error{ErrorCode::worker_crashed, "worker.no-record"};
  return FileSource::from_descriptor(std::move(*sink.pixels).release());
}

Result<void> Workers::rendition(const FileSource& file, const PicturePlace& place,
                                const RenditionRequest& wanted, RenditionSink& sink) {
  PictureRequest request;
  request.format = place.format;
  request.offset_bytes = place.extent.offset_bytes;
  request.length_bytes = place.extent.length_bytes;
  request.purpose = Purpose::rendition;
  request.rendition = wanted;
  request.member = place.member;
  request.limits = limits();
  const auto message = encode(request);
  const int descriptor = file.descriptor();
  SAFELIGHT_CHECK(
      picture_worker(place.format)
          .call({.message = message, .descriptors = std::span(&descriptor, 1), .sources = {}}, sink,
                limits().item_timeout_ms));
  if (!sink.picture) return Error{ErrorCode::worker_crashed, "worker.no-record"};
  return {};
}

Result<synthesis::Assessments> Workers::assess(const FileSource& file, const Extent& extent,
                                               codec::Format format) {
  // The decoder of HEIF is not in the worker of the detectors.
  if (codec::handling_of(format) != codec::Handling::heif_worker) {
    return assessor().assess({file, extent.offset_bytes, extent.length_bytes, format, {}},
                             synthesis::kCleanCondition);
  }
  SAFELIGHT_TRY(const FileSource decoded, pixels(file, extent, format));
  return assessor().assess(synthesis::decoded_picture(decoded), synthesis::kCleanCondition);
}

Result<std::vector<Finding>> Workers::estimate(const FileSource& file, const Extent& extent,
                                               codec::Format format) {
  synthesis::Assessor& detectors = assessor();
  auto assessed = assess(file, extent, format);
  if (assessed) {
    for (synthesis::Assessment& assessment : assessed->by_detector) {
      assessment = synthesis::as_stated(std::move(assessment));
    }
    return estimate_findings(detectors.detectors(), assessed->by_detector, *options_.estimates);
  }
  const Error& error = assessed.error();
  switch (error.code) {
    case ErrorCode::unsupported:
      return not_assessable_findings(detectors.detectors(),
                                     "pictures of this format are not looked at");
    case ErrorCode::truncated:
    case ErrorCode::malformed:
    case ErrorCode::integrity_mismatch:
      return not_assessable_findings(
          detectors.detectors(),
          "the picture cannot be decoded in full (" + std::string(error.rule) + ")");
    default:
      return error;
  }
}

Result<void> Workers::read_archive(const FileSource& file, uint32_t depth,
                                   std::optional<uint64_t> only_ordinal, sandbox::ReplySink& sink) {
  ArchiveRequest request;
  request.options.limits = limits();
  request.options.passwords = options_.passwords;
  request.only_ordinal = only_ordinal;
  const auto message = encode(request);
  const int descriptor = file.descriptor();
  return archive_worker(depth).call(
      {.message = message, .descriptors = std::span(&descriptor, 1), .sources = {}}, sink,
      timeout_ms(file.size_bytes()));
}

std::vector<std::pair<std::string, sandbox::Report>> Workers::confinement() {
  std::vector<std::pair<std::string, sandbox::Report>> reports;
  reports.emplace_back(kStillWorker, picture_worker(codec::Format::jpeg).report());
  reports.emplace_back(kHeifWorker, picture_worker(codec::Format::heif).report());
  reports.emplace_back(kProvenanceWorker, provenance_worker().report());
  reports.emplace_back(kArchiveWorker, archive_worker(0).report());
  if (options_.estimates) {
    reports.emplace_back(synthesis::kSynthesisWorker, assessor().confinement());
  }
  return reports;
}

sandbox::Worker& Workers::start(std::optional<sandbox::Worker>& slot, std::string_view program,
                                const sandbox::Policy& policy) {
  if (!slot) slot = sandbox::Worker::start(options_.worker_folder / program, policy);
  return *slot;
}

sandbox::Worker& Workers::picture_worker(codec::Format format) {
  return codec::handling_of(format) == codec::Handling::heif_worker
             ? start(heif_, kHeifWorker, policy())
             : start(still_, kStillWorker, policy());
}

sandbox::Worker& Workers::provenance_worker() {
  sandbox::Policy maps_videos = policy();
  maps_videos.mapped_bytes = kMaxProvenanceBytes;
  return start(provenance_, kProvenanceWorker, maps_videos);
}

sandbox::Worker& Workers::archive_worker(uint32_t depth) {
  if (archive_.size() <= depth) archive_.resize(depth + 1);
  return start(archive_[depth], kArchiveWorker, policy());
}

synthesis::Assessor& Workers::assessor() {
  if (!assessor_) assessor_ = synthesis::Assessor::start(options_.estimates->assessor);
  return *assessor_;
}

sandbox::Policy Workers::policy() const {
  sandbox::Policy policy;
  policy.degraded = options_.degraded;
  policy.memory_bytes = limits().max_decode_memory_bytes + (300u << 20);
  return policy;
}

uint32_t Workers::timeout_ms(uint64_t file_bytes) const {
  return static_cast<uint32_t>(
      std::min<uint64_t>(limits().item_timeout_ms + file_bytes / kBytesPerMs, UINT32_MAX));
}

}  // namespace safelight::scan

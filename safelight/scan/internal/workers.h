#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "safelight/bytes/file.h"
#include "safelight/sandbox/worker.h"
#include "safelight/scan/examiner.h"
#include "safelight/scan/internal/evidence_sink.h"

namespace safelight::scan {

/// What is asked of the provenance worker.
struct ProvenanceParts {
  bool metadata = false;
  bool credentials = false;
  bool prompts = false;
};

/// The workers of one examiner, each started when it is first needed. Everything throws Fault where
/// a worker cannot be started.
class Workers {
 public:
  explicit Workers(ExaminerOptions options) : options_(std::move(options)) {}

  [[nodiscard]] const ExaminerOptions& options() const { return options_; }
  [[nodiscard]] const Limits& limits() const { return options_.limits; }

  /// Errors: those of sandbox::Worker::call(). What came before an error is in the sink.
  Result<void> examine_picture(const FileSource& file, const PictureRequest& request,
                               PictureSink& sink);

  /// `store` is a manifest store beside the file, where there is one. Findings "c2pa_manifest" get
  /// the digest of the trust files that they rest on. Errors: those of sandbox::Worker::call().
  Result<EvidenceList> examine_provenance(const FileSource& file, const Extent& extent,
                                          const ProvenanceParts& parts, const FileSource* store);

  /// All pixels of the picture there, as a BMP file in memory. Errors: those of decoding and of
  /// sandbox::Worker::call().
  Result<FileSource> pixels(const FileSource& file, const Extent& extent, codec::Format format);

  /// A picture as it is shown. Errors: those of decoding and of sandbox::Worker::call().
  Result<void> rendition(const FileSource& file, const PicturePlace& place,
                         const RenditionRequest& wanted, RenditionSink& sink);

  /// What detectors say of the picture there, as findings. Errors: those of Assessor::assess() for
  /// which another try may do better; a picture that no detector can look at is a finding.
  Result<std::vector<Finding>> estimate(const FileSource& file, const Extent& extent,
                                        codec::Format format);

  /// `depth` counts the archives around this one: an inner one is read while the outer one waits.
  /// `only_ordinal` names the one member that is wanted.
  Result<void> read_archive(const FileSource& file, uint32_t depth,
                            std::optional<uint64_t> only_ordinal, sandbox::ReplySink& sink);

  /// How each kind is confined on this machine; starts them all.
  std::vector<std::pair<std::string, sandbox::Report>> confinement();

 private:
  sandbox::Worker& start(std::optional<sandbox::Worker>& slot, std::string_view program,
                         const sandbox::Policy& policy);
  sandbox::Worker& picture_worker(codec::Format format);
  sandbox::Worker& provenance_worker();
  sandbox::Worker& archive_worker(uint32_t depth);
  synthesis::Assessor& assessor();
  Result<synthesis::Assessments> assess(const FileSource& file, const Extent& extent,
                                        codec::Format format);
  [[nodiscard]] sandbox::Policy policy() const;
  [[nodiscard]] uint32_t timeout_ms(uint64_t file_bytes) const;

  ExaminerOptions options_;
  std::optional<sandbox::Worker> still_;
  std::optional<sandbox::Worker> heif_;
  std::optional<sandbox::Worker> provenance_;
  std::vector<std::optional<sandbox::Worker>> archive_;  ///< By depth.
  std::optional<synthesis::Assessor> assessor_;
};

}  // namespace safelight::scan

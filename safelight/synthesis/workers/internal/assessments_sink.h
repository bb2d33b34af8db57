#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/sandbox/worker.h"
#include "safelight/synthesis/workers/assessor.h"
#include "safelight/synthesis/workers/messages/synthesis_message.h"

namespace safelight::synthesis {

/// Takes the answer to an AssessRequest: what the detectors say, each in its turn.
class AssessmentsSink final : public sandbox::ReplySink {
 public:
  /// `detectors` outlives the sink.
  explicit AssessmentsSink(const std::vector<DetectorIdentity>& detectors)
      : detectors_(detectors) {}

  /// Errors: those of decode_synthesis_record(); malformed, "synthesis-record.out-of-place";
  /// changed, "synthesis.detectors", for a detector that is not the one whose turn it is.
  Result<void> record(std::span<const std::byte> bytes,
                      std::optional<sandbox::MemoryFile> file) override;

  /// Everything that came, once the worker is done. Errors: malformed, "synthesis-record.missing".
  [[nodiscard]] Result<Assessments> finish() &&;

  /// What the worker did last, in plain words.
  [[nodiscard]] std::string work(std::string_view condition) const;

 private:
  Result<void> begin(const WorkBegun& work);
  Result<void> add(DetectorRecord&& said);

  const std::vector<DetectorIdentity>& detectors_;
  std::optional<WorkBegun> work_;
  Assessments assessments_;
};

}  // namespace safelight::synthesis

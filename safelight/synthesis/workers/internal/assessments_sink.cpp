#include "safelight/synthesis/workers/internal/assessments_sink.h"

#include <utility>

namespace safelight::synthesis {
namespace {

constexpr Error kOutOfPlace = {ErrorCode::malformed, "synthesis-record.out-of-place"};

}  // namespace

Result<void> AssessmentsSink::record(std::span<const std::byte> bytes,
                                     std::optional<sandbox::MemoryFile>) {
  SAFELIGHT_TRY(auto record, decode_synthesis_record(bytes));
  if (!assessments_.not_applicable.empty()) return kOutOfPlace;
  if (const auto* work = std::get_if<WorkBegun>(&record)) return begin(*work);
  if (auto* said = std::get_if<DetectorRecord>(&record)) return add(std::move(*said));
  auto* not_applicable = std::get_if<NotApplicable>(&record);
  if (not_applicable == nullptr || !assessments_.by_detector.empty()) return kOutOfPlace;
  assessments_.not_applicable = std::move(not_applicable->reason);
  return {};
}

Result<void> AssessmentsSink::begin(const WorkBegun& work) {
  const size_t next = assessments_.by_detector.size();
  const bool in_turn = work.detector ? *work.detector == next && next < detectors_.size() : !work_;
  if (!in_turn) return kOutOfPlace;
  work_ = work;
  return {};
}

Result<void> AssessmentsSink::add(DetectorRecord&& said) {
  const size_t next = assessments_.by_detector.size();
  if (next >= detectors_.size()) return kOutOfPlace;
  if (said.detector != detectors_[next]) return Error{ErrorCode::changed, "synthesis.detectors"};
  assessments_.by_detector.push_back(std::move(said.assessment));
  return {};
}

Result<Assessments> AssessmentsSink::finish() && {
  if (assessments_.not_applicable.empty() && assessments_.by_detector.size() != detectors_.size())
    return Error{ErrorCode::malformed, "synthesis-record.missing"};
  return std::move(assessments_);
}

std::string AssessmentsSink::work(std::string_view condition) const {
  const std::string under = "condition " + std::string(condition);
  if (!work_) return "decoding";
  if (!work_->detector) return under;
  return "the detector " + detectors_[*work_->detector].name + ", " + under;
}

}  // namespace safelight::synthesis

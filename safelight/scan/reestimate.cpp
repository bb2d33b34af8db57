#include "safelight/scan/reestimate.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "safelight/synthesis/calibration/stated_assessment.h"

namespace safelight::scan {
namespace {

constexpr size_t kContentsPerCommit = 1'000;

/// Judges contents one by one, and commits those that changed.
class Reestimate {
 public:
  Reestimate(casefile::Writer& writer, const EstimateOptions& options)
      : writer_(writer), options_(options) {
    summary_.by_calibration.resize(options.calibrations.size());
    for (const synthesis::Calibration& calibration : options.calibrations) {
      calibrated_.emplace_back(to_hex(calibration.detector.model),
                               to_hex(calibration.detector.preprocessing));
    }
  }

  void add(const casefile::StoredContent& stored) {
    if (!stored.examination) return;
    const casefile::Examination& before = *stored.examination;
    if (before.width > 0 && before.origin != OriginScope::pixels) ++summary_.not_asked;
    if (std::none_of(before.findings.begin(), before.findings.end(),
                     synthesis::states_assessment)) {
      return;
    }
    ++summary_.pictures;
    auto findings = judged(before.findings);
    if (findings == before.findings) return;
    ++summary_.changed;
    batch_.contents.push_back({stored.content, before});
    batch_.contents.back().examination.findings = std::move(findings);
    if (batch_.contents.size() == kContentsPerCommit) commit();
  }

  ReestimateSummary finish() {
    commit();
    return std::move(summary_);
  }

 private:
  /// The findings, with what the detectors said of this one content judged together, and put where
  /// the first of them stood.
  std::vector<Finding> judged(const std::vector<Finding>& findings) {
    std::vector<Finding> out;
    std::vector<synthesis::DetectorIdentity> detectors;
    std::vector<synthesis::Assessment> assessments;
    size_t place = 0;
    for (const Finding& finding : findings) {
      // A fusion is made anew of its members, where its calibration is there.
      if (synthesis::is_fused(finding)) continue;
      if (!synthesis::states_assessment(finding)) {
        out.push_back(finding);
        continue;
      }
      auto stated = synthesis::read_stated_assessment(finding);
      if (!stated) {
        ++summary_.unreadable;
        out.push_back(finding);
        continue;
      }
      if (detectors.empty()) place = out.size();
      detectors.push_back(std::move(stated->detector));
      assessments.push_back(std::move(stated->assessment));
    }
    summary_.assessments += assessments.size();
    auto now = estimate_findings(detectors, assessments, options_);
    for (const Finding& finding : now) count(finding);
    out.insert(out.begin() + static_cast<std::ptrdiff_t>(place),
               std::make_move_iterator(now.begin()), std::make_move_iterator(now.end()));
    return out;
  }

  void count(const Finding& finding) {
    const auto states = [&](std::string_view name, const std::string& text) {
      return std::any_of(finding.fields.begin(), finding.fields.end(), [&](const auto& field) {
        return field.first == name && field.second == text;
      });
    };
    for (size_t i = 0; i < calibrated_.size(); ++i) {
      const auto& [model, preprocessing] = calibrated_[i];
      if (states("model", model) && states("preprocessing", preprocessing)) {
        ++summary_.by_calibration[i];
      }
    }
  }

  void commit() {
    if (!batch_.contents.empty()) writer_.commit(batch_);
    batch_ = {};
  }

  casefile::Writer& writer_;
  const EstimateOptions& options_;
  /// The model and the preprocessing of each calibration, as findings state them.
  std::vector<std::pair<std::string, std::string>> calibrated_;
  casefile::Batch batch_;
  ReestimateSummary summary_;
};

}  // namespace

ReestimateSummary reestimate(casefile::Writer& writer, const casefile::Reader& reader,
                             const EstimateOptions& options) {
  Reestimate work(writer, options);
  reader.for_each_content([&](const casefile::StoredContent& stored) { work.add(stored); });
  return work.finish();
}

}  // namespace safelight::scan

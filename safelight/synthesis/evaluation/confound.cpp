#include "safelight/synthesis/evaluation/confound.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "safelight/synthesis/evaluation/held_out.h"
#include "safelight/synthesis/likelihood/fit/standardised_logistic.h"
#include "safelight/synthesis/likelihood/measures/discrimination.h"

namespace safelight::synthesis {
namespace {

constexpr std::array<std::string_view, 3> kFormats = {"jpeg", "png", "webp"};

double flag(bool value) { return value ? 1 : 0; }

/// Sizes that generators like, the density of the file, what it is and what it carries.
std::vector<double> features_of(const FileFacts& facts) {
  const double width = std::max<uint32_t>(1, facts.width);
  const double height = std::max<uint32_t>(1, facts.height);
  const auto multiple_of = [&](uint32_t step) {
    return flag(facts.width % step == 0 && facts.height % step == 0);
  };
  std::vector<double> out = {
      std::log2(width * height),
      std::log2(std::max(width, height) / std::min(width, height)),
      flag(facts.width == facts.height),
      multiple_of(8),
      multiple_of(64),
      std::log2((static_cast<double>(facts.file_bytes) + 1) / (width * height)),
      facts.jpeg_quality ? *facts.jpeg_quality / 100.0 : 0,
      flag(facts.has_metadata)};
  for (const std::string_view format : kFormats) out.push_back(flag(facts.format == format));
  return out;
}

class ConfoundScorer final : public Scorer {
 public:
  explicit ConfoundScorer(std::vector<double> scores) : scores_(std::move(scores)) {}
  [[nodiscard]] std::optional<double> score(size_t, size_t row) const override {
    return scores_[row];
  }

 private:
  std::vector<double> scores_;
};

}  // namespace

ConfoundLearner::ConfoundLearner(std::span<const Reference> references,
                                 std::span<const FileFacts> facts) {
  for (const Reference& reference : references) truths_.push_back(reference.truth);
  for (const FileFacts& of_file : facts) {
    const std::vector<double> features = features_of(of_file);
    feature_count_ = features.size();
    features_.insert(features_.end(), features.begin(), features.end());
  }
}

Result<std::unique_ptr<Scorer>> ConfoundLearner::learn(std::span<const size_t> training) const {
  const auto row_of = [&](size_t row) {
    return std::span(features_).subspan(row * feature_count_, feature_count_);
  };
  std::vector<double> features;
  std::vector<Proposition> labels;
  for (const size_t row : training) {
    features.insert(features.end(), row_of(row).begin(), row_of(row).end());
    labels.push_back(truths_[row]);
  }
  SAFELIGHT_TRY(const StandardisedLogistic model,
                fit_standardised_logistic({features, feature_count_, labels, {}}, {}));
  std::vector<double> scores;
  for (size_t row = 0; row < truths_.size(); ++row) scores.push_back(model.log_odds(row_of(row)));
  return std::unique_ptr<Scorer>(std::make_unique<ConfoundScorer>(std::move(scores)));
}

ConfoundCheck check_confounds(std::span<const Reference> references,
                              std::span<const FileFacts> facts) {
  const ConfoundLearner dummy(references, facts);
  const HeldOut held_out = score_held_out(references, dummy, {});
  const TwoClassValues scores = scores_of(references, held_out.by_condition[0]);
  if (scores.camera.empty() || scores.generated.empty()) return {};
  return {auc(scores)};
}

}  // namespace safelight::synthesis

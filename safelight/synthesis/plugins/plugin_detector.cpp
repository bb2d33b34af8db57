#include "safelight/synthesis/plugins/plugin_detector.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

#include "safelight/digest/sha256_stream.h"
#include "safelight/synthesis/plugins/preprocess.h"

namespace safelight::synthesis {
namespace {

constexpr int64_t kOpen = -1;
/// By how much a probability may miss the range from 0 to 1 by rounding.
constexpr double kRounding = 1e-3;

bool fits(int64_t declared, int64_t wanted) { return declared == kOpen || declared == wanted; }

std::string text_of(std::span<const int64_t> dims) {
  std::string text;
  for (const int64_t dim : dims) {
    text += (text.empty() ? "" : " x ") + (dim == kOpen ? "open" : std::to_string(dim));
  }
  return text.empty() ? "no known shape" : text;
}

/// A batch of crops as the model takes them.
std::array<int64_t, 4> input_dims(const ModelCard::Input& input, int64_t batch) {
  if (input.layout == TensorLayout::nchw) return {batch, 3, input.height, input.width};
  return {batch, input.height, input.width, 3};
}

/// How many crops go into one run. Errors: malformed, with the reason in `complaint`.
Result<uint32_t> check_input(const ModelCard& card, const std::vector<OnnxPort>& inputs,
                             std::string& complaint) {
  const std::string wanted = text_of(input_dims(card.input, kOpen));
  complaint = "the card says that the model has one input, \"" + card.input.name +
              "\", of float32 and " + wanted + "; the model has ";
  if (inputs.size() != 1) {
    complaint += std::to_string(inputs.size()) + " inputs";
    return Error{ErrorCode::malformed, "plugin.input"};
  }
  const OnnxPort& port = inputs.front();
  const auto dims = input_dims(card.input, kOpen);
  const bool same = port.name == card.input.name && port.type == ElementType::float32 &&
                    port.dims.size() == dims.size() &&
                    std::equal(dims.begin() + 1, dims.end(), port.dims.begin() + 1,
                               [](int64_t want, int64_t has) { return fits(has, want); });
  if (!same) {
    complaint += "\"" + port.name + "\" of " +
                 (port.type == ElementType::float32 ? "float32" : "another type") + " and " +
                 text_of(port.dims);
    return Error{ErrorCode::malformed, "plugin.input"};
  }
  const uint32_t crops = card.crop.count();
  const int64_t batch = port.dims.front();
  if (batch == kOpen || batch == crops) return crops;
  if (batch == 1) return uint32_t{1};
  complaint = "the model takes " + std::to_string(batch) + " pictures at a time; the card has " +
              std::to_string(crops) + " crops a picture";
  return Error{ErrorCode::malformed, "plugin.batch"};
}

Result<void> check_output(const ModelCard& card, const std::vector<OnnxPort>& outputs,
                          uint32_t batch, std::string& complaint) {
  const std::array<int64_t, 2> dims = {batch, card.output.values};
  const auto port = std::find_if(outputs.begin(), outputs.end(), [&](const OnnxPort& output) {
    return output.name == card.output.name;
  });
  complaint = "the card says that the model has an output \"" + card.output.name +
              "\" of float32 and " + text_of(dims) + "; the model has ";
  if (port == outputs.end()) {
    complaint += "none of that name";
    return Error{ErrorCode::malformed, "plugin.output"};
  }
  // One value a picture may come without a dimension of its own, and where the runtime finds no
  // shape beforehand, each run is judged by itself.
  const size_t rank = port->dims.size();
  const bool rank_fits = rank == 0 || rank == 2 || (rank == 1 && card.output.values == 1);
  const bool same = port->type == ElementType::float32 && rank_fits &&
                    std::equal(port->dims.begin(), port->dims.end(), dims.begin(), fits);
  if (same) return {};
  complaint += std::string(port->type == ElementType::float32 ? "float32" : "another type") +
               " and " + text_of(port->dims);
  return Error{ErrorCode::malformed, "plugin.output"};
}

/// Log odds for what the output speaks for. Nothing where the values are none that it may have.
std::optional<double> log_odds(const ModelCard::Output& output, std::span<const float> values) {
  const double value = double{values[output.index]};
  double odds = value;
  if (output.form == OutputForm::two_logits) odds = value - double{values[1 - output.index]};
  if (output.form == OutputForm::probability) {
    if (!(value >= -kRounding && value <= 1 + kRounding)) return std::nullopt;
    const double held = std::clamp(value, kLeastProbability, 1 - kLeastProbability);
    odds = std::log(held / (1 - held));
  }
  if (!std::isfinite(odds)) return std::nullopt;
  return output.proposition == Proposition::synthetic ? odds : -odds;
}

std::string reason_of(const Error& error) {
  if (error.rule == "preprocess.too-small") return "smaller than what the model looks at";
  return "too long and narrow for the model";
}

}  // namespace

PluginDetector::PluginDetector(ModelCard card, OnnxSession session, uint32_t batch)
    : card_(std::move(card)), session_(std::move(session)), batch_(batch) {
  const std::string text = preprocessing_text(card_);
  identity_ = {card_.name, card_.model, sha256_of(std::as_bytes(std::span(text)))};
}

Result<PluginDetector> PluginDetector::create(const OnnxRuntime& runtime, ModelCard card,
                                              std::span<const std::byte> model,
                                              const OnnxOptions& options, std::string& complaint) {
  if (sha256_of(model) != card.model) {
    complaint = "the model's SHA-256 is not the one in its card";
    return Error{ErrorCode::integrity_mismatch, "plugin.model-digest"};
  }
  complaint.clear();
  auto session = OnnxSession::create(runtime, model, options, complaint);
  if (!session) {
    const std::string said = complaint.empty() ? std::string(session.error().rule) : complaint;
    complaint = "the model cannot be used: " + said;
    return session.error();
  }
  SAFELIGHT_TRY(const uint32_t batch, check_input(card, session->inputs(), complaint));
  SAFELIGHT_CHECK(check_output(card, session->outputs(), batch, complaint));
  complaint.clear();
  return PluginDetector(std::move(card), std::move(*session), batch);
}

Result<std::vector<double>> PluginDetector::crop_scores(std::string& complaint) {
  const auto dims = input_dims(card_.input, batch_);
  const size_t run_values = values_.size() / card_.crop.count() * batch_;
  const std::array<int64_t, 2> wanted = {batch_, card_.output.values};
  std::vector<double> scores;
  for (size_t first = 0; first < values_.size(); first += run_values) {
    const auto values = std::span(values_).subspan(first, run_values);
    auto out = session_.run(card_.input.name, dims, values, card_.output.name, complaint);
    if (!out) {
      complaint =
          "the model failed: " + (complaint.empty() ? std::string(out.error().rule) : complaint);
      return out.error();
    }
    const bool without_last = out->dims.size() == 1 && card_.output.values == 1;
    if (!std::equal(out->dims.begin(), out->dims.end(), wanted.begin(),
                    wanted.end() - (without_last ? 1 : 0))) {
      complaint =
          "the model gave " + text_of(out->dims) + " values where its card says " + text_of(wanted);
      return Error{ErrorCode::malformed, "plugin.output"};
    }
    for (size_t i = 0; i < batch_; ++i) {
      const auto score =
          log_odds(card_.output,
                   std::span(out->values).subspan(i * card_.output.values, card_.output.values));
      if (!score) {
        complaint = card_.output.form == OutputForm::probability
                        ? "the model gave what is no probability"
                        : "the model gave what is no finite number";
        return Error{ErrorCode::malformed, "plugin.output"};
      }
      scores.push_back(*score);
    }
  }
  return scores;
}

Assessment PluginDetector::assess(const DetectorInput& input) {
  Assessment assessment;
  assessment.stratum = stratum_of(input.picture.shape, input.encoding);
  if (const auto done = preprocess(card_, input.picture, values_); !done) {
    assessment.not_assessable = reason_of(done.error());
    return assessment;
  }
  std::string complaint;
  const auto scores = crop_scores(complaint);
  if (!scores) {
    assessment.not_assessable = complaint;
    return assessment;
  }
  const double sum = std::accumulate(scores->begin(), scores->end(), 0.0);
  assessment.score = sum / static_cast<double>(scores->size());
  if (scores->size() > 1) {
    const auto [least, most] = std::minmax_element(scores->begin(), scores->end());
    assessment.cues = {{"lowest score of a crop", *least}, {"highest score of a crop", *most}};
  }
  return assessment;
}

}  // namespace safelight::synthesis

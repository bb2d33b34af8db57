#include "safelight/synthesis/workers/assessor.h"

#include <utility>

#include "safelight/base/fault.h"
#include "safelight/synthesis/workers/internal/assessments_sink.h"
#include "safelight/synthesis/workers/messages/synthesis_message.h"

namespace safelight::synthesis {
namespace {

/// Takes one description and nothing else.
class DescriptionSink final : public sandbox::ReplySink {
 public:
  Result<void> record(std::span<const std::byte> bytes,
                      std::optional<sandbox::MemoryFile>) override {
    SAFELIGHT_TRY(auto record, decode_synthesis_record(bytes));
    auto* description = std::get_if<Description>(&record);
    if (description == nullptr || description_)
      return Error{ErrorCode::malformed, "synthesis-record.out-of-place"};
    description_ = std::move(*description);
    return {};
  }
  [[nodiscard]] std::optional<Description> take() && { return std::move(description_); }

 private:
  std::optional<Description> description_;
};

sandbox::Policy policy_of(const AssessorOptions& options) {
  sandbox::Policy policy;
  policy.degraded = options.degraded;
  policy.memory_bytes = options.memory_bytes;
  policy.start_timeout_ms = options.loading_timeout_ms;
  return policy;
}

}  // namespace

PictureFile decoded_picture(const FileSource& file) {
  return {file, 0, file.size_bytes(), codec::Format::bmp, Storage::other_lossy};
}

Assessor Assessor::start(AssessorOptions options) {
  auto worker = sandbox::Worker::start(options.program, policy_of(options), options.arguments);
  Assessor assessor(std::move(options), std::move(worker));
  assessor.describe();
  return assessor;
}

void Assessor::describe() {
  DescriptionSink sink;
  const auto message = encode(SynthesisRequest(DescribeRequest{}));
  const auto called = worker_.call({.message = message, .descriptors = {}, .sources = {}}, sink,
                                   options_.loading_timeout_ms);
  auto description = std::move(sink).take();
  if (!called || !description) {
    throw Fault(options_.program.string() + " does not name its detectors: " +
                std::string(called ? "no answer" : called.error().rule));
  }
  detectors_ = std::move(description->detectors);
  remarks_ = std::move(description->remarks);
}

Result<Assessments> Assessor::assess(const PictureFile& picture, std::string_view condition) {
  last_work_.clear();
  const auto handling = codec::handling_of(picture.format);
  if (handling == codec::Handling::heif_worker)
    return Error{ErrorCode::unsupported, "synthesis.heif"};
  if (handling != codec::Handling::still_worker)
    return Error{ErrorCode::unsupported, "synthesis.format"};
  AssessRequest request;
  request.format = picture.format;
  request.offset_bytes = picture.offset_bytes;
  request.length_bytes = picture.length_bytes;
  request.stored_as = picture.stored_as;
  request.condition = condition;
  request.limits = options_.limits;
  const auto message = encode(SynthesisRequest(std::move(request)));
  const int descriptor = picture.file.descriptor();
  AssessmentsSink sink(detectors_);
  const auto called =
      worker_.call({.message = message, .descriptors = std::span(&descriptor, 1), .sources = {}},
                   sink, options_.limits.item_timeout_ms);
  last_work_ = sink.work(condition);
  if (!called) return called.error();
  return std::move(sink).finish();
}

}  // namespace safelight::synthesis

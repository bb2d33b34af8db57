#include "safelight/synthesis/workers/synthesis_handler.h"

#include <cassert>
#include <cmath>
#include <utility>

#include "safelight/bytes/file.h"
#include "safelight/synthesis/transformations/transformation.h"
#include "safelight/synthesis/workers/read_picture.h"

namespace safelight::synthesis {
namespace {

Result<void> send(sandbox::ReplyWriter& reply, const SynthesisRecord& record) {
  return reply.record(encode(record));
}

/// What may be sent: numbers that are finite, and either a score or a reason. A model may well give
/// neither.
Assessment in_order(Assessment assessment) {
  if (assessment.score && !std::isfinite(*assessment.score)) {
    assessment.score.reset();
    assessment.not_assessable = "the detector's score is not a finite number";
  }
  if (!assessment.score && assessment.not_assessable.empty())
    assessment.not_assessable = "the detector gave no score and no reason";
  std::erase_if(assessment.cues, [](const Cue& cue) { return !std::isfinite(cue.value); });
  return assessment;
}

/// What `transformation` makes of a picture. Going over a limit is no failure of the file's.
Result<Transformed> processed(const Transformation& transformation, const PictureAsStored& stored,
                              const Limits& limits) {
  auto result = apply(transformation, stored.picture, stored.encoding, limits);
  if (!result && result.error().code == ErrorCode::limit_exceeded)
    return Transformed{
        {}, {}, "the result would be over the limit " + std::string(result.error().rule)};
  return result;
}

}  // namespace

SynthesisHandler::SynthesisHandler(LoadedDetectors loaded) : loaded_(std::move(loaded)) {
  assert(loaded_.detectors.size() <= kMaxDetectors);
}

Result<void> SynthesisHandler::handle(sandbox::IncomingRequest& request,
                                      sandbox::ReplyWriter& reply) {
  SAFELIGHT_TRY(const auto wanted, decode_synthesis_request(request.message));
  if (const auto* assess_request = std::get_if<AssessRequest>(&wanted))
    return assess(*assess_request, request, reply);
  return describe(reply);
}

Result<void> SynthesisHandler::describe(sandbox::ReplyWriter& reply) const {
  Description description;
  for (const auto& detector : loaded_.detectors)
    description.detectors.push_back(detector->identity());
  description.remarks = loaded_.remarks;
  return send(reply, description);
}

Result<void> SynthesisHandler::assess(const AssessRequest& request,
                                      sandbox::IncomingRequest& incoming,
                                      sandbox::ReplyWriter& reply) {
  if (incoming.descriptors.size() != 1)
    return Error{ErrorCode::malformed, "synthesis-request.descriptors"};
  const Transformation* transformation = find_transformation(request.condition);
  if (transformation == nullptr) return Error{ErrorCode::not_found, "synthesis-request.condition"};
  SAFELIGHT_TRY(const auto mapping, FileMapping::map(incoming.descriptors[0].get()));
  SAFELIGHT_TRY(const auto file, mapping.part(request.offset_bytes, request.length_bytes));
  SAFELIGHT_TRY(auto stored, read_picture(request.format, file, request.limits));
  if (request.stored_as) stored.encoding = {*request.stored_as, std::nullopt};
  SAFELIGHT_CHECK(send(reply, WorkBegun{}));
  SAFELIGHT_TRY(const auto now, processed(*transformation, stored, request.limits));
  if (!now.not_applicable.empty()) return send(reply, NotApplicable{now.not_applicable});
  for (size_t i = 0; i < loaded_.detectors.size(); ++i) {
    Detector& detector = *loaded_.detectors[i];
    SAFELIGHT_CHECK(send(reply, WorkBegun{static_cast<uint16_t>(i)}));
    const DetectorInput input{now.picture, now.encoding};
    SAFELIGHT_CHECK(
        send(reply, DetectorRecord{detector.identity(), in_order(detector.assess(input))}));
  }
  return {};
}

}  // namespace safelight::synthesis

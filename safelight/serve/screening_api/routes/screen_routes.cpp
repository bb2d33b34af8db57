#include <utility>

#include "safelight/base/fault.h"
#include "safelight/serve/screening_api/answers.h"
#include "safelight/serve/screening_api/key_routes.h"
#include "safelight/serve/screening_api/routes/route_groups.h"

namespace safelight::serve {
namespace {

Result<UploadVerdict> verdict_on(KeyCall& call) {
  ScreeningServices& services = call.services;
  const int64_t key = call.key.id.value;
  SAFELIGHT_TRY(const FileSource file,
                FileSource::from_descriptor(std::move(call.request.body).take_file().release()));
  SAFELIGHT_TRY(Screened screened, services.screener.screen(file, call.key.tenant));
  if (const auto fingerprint = screened.fingerprint()) {
    const auto near =
        services.near_queries.note(key, screened.digested.digests.sha256, *fingerprint);
    if (near == NearQueryLimiter::Near::over) {
      screened.hold(HoldReason::near_queries);
      services.activity.add(key, &KeyCounts::near_queries);
    }
  }
  if (screened.verdict == UploadVerdict::hold && services.held != nullptr) {
    services.held->keep(file, screened, {key, call.key.tenant});
  }
  services.activity.add(
      key, screened.verdict == UploadVerdict::hold ? &KeyCounts::held : &KeyCounts::accepted);
  return screened.verdict;
}

Response no_verdict(KeyCall& call, const Error& error) {
  if (error.code == ErrorCode::unsupported) {
    call.services.activity.add(call.key.id.value, &KeyCounts::refused_types);
    return Response::problem(Status::unsupported_media_type, "screen.type",
                             "By its first bytes this is no still picture of a type that is "
                             "screened. It is not accepted.");
  }
  return Response::problem(error);
}

Response answer_to_upload(KeyCall& call) {
  try {
    const auto verdict = verdict_on(call);
    return verdict ? verdict_answer(*verdict) : no_verdict(call, verdict.error());
  } catch (const Fault& fault) {
    call.services.log.log(Severity::error,
                          "an upload was not screened: " + std::string(fault.what()));
  }
  return Response::problem(Status::service_unavailable, "screen.fault",
                           "The upload could not be screened. It is not accepted.");
}

/// Whatever is said of what came is padded, what goes wrong too.
Response screen(KeyCall& call) {
  if (call.request.body.size_bytes() == 0) {
    return Response::problem(Status::bad_request, "screen.empty", "The body is the picture.");
  }
  return answer_to_upload(call).padded(call.services.policy.upload_bucket);
}

}  // namespace

void add_screen_routes(KeyRouteTable& table) {
  table.add({Method::post, "/v1/screen", Permission::screen, KeyChannel::any, "screenUpload",
             "Whether a picture may go on or is held for a human", "application/octet-stream",
             "Verdict", screen, KeyRoute::Load::upload});
}

}  // namespace safelight::serve

#include "safelight/serve/screening_api/answers.h"

#include <string>

namespace safelight::serve {
namespace {

constexpr uint32_t kToldBits = 4;
constexpr int64_t kSecondNs = 1'000'000'000;

constexpr std::string_view kAccept = R"({"verdict":"accept"})";
constexpr std::string_view kHold = R"({"verdict":"hold"  })";
static_assert(kAccept.size() == kHold.size());

}  // namespace

Response verdict_answer(UploadVerdict verdict) {
  return Response::json(Status::ok,
                        std::string(verdict == UploadVerdict::accept ? kAccept : kHold));
}

Response over_rate(ScreeningServices& services, ApiKeyId key, int64_t wait_ns) {
  services.activity.add(key.value, &KeyCounts::over_rate);
  return Response::problem(Status::too_many_requests, "over-rate",
                           "The key has asked for more than its rate allows.")
      .header("retry-after", std::to_string((wait_ns + kSecondNs - 1) / kSecondNs));
}

uint32_t told_distance_bits(const Hit& hit) { return hit.distance_bits / kToldBits * kToldBits; }

void about_to_tell(const KeyCall& call, uint64_t hits) {
  if (hits == 0) return;
  call.services.activity.add(call.key.id.value, &KeyCounts::told, hits);
  call.services.note_told(call.key, call.request.peer, hits);
}

}  // namespace safelight::serve

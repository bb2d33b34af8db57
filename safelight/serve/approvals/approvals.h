#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "safelight/audit/details.h"
#include "safelight/base/json/json_object.h"
#include "safelight/serve/accounts/two_person_act.h"
#include "safelight/serve/api/route_table.h"

namespace safelight::serve {

class ActWorker;

/// How long another person has to agree.
inline constexpr int64_t kApprovalNs = int64_t{7} * 86'400 * 1'000'000'000;
inline constexpr size_t kMaxReasonBytes = 2'000;

/// Why something that two persons agreed on was not done.
struct NotDone {
  Status status = Status::bad_gateway;
  std::string code;  ///< As a problem's: letters, digits, '.', '-' and '_'.
  std::string detail;
};

/// Of what the end of the server cut short.
NotDone interrupted(std::string detail);

/// What came of an act.
struct ActResult {
  audit::Details said;  ///< For the server's log and who approved: counts, digests, no secret.
  std::optional<NotDone> not_done;  ///< Nothing where it was done.
};

/// An act that another person has approved.
struct AgreedAct {
  const Act& act;
  std::string asked_by;  ///< By login, as the other.
  std::string approved_by;
  std::string from;      ///< Where it was approved: an address.
  std::stop_token stop;  ///< Of what takes long: the server ends, and so is this to.
};

/// How acts of one kind are done.
struct ActDoer {
  /// Does it, in the name of both. May throw Fault.
  std::function<ActResult(Services& services, const AgreedAct& agreed)> carry_out;
  /// Whether a person, who may do such acts, may know of one that says this.
  std::function<bool(const Services& services, const std::string& login, std::string_view what)>
      concerns = [](const Services&, const std::string&, std::string_view) { return true; };
  /// What takes long is done beside the request that approves it, one after another.
  enum class Takes : uint8_t { moments, long_time } takes = Takes::moments;
  /// Names what an act that was not done, or not whole, has left; one that an earlier server did,
  /// too.
  std::function<audit::Details(const Act& act)> left_behind = [](const Act&) {
    return audit::Details();
  };
};

/// Which kinds of act this server does, and how. Filled before the server runs.
class Approvals {
 public:
  void add(ActKind kind, ActDoer doer) { doers_[static_cast<size_t>(kind)] = std::move(doer); }
  /// Null for a kind that is not done here.
  [[nodiscard]] const ActDoer* find(ActKind kind) const {
    const auto& doer = doers_[static_cast<size_t>(kind)];
    return doer ? &*doer : nullptr;
  }

 private:
  std::array<std::optional<ActDoer>, kActKinds> doers_;
};

/// Asks that another person approves such an act, of which `what`, a JSON object, says all. On
/// record, with its number and `said`, before it is asked. The answer is the approval that is
/// waited for.
Response ask_approval(Call& call, ActKind kind, const std::string& what, audit::Details said);

/// Reads `reason` of a body: 1 to kMaxReasonBytes bytes of UTF-8.
std::string reason_of(JsonObject& body);

/// Whether that person may know of the act: it is done here, may be done by such a person, and is
/// of concern.
bool may_know(const Services& services, const Approvals& approvals, const Person& person,
              const Act& act);

/// One word of the API for how an act stands: an approved one is as good as begun.
std::string_view state_word(ActState state);

/// Adds the routes by which people see what others ask for, approve it, and take it back. All of it
/// outlives the server.
void add_approval_routes(RouteTable& table, const Approvals& approvals, ActWorker& worker);

}  // namespace safelight::serve

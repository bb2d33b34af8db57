#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "safelight/audit/details.h"
#include "safelight/base/json/json_object.h"
#include "safelight/serve/accounts/two_person_act.h"
#include "safelight/serve/api/route_table.h"

namespace safelight::serve {

/// How long another person has to agree.
inline constexpr int64_t kApprovalNs = int64_t{7} * 86'400 * 1'000'000'000;
inline constexpr size_t kMaxReasonBytes = 2'000;

/// Why something that two persons agreed on was not done.
struct NotDone {
  Status status = Status::bad_gateway;
  std::string code;  ///< As a problem's: letters, digits, '.', '-' and '_'.
  std::string detail;
};

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
};

/// How acts of one kind are done.
struct ActDoer {
  /// Does it, in the name of both; called by who approves. May throw Fault.
  std::function<ActResult(Call& call, const AgreedAct& agreed)> carry_out;
  /// Whether the caller, who may do such acts, may know of one that says this.
  std::function<bool(const Call& call, std::string_view what)> concerns =
      [](const Call&, std::string_view) { return true; };
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
/// record, with `said`, before it is asked. The answer is the approval that is waited for.
Response ask_approval(Call& call, ActKind kind, const std::string& what, audit::Details said);

/// Reads `reason` of a body: 1 to kMaxReasonBytes bytes of UTF-8.
std::string reason_of(JsonObject& body);

/// Adds the routes by which people see what others ask for, approve it, and take it back. Both
/// outlive the server.
void add_approval_routes(RouteTable& table, const Approvals& approvals);

}  // namespace safelight::serve

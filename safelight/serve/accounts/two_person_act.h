#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/clock.h"
#include "safelight/base/result.h"
#include "safelight/serve/accounts/account_store.h"
#include "safelight/serve/accounts/person.h"

namespace safelight::serve {

/// What nobody does alone.
enum class ActKind : uint8_t { list_change, threshold_change, export_originals, purge };
inline constexpr size_t kActKinds = 4;

std::string_view to_text(ActKind kind);
/// Errors: malformed, rule "accounts.act-kind".
Result<ActKind> act_kind_from_text(std::string_view text);
/// What both persons must be allowed.
Permission permission_of(ActKind kind);

struct ActId {
  int64_t value = 0;
  friend auto operator<=>(ActId, ActId) = default;
};

enum class ActState : uint8_t {
  pending,
  approved,     ///< By another person; not begun yet.
  doing,        ///< Begun, and not ended.
  executed,     ///< It was done. In stores of version 1 begun: whether it failed is not known.
  failed,       ///< It was not done, or not whole.
  interrupted,  ///< The server ended before it had.
  withdrawn,    ///< By who asked, or refused by another.
};

std::string_view to_text(ActState state);

struct Act {
  ActId id;
  ActKind kind = ActKind::list_change;
  std::string parameters;  ///< Canonical text, the caller's: what exactly is to be done.
  ActState state = ActState::pending;
  PersonId requested_by;
  int64_t requested_ns = 0;
  int64_t expires_ns = 0;              ///< From then on it is neither approved nor begun.
  std::optional<PersonId> settled_by;  ///< Who approved or withdrew it.
  std::optional<int64_t> settled_ns;
  std::optional<int64_t> begun_ns;
  std::optional<int64_t> ended_ns;  ///< Of one that ended, but for those of stores of version 1.
  std::string outcome;              ///< Of one that has `ended_ns`: the caller's text.
};

enum class ActOutcome : uint8_t {
  done,
  not_found,
  not_permitted,  ///< The person is disabled or may not do such an act.
  same_person,    ///< Who asked does not approve.
  wrong_state,    ///< Not pending, or not approved, any more or yet.
  expired,
  too_long,  ///< Parameters over kMaxActParametersBytes, or no UTF-8.
  too_many,  ///< kMaxOpenActs have not ended, or those of the kind say kMaxOpenActBytes together.
};

struct ActAnswer {
  ActOutcome outcome = ActOutcome::not_found;
  std::optional<Act> act;  ///< Of done: as it is now.
};

inline constexpr size_t kMaxActParametersBytes = 131'072;
/// Acts that wait or are under way.
inline constexpr int64_t kMaxOpenActs = 1000;
/// Of the parameters of all of them that are of one kind, so that to list them stays cheap: some
/// sixty requests for a thousand items each.
inline constexpr int64_t kMaxOpenActBytes = 4 << 20;

/// Acts that two persons agree on. What an act says never changes, so that what was approved is
/// what was asked for. Safe from many threads. Throws Fault where the store fails.
class TwoPersonActs {
 public:
  TwoPersonActs(AccountStore& store, const Clock& clock) : store_(store), clock_(clock) {}

  /// `on_record` is called before anybody can see the act: if it throws, there is none.
  [[nodiscard]] ActAnswer request(
      PersonId by, ActKind kind, std::string_view parameters, int64_t valid_ns,
      const std::function<void(ActId)>& on_record = [](ActId) {});
  [[nodiscard]] ActAnswer approve(ActId id, PersonId by);
  /// While it is pending: by who asked, or by another who might have approved.
  [[nodiscard]] ActAnswer withdraw(ActId id, PersonId by);
  /// Marks an approved act as being done and gives it, once: the caller does it then, and says how
  /// it ended. Both persons must still be allowed. What fails is asked for anew.
  [[nodiscard]] ActAnswer take(ActId id);
  /// Notes that an act which was approved has ended: executed, failed or interrupted. Throws Fault
  /// where it ended before, or was never approved, or is executed and was not begun.
  void end(ActId id, ActState how, std::string_view outcome);

  [[nodiscard]] std::optional<Act> find(ActId id) const;
  /// Those that are pending or approved and not expired, by id.
  [[nodiscard]] std::vector<Act> open() const;
  /// Those that are approved, or being done, by id: as the store has them, expired or not.
  [[nodiscard]] std::vector<Act> under_way() const;
  /// The latest of a kind that ended from `since_ns` on, the last first.
  [[nodiscard]] std::vector<Act> ended(ActKind kind, int64_t since_ns, int64_t max) const;

 private:
  AccountStore& store_;
  const Clock& clock_;
};

}  // namespace safelight::serve
